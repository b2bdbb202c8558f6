import { createKeyHash, createRouter, partitionCountDefault, plan, type KeyHash } from '@ringway/ring';
import type { Row } from '../row.ts';
import { nanosecondsEach } from './stopwatch.ts';

const KEY_BYTES = 24;
const MEMBER_COUNTS = [3, 10, 100, 1000];
const HASHED_BYTES = [10, 20, 24, 40, 60];
const TARGET_LOOKUP_NS = 60;

/** Bytes to cut keys from: nothing is known about them, and each key is another. */
const source = Buffer.alloc(1 << 16);
for (let i = 0; i < source.length; i++) source[i] = 33 + ((Math.imul(i, 0x9e37_79b1) >>> 20) % 94);

function keyStart(i: number): number {
  return Math.imul(i, 37) & 0x7fff;
}

function createHash(): KeyHash {
  return createKeyHash(Uint8Array.from({ length: 8 }, (_, i) => i));
}

/** From the bytes of a key to the index of its member: hash, partition, one array read. */
export function benchLookup(): Row[] {
  const hash = createHash();
  return MEMBER_COUNTS.map((count) => {
    const members = Array.from({ length: count }, (_, i) => ({ id: `node-${i}`, zone: 'z', weight: 1 }));
    const router = createRouter(plan(undefined, members, { partitions: partitionCountDefault, replicas: 1 }));
    const value = nanosecondsEach((i) => {
      const start = keyStart(i);
      return router.ownerOf(router.partitionOf(hash.high(source, start, start + KEY_BYTES)));
    });
    return { name: `lookup of a ${KEY_BYTES}-byte key, ${count} members`, value, unit: 'ns', target: TARGET_LOOKUP_NS };
  });
}

/** The hash alone, by length: one word for placing, both for indexing, and over a string. */
export function benchHash(): Row[] {
  const hash = createHash();
  return HASHED_BYTES.flatMap((length): Row[] => {
    const texts = Array.from({ length: 1024 }, (_, i) => source.toString('latin1', i * 7, i * 7 + length));
    return [
      row(`hash of ${length} bytes, one word`, (i) => hash.high(source, keyStart(i), keyStart(i) + length)),
      row(
        `hash of ${length} bytes, both words`,
        (i) => hash.both(source, keyStart(i), keyStart(i) + length) ^ hash.low,
      ),
      row(`hash of ${length} characters`, (i) => hash.highLatin1(texts[i & 1023] ?? '')),
    ];
  });
}

function row(name: string, call: (i: number) => number): Row {
  return { name, value: nanosecondsEach(call), unit: 'ns' };
}
