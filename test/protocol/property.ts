import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';

/** Seed of every random test of this run; `SEED=… vitest run test/protocol` replays it. */
export const seed: number = process.env['SEED'] === undefined ? randomInt(2 ** 31) : Number(process.env['SEED']);

process.stdout.write(`SEED=${seed}\n`);

/** Runs a property with the seed of this run. A failure names the seed and the shrunk example. */
export function holds(property: fc.IRawProperty<unknown[]>, runCount = 300): void {
  fc.assert(property as fc.IProperty<unknown[]>, { seed, numRuns: runCount });
}
