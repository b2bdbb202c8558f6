import { assert } from '../assert.ts';
import { GRANULE_BYTES } from './layout.ts';

const GRANULE_SHIFT: number = Math.log2(GRANULE_BYTES);
const NO_BUFFER = new ArrayBuffer(0);

/**
 * The memory: few, large buffers, made when their first segment is, and three views over each. A page of them costs nothing
 * until it is written to. Segment s is bytes [offsetOf(s), offsetOf(s) + segmentBytes) of arena arenaOf(s).
 */
export class Arenas {
  readonly segmentBytes: number;
  readonly segmentsEach: number;
  readonly bytes: Uint8Array[] = [];
  readonly words: Int32Array[] = [];
  readonly views: DataView[] = [];
  /** Location >>> this is the segment. */
  readonly segmentOfLocation: number;
  /** Location >>> this is the arena. */
  readonly arenaOfLocation: number;
  readonly #segmentShift: number;
  readonly #arenaShift: number;

  constructor(segmentBytes: number, arenaBytes: number) {
    this.segmentBytes = segmentBytes;
    this.segmentsEach = arenaBytes / segmentBytes;
    this.#segmentShift = Math.log2(segmentBytes);
    this.#arenaShift = Math.log2(arenaBytes);
    assert(
      Number.isInteger(this.#segmentShift) && Number.isInteger(this.#arenaShift),
      'arenas and segments are powers of 2',
    );
    this.segmentOfLocation = this.#segmentShift - GRANULE_SHIFT;
    this.arenaOfLocation = this.#arenaShift - GRANULE_SHIFT;
  }

  get arenaBytes(): number {
    return this.segmentsEach * this.segmentBytes;
  }

  /** Arenas that have memory. */
  get heldCount(): number {
    return this.bytes.filter((bytes) => bytes.length > 0).length;
  }

  /** Makes sure that a segment has memory. */
  hold(segment: number): void {
    const arena = this.arenaOf(segment);
    while (this.bytes.length <= arena) this.#set(this.bytes.length, NO_BUFFER);
    if (this.bytes[arena]!.length === 0) this.#set(arena, new ArrayBuffer(this.arenaBytes));
  }

  /** Gives the memory of an arena back. */
  drop(arena: number): void {
    this.#set(arena, NO_BUFFER);
  }

  arenaOf(segment: number): number {
    return segment >>> (this.#arenaShift - this.#segmentShift);
  }

  /** Bytes into its arena. */
  offsetOf(segment: number): number {
    return (segment & (this.segmentsEach - 1)) << this.#segmentShift;
  }

  /** Location of a byte of a segment, int32. */
  location(segment: number, offset: number): number {
    return (segment << this.segmentOfLocation) | (offset >>> GRANULE_SHIFT);
  }

  /** Bytes into its arena. */
  offsetOfLocation(location: number): number {
    return (location & ((1 << this.arenaOfLocation) - 1)) << GRANULE_SHIFT;
  }

  /** Bytes [from, to) of a segment. */
  view(segment: number, from: number, to: number): Uint8Array {
    const start = this.offsetOf(segment);
    return this.bytes[this.arenaOf(segment)]!.subarray(start + from, start + to);
  }

  /** A whole segment as words. */
  wordsOf(segment: number): Int32Array {
    const start = this.offsetOf(segment) >> 2;
    return this.words[this.arenaOf(segment)]!.subarray(start, start + (this.segmentBytes >> 2));
  }

  #set(arena: number, buffer: ArrayBuffer): void {
    this.bytes[arena] = new Uint8Array(buffer);
    this.words[arena] = new Int32Array(buffer);
    this.views[arena] = new DataView(buffer);
  }
}
