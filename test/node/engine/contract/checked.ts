import { afterEach, beforeEach, expect } from 'vitest';
import type { Reservation } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { EngineDriver } from '../engine-driver.ts';

/** Limit of the engines under test: small, so that everything happens within a thousand operations. */
export const MEMORY_BYTES = 1024 * 1024;
/** Largest value of the engines under test. */
export const VALUE_BYTES_MAX = 128 * 1024;

export interface Checked {
  driver: EngineDriver;
}

/** A new engine for each test of the block, verified when the test ends. */
export function checkedEngine(create: CreateEngine): Checked {
  const checked: Checked = { driver: newDriver(create) };
  beforeEach(() => {
    checked.driver = newDriver(create);
  });
  afterEach(() => {
    expect(checked.driver.engine.verify()).toEqual([]);
  });
  return checked;
}

/** Reserves largest values until there is no more room. */
export function reserveAll({ engine }: EngineDriver): Reservation[] {
  const open: Reservation[] = [];
  for (;;) {
    const reservation = engine.reserve(1, VALUE_BYTES_MAX);
    if (reservation === undefined) return open;
    open.push(reservation);
    expect(open.length * VALUE_BYTES_MAX, 'no more is reserved than there is').toBeLessThanOrEqual(MEMORY_BYTES);
    expect(engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES);
  }
}

export function newDriver(create: CreateEngine, versionCounter = 0): EngineDriver {
  return new EngineDriver(create({ memoryLimitBytes: MEMORY_BYTES, valueBytesMax: VALUE_BYTES_MAX, versionCounter }));
}
