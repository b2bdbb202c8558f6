import type { Row } from '../row.ts';
import { EngineLoad } from './engine-load.ts';

const LIMIT_MIB = 192;
const STORE_COUNT = 3_000_000;
const PARTITION_BITS = 6;
const TARGET_MS = 2;

/** The longest single calls: what the event loop waits for. The machine's own pauses are in these numbers. */
export function benchEngineLongestBlock(): Row[] {
  const load = new EngineLoad(LIMIT_MIB);
  const { engine } = load;
  load.fill(0, 200_000);
  let longestMs = 0;
  for (let i = 200_000; i < STORE_COUNT; i++)
    longestMs = Math.max(
      longestMs,
      timed(() => load.set(i)),
    );
  const reserveMs = timed(() => engine.reserve(24, 8 * 1024 * 1024)?.abort());
  const drop = new Uint8Array(2 ** PARTITION_BITS);
  drop[1] = 1;
  return [
    { name: 'longest set, filling and evicting', value: longestMs, unit: 'ms', target: TARGET_MS },
    { name: 'reserve 8 MiB in a full engine', value: reserveMs, unit: 'ms', target: TARGET_MS },
    {
      name: 'drop 1 of 64 partitions',
      value: timed(() => engine.dropPartitions(PARTITION_BITS, drop)),
      unit: 'ms',
      target: TARGET_MS,
    },
    { name: 'flush all', value: timed(() => engine.flushAll(1_000_000)), unit: 'ms', target: TARGET_MS },
    { name: 'halve the limit', value: timed(() => engine.setMemoryLimit((LIMIT_MIB / 2) * 1024 * 1024)), unit: 'ms' },
  ];
}

function timed(call: () => unknown): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}
