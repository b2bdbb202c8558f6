import { randomInt } from 'node:crypto';

/** Seed of a random test: SEED from the environment to replay a run, otherwise a new one. Printed, so that a failure can be repeated. */
export function seedFor(test: string): number {
  const given = process.env['SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.log(`${test}: SEED=${seed}`);
  return seed;
}

/** Mulberry32: the next of a stream of uint32 from a seed. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
