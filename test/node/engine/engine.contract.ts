import { describe } from 'vitest';
import type { Engine, EngineOptions } from '@ringway/node/engine';
import { counterContract } from './contract/counters.ts';
import { leaseContract } from './contract/leases.ts';
import { lifetimeContract } from './contract/lifetime.ts';
import { memoryContract } from './contract/memory.ts';
import { modelContract } from './contract/model.ts';
import { partitionContract } from './contract/partitions.ts';
import { storeContract } from './contract/store.ts';
import { valueContract } from './contract/values.ts';
import { versionContract } from './contract/versions.ts';

export type CreateEngine = (options: EngineOptions) => Engine;

/** What every engine must do. Each implementation calls this with its own door; the suite knows nothing else of it. */
export function engineContract(name: string, create: CreateEngine): void {
  describe(`${name}: stores`, () => storeContract(create));
  describe(`${name}: values`, () => valueContract(create));
  describe(`${name}: lifetimes`, () => lifetimeContract(create));
  describe(`${name}: versions`, () => versionContract(create));
  describe(`${name}: counters`, () => counterContract(create));
  describe(`${name}: lease bits`, () => leaseContract(create));
  describe(`${name}: memory`, () => memoryContract(create));
  describe(`${name}: partitions`, () => partitionContract(create));
  describe(`${name}: model`, () => modelContract(create));
}
