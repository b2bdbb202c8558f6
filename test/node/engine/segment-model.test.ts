import { describe, expect, test } from 'vitest';
import { seedFor } from '../seed.ts';
import { TwinRun } from './twin-run.ts';
import type { World } from './twin-run.ts';

const KIB = 1024;
const RUN_COUNT = 4;
const STEP_COUNT = 1000;

const worlds: readonly World[] = [
  {
    name: 'eight segments of 1 KiB',
    memoryLimitBytes: 8 * KIB + 900,
    segmentBytes: KIB,
    valueBytesMax: 2500,
    keyCount: 60,
    smallBytes: 120,
    hashing: (high) => high,
  },
  {
    name: 'thirty-two segments of 1 KiB, whose limit changes',
    memoryLimitBytes: 34 * KIB,
    segmentBytes: KIB,
    valueBytesMax: 5000,
    keyCount: 300,
    smallBytes: 150,
    hashing: (high) => high,
    resizes: true,
  },
  {
    name: 'small items, so that the index splits',
    memoryLimitBytes: 24 * KIB,
    segmentBytes: KIB,
    valueBytesMax: 500,
    keyCount: 700,
    smallBytes: 8,
    hashing: (high) => high,
  },
  {
    name: 'hashes that agree in all but 5 bits',
    memoryLimitBytes: 34 * KIB,
    segmentBytes: KIB,
    valueBytesMax: 2000,
    keyCount: 300,
    smallBytes: 20,
    hashing: (high) => (high & 0x8000_000f) | 0x1234_5670,
  },
  {
    name: 'hashes that are all the same',
    memoryLimitBytes: 20 * KIB,
    segmentBytes: KIB,
    valueBytesMax: 1000,
    keyCount: 60,
    smallBytes: 60,
    hashing: () => 0x8765_4321,
  },
];

describe('segment engine beside the reference engine', () => {
  test.each(worlds)('$name: never more, never other, and sound after every step', (world) => {
    const first = seedFor(world.name);
    let losses = 0;
    let evictions = 0;
    let hits = 0;
    for (let run = 0; run < RUN_COUNT; run++) {
      const twins = new TwinRun(world, first + run);
      twins.fill();
      for (let step = 0; step < STEP_COUNT; step++) {
        try {
          twins.step();
          const faults = twins.tiny.engine.verify();
          if (faults.length > 0) throw new Error(faults.join('\n'));
        } catch (error) {
          throw new Error(`SEED=${first + run} fails at step ${step}`, { cause: error });
        }
      }
      twins.finish();
      losses += twins.lossCount;
      hits += twins.hitCount;
      evictions += twins.tiny.engine.stats().evictionsTotal;
    }
    expect(evictions, 'the world is small enough').toBeGreaterThan(RUN_COUNT);
    expect(losses, 'what is lost was evicted').toBeLessThanOrEqual(evictions);
    expect(hits, 'something is kept').toBeGreaterThan(RUN_COUNT);
  });
});
