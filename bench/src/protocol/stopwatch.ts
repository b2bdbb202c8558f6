const WARM_UP_COUNT = 200_000;
const ROUND_COUNT = 60;
const ROUND_MS = 2;

/** Time of one call in nanoseconds: the quickest of many short rounds, as everything else on the machine only ever adds to it. */
export function nanosecondsPerCall(call: () => void): number {
  for (let i = 0; i < WARM_UP_COUNT; i++) {
    call();
  }
  const callCount = Math.ceil((ROUND_MS / timeMs(call, WARM_UP_COUNT / 100)) * (WARM_UP_COUNT / 100));
  let best = Infinity;
  for (let round = 0; round < ROUND_COUNT; round++) {
    best = Math.min(best, timeMs(call, callCount) / callCount);
  }
  return Math.round(best * 1e7) / 10;
}

function timeMs(call: () => void, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    call();
  }
  return performance.now() - start;
}
