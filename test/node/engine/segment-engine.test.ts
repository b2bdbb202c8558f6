import { createSegmentEngine } from '@ringway/node/engine';
import { engineContract } from './engine.contract.ts';

engineContract('segment engine', (options) => createSegmentEngine({ ...options, poison: true }));
