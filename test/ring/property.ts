import { randomInt } from 'node:crypto';
import type { Parameters } from 'fast-check';

/** Seed of every random test of this run; `SEED=... vitest run test/ring` replays it. */
export const seed: number = process.env['SEED'] === undefined ? randomInt(2 ** 31) : Number(process.env['SEED']);

process.stdout.write(`SEED=${seed}\n`);

/** Settings of a property that is tried so many times. */
export function tries<T>(numRuns: number): Parameters<T> {
  return { seed, numRuns };
}
