import type { Row } from '../row.ts';
import { EngineLoad, millionsPerSecond } from './engine-load.ts';

const ROUNDS = 5;
const MILLION = 1_000_000;

/** A number below count, in an order that no cache line or page follows. */
function scattered(i: number, count: number): number {
  return (Math.imul(i, 0x9e37_79b1) >>> 0) % count;
}

/** Operations of one core in this process; 24-byte keys, 100-byte values, copied in and out. Targets are at least. */
export function benchEngineThroughput(): Row[] {
  const few = new EngineLoad(16);
  few.fill(0, 10_000);
  const many = new EngineLoad(256);
  many.fill(0, MILLION);
  const full = new EngineLoad(160);
  full.fill(0, 2 * MILLION);
  return [
    row(
      'get hit, 10 k items',
      5,
      millionsPerSecond(MILLION, ROUNDS, 1, (i) => few.get(scattered(i, 10_000))),
    ),
    row(
      'get hit, 1 M items',
      1.5,
      millionsPerSecond(MILLION, ROUNDS, 1, (i) => many.get(scattered(i, MILLION))),
    ),
    row(
      'get miss, 1 M items',
      12,
      millionsPerSecond(MILLION, ROUNDS, 0, (i) => many.get(10 * MILLION + i)),
    ),
    row(
      'overwrite, 1 M items',
      1.2,
      millionsPerSecond(MILLION, ROUNDS, 0, (i) => many.set(scattered(i, MILLION))),
    ),
    row(
      'set with eviction, 1 M items',
      1.2,
      millionsPerSecond(MILLION, ROUNDS, 0, (i) => full.set(3 * MILLION + i)),
    ),
  ];
}

/** Tables show targets as upper bounds, so the floor is in the note. */
function row(name: string, floor: number, value: number): Row {
  return { name, value, unit: 'M/s', note: `wanted >= ${floor}${value >= floor ? '' : ': MISSED'}` };
}
