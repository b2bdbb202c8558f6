import { partitionOfHash } from '../key-ref.ts';
import type { Heap } from './heap.ts';

const HASH_END = 0x1_0000_0000;
/** Positions are hash * this + how many items of that hash were visited. */
const TIES_MAX = 0x10_0000;

interface Entry {
  readonly hash: number;
  readonly location: number;
}

/**
 * Visits the live items of a partition in the order of their hashes, so that a position is a hash and stays true however the
 * items move and the index splits in between. Items of one hash are visited in one call where itemsMax allows it.
 */
export function scanPartition(
  heap: Heap,
  partition: number,
  partitionBits: number,
  position: number,
  itemsMax: number,
  visit: (location: number) => void,
): number {
  const width = 2 ** (32 - partitionBits);
  const end = (partition + 1) * width;
  let skipped = position % TIES_MAX;
  let visited = 0;
  let hash = Math.max(partition * width, Math.floor(position / TIES_MAX));
  while (hash < end && hash < HASH_END) {
    const entries = liveEntries(heap, hash, partition, partitionBits);
    for (let i = 0; i < entries.length;) {
      const tiedHash = entries[i]!.hash;
      const first = i + (tiedHash === hash ? skipped : 0);
      while (i < entries.length && entries[i]!.hash === tiedHash) i++;
      const count = Math.max(0, i - first);
      const done = tiedHash === hash ? skipped : 0;
      if (visited > 0 && visited + count > itemsMax) return tiedHash * TIES_MAX + done;
      for (const { location } of entries.slice(first, first + Math.min(count, itemsMax))) visit(location);
      visited += count;
      if (count > itemsMax) return tiedHash * TIES_MAX + done + itemsMax;
    }
    hash = heap.index.groupEnd(hash);
    skipped = 0;
    if (visited >= itemsMax) break;
  }
  return hash < end && hash < HASH_END ? hash * TIES_MAX : -1;
}

/** Live entries of the partition in the hash's group, from that hash on, in order. */
function liveEntries(heap: Heap, from: number, partition: number, partitionBits: number): Entry[] {
  const entries: Entry[] = [];
  heap.index.visitGroup(from | 0, (signed, location) => {
    const hash = signed >>> 0;
    if (hash < from || partitionOfHash(hash, partitionBits) !== partition) return;
    if (heap.deathOf(location) === undefined) entries.push({ hash, location });
  });
  return entries.toSorted((a, b) => a.hash - b.hash || a.location - b.location);
}
