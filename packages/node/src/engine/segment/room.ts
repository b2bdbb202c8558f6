import { assert } from '../assert.ts';
import type { Reservation } from '../large-value.ts';
import type { Heap } from './heap.ts';
import { chainCount, inlineBytes, recordBytes } from './layout.ts';
import { NONE, Use } from './segment-table.ts';
import { joinParts } from './value-parts.ts';

/**
 * Room for a value on its way in: whole segments for the part that will be a chain, and a run of a transit segment, shared with
 * other reservations, for the part that will be in the record.
 */
export class Room implements Reservation {
  readonly valueBytes: number;
  readonly chain: readonly number[];
  /** The value's bytes, as views; the last ones, which are in transit. */
  readonly parts: readonly Uint8Array[];
  readonly tail: Uint8Array;
  filledBytes = 0;
  readonly #heap: Heap;
  readonly #transitSegment: number;
  readonly #transitBytes: number;
  #part = 0;
  #offset = 0;
  #isOpen = true;

  /** Takes segments that must be available: roomSegments says how many. */
  constructor(heap: Heap, keyBytes: number, valueBytes: number) {
    const { segments, segmentBytes } = heap;
    this.#heap = heap;
    this.valueBytes = valueBytes;
    const chains = chainCount(keyBytes, valueBytes, segmentBytes);
    this.chain = Array.from({ length: chains }, () => segments.take(Use.reserved));
    const tailBytes = inlineBytes(valueBytes, chains, segmentBytes);
    this.#transitBytes = transitBytes(tailBytes);
    const location = tailBytes === 0 ? 0 : heap.append(Use.transit, this.#transitBytes);
    this.#transitSegment = tailBytes === 0 ? NONE : heap.segmentOf(location);
    if (tailBytes > 0) segments.pin(this.#transitSegment);
    const start = heap.wordAt(location) * 4;
    this.tail = tailBytes === 0 ? new Uint8Array(0) : heap.bytesOf(location).subarray(start, start + tailBytes);
    this.parts = joinParts(heap, this.chain, this.tail, valueBytes);
  }

  /** Segments that must be available for it. */
  static segmentsFor(heap: Heap, keyBytes: number, valueBytes: number): number {
    const chains = chainCount(keyBytes, valueBytes, heap.segmentBytes);
    const tailBytes = inlineBytes(valueBytes, chains, heap.segmentBytes);
    return chains + (tailBytes === 0 || heap.hasRoom(Use.transit, transitBytes(tailBytes)) ? 0 : 1);
  }

  write(source: Uint8Array, start: number, end: number): void {
    assert(this.#isOpen, 'a reservation is written to while it is open');
    assert(this.filledBytes + (end - start) <= this.valueBytes, 'a reservation is not overfilled');
    this.filledBytes += end - start;
    for (let from = start; from < end;) {
      const part = this.parts[this.#part]!;
      const bytes = Math.min(end - from, part.length - this.#offset);
      part.set(source.subarray(from, from + bytes), this.#offset);
      from += bytes;
      this.#offset += bytes;
      if (this.#offset < part.length) continue;
      this.#part++;
      this.#offset = 0;
    }
  }

  /** Ends it as a value, whose bytes stay readable until `abort` or `handOver`. */
  close(): void {
    assert(this.#isOpen, 'a reservation ends once');
    assert(this.filledBytes === this.valueBytes, 'a stored reservation is full');
    this.#isOpen = false;
  }

  abort(): void {
    assert(this.#isOpen, 'a reservation ends once');
    this.#isOpen = false;
    this.discard();
  }

  /** Gives all its room back. */
  discard(): void {
    for (const segment of this.chain) this.#heap.segments.giveBack(segment);
    this.#leaveTransit();
  }

  /** Makes its segments the chain of an item, and gives the rest back. The first segment of the chain. */
  handOver(): number {
    const { segments } = this.#heap;
    this.chain.forEach((segment, i) => {
      segments.convert(segment, Use.chain);
      segments.next[segment] = this.chain[i + 1] ?? NONE;
    });
    this.#leaveTransit();
    return this.chain[0] ?? NONE;
  }

  #leaveTransit(): void {
    if (this.#transitSegment === NONE) return;
    const { segments } = this.#heap;
    segments.live[this.#transitSegment]! -= this.#transitBytes;
    segments.unpin(this.#transitSegment);
  }
}

/** A run of a transit segment is laid out as a record without a key. */
function transitBytes(tailBytes: number): number {
  return recordBytes(0, tailBytes, false);
}
