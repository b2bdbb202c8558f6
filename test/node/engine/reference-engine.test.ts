import { createReferenceEngine } from '@ringway/node/engine';
import { engineContract } from './engine.contract.ts';

engineContract('reference engine', createReferenceEngine);
