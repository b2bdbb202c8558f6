import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Row } from '../row.ts';
import { EngineLoad, KEY_BYTES, VALUE_BYTES } from './engine-load.ts';

const LIMIT_MIB = 192;
const STORE_COUNT = 3_000_000;
const TARGET_OVERHEAD_BYTES = 48;
const TARGET_HEAP_MIB = 1;
const MIB = 1024 * 1024;

/** What a full engine costs beyond keys and values, by what the process has, and what it leaves on the heap. */
export function benchEngineMemory(): Row[] {
  const collect = garbageCollector();
  new EngineLoad(4).fill(0, 100_000);
  collect();
  const before = process.memoryUsage();
  const load = new EngineLoad(LIMIT_MIB);
  load.fill(0, STORE_COUNT);
  collect();
  const after = process.memoryUsage();
  const { items } = load.engine.stats();
  const payload = KEY_BYTES + VALUE_BYTES;
  return [
    {
      name: `overhead per item by RSS, ${LIMIT_MIB} MiB full`,
      value: (after.rss - before.rss) / items - payload,
      unit: 'bytes',
      target: TARGET_OVERHEAD_BYTES,
      note: `${items} items`,
    },
    {
      name: 'overhead per item by the limit',
      value: (LIMIT_MIB * MIB) / items - payload,
      unit: 'bytes',
      target: TARGET_OVERHEAD_BYTES,
    },
    {
      name: 'heap growth per million items',
      value: Math.max(0, after.heapUsed - before.heapUsed) / MIB / (items / 1_000_000),
      unit: 'MiB',
      target: TARGET_HEAP_MIB,
    },
  ];
}

/** A full collection on demand, without a flag on the command line. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('no garbage collector to call');
  return () => {
    Reflect.apply(collect, undefined, []);
  };
}
