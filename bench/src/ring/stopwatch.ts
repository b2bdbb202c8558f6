const ROUND_COUNT = 80;
const ROUND_MS = 2;
const WARM_UP_COUNT = 100_000;

/**
 * Time of one call in nanoseconds, the loop around it included: the quickest of many short rounds. The results are
 * added up and the sum is looked at, so that no call can be left out as useless.
 */
export function nanosecondsEach(call: (i: number) => number): number {
  let sum = repeat(call, WARM_UP_COUNT);
  const start = performance.now();
  sum += repeat(call, WARM_UP_COUNT);
  const count = Math.ceil((ROUND_MS / (performance.now() - start)) * WARM_UP_COUNT);
  let bestMs = Infinity;
  for (let round = 0; round < ROUND_COUNT; round++) {
    const roundStart = performance.now();
    sum += repeat(call, count);
    bestMs = Math.min(bestMs, performance.now() - roundStart);
  }
  if (Number.isNaN(sum)) throw new Error('a call returned no number');
  return Math.round((bestMs / count) * 1e7) / 10;
}

function repeat(call: (i: number) => number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + call(i)) | 0;
  return sum;
}

/** Result and time of a call in milliseconds. */
export function timed<T>(call: () => T): { readonly result: T; readonly ms: number } {
  const start = performance.now();
  const result = call();
  return { result, ms: Math.round((performance.now() - start) * 10) / 10 };
}
