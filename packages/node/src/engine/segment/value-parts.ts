import type { Heap } from './heap.ts';
import { inlineBytes, valueBytesAt } from './layout.ts';

/** A value as views of memory, in order: of the chain's segments, then of the record. */
export function partsOf(heap: Heap, location: number): Uint8Array[] {
  const words = heap.wordsOf(location);
  const at = heap.wordAt(location);
  const chain = heap.chainOf(location);
  const start = heap.valueAt(location);
  const valueBytes = valueBytesAt(words, at);
  const tail = heap.bytesOf(location).subarray(start, start + inlineBytes(valueBytes, chain.length, heap.segmentBytes));
  return joinParts(heap, chain, tail, valueBytes);
}

/** Views of a value of `valueBytes` whose first part stands in whole segments, and the rest in `tail`. */
export function joinParts(heap: Heap, chain: readonly number[], tail: Uint8Array, valueBytes: number): Uint8Array[] {
  const parts = chain.map((segment, i) =>
    heap.arenas.view(segment, 0, Math.min(heap.segmentBytes, valueBytes - i * heap.segmentBytes)),
  );
  if (tail.length > 0 || parts.length === 0) parts.push(tail);
  return parts;
}

/** Copies all parts of the source, one after the other, to parts of the same bytes in all. */
export function copyParts(source: readonly Uint8Array[], target: readonly Uint8Array[]): void {
  let into = 0;
  let offset = 0;
  for (const part of source) {
    for (let from = 0; from < part.length;) {
      while (offset === target[into]!.length) {
        into++;
        offset = 0;
      }
      const bytes = Math.min(part.length - from, target[into]!.length - offset);
      target[into]!.set(part.subarray(from, from + bytes), offset);
      from += bytes;
      offset += bytes;
    }
  }
}

/** Copies bytes [from, to) of a value to target at offset. */
export function copyRange(
  parts: readonly Uint8Array[],
  target: Uint8Array,
  offset: number,
  from: number,
  to: number,
): void {
  let start = 0;
  for (const part of parts) {
    const first = Math.max(from, start);
    const last = Math.min(to, start + part.length);
    if (first < last) target.set(part.subarray(first - start, last - start), offset + first - from);
    start += part.length;
  }
}
