import { MissCause } from '../found-item.ts';
import type { Arenas } from './arenas.ts';
import { ByteCopier } from './byte-copier.ts';
import type { HashIndex } from './hash-index.ts';
import {
  chainAt,
  chainCount,
  deadlineAt,
  fillerBytesAt,
  hashAt,
  inlineBytes,
  isFiller,
  keyBytesAt,
  recordBytes,
  setFiller,
  valueBytesAt,
  valueOffset,
} from './layout.ts';
import { NONE, Use } from './segment-table.ts';
import type { SegmentTable } from './segment-table.ts';

/** Segments that lost so much that two neighbours may fit one: those remembered at a time. */
const SPARSE_MAX = 64;
/** Part of a segment that the merged live bytes of two neighbours may fill, in eighths. */
const MERGED_EIGHTHS_MAX = 7;

/** The records: where they are, which of them are alive, and the account of their bytes. It evicts nothing and asks for no room. */
export class Heap {
  readonly arenas: Arenas;
  readonly segments: SegmentTable;
  readonly index: HashIndex;
  readonly copier: ByteCopier = new ByteCopier();
  readonly segmentBytes: number;
  items = 0;
  /** Records of segments up to this serial are flushed. */
  flushedSerial = 0;
  /** The latest drop of partitions, and per partition the segments up to which its records are gone. */
  #droppedSerial = 0;
  #droppedSerials = new Float64Array(2);
  #droppedShift = 31;
  readonly #sparse: number[] = [];

  constructor(segments: SegmentTable, index: HashIndex) {
    this.arenas = segments.arenas;
    this.segments = segments;
    this.index = index;
    this.segmentBytes = this.arenas.segmentBytes;
  }

  segmentOf(location: number): number {
    return location >>> this.arenas.segmentOfLocation;
  }

  /** Words of the arena of a location; the record begins at wordAt. */
  wordsOf(location: number): Int32Array {
    return this.arenas.words[location >>> this.arenas.arenaOfLocation]!;
  }

  bytesOf(location: number): Uint8Array {
    return this.arenas.bytes[location >>> this.arenas.arenaOfLocation]!;
  }

  viewOf(location: number): DataView {
    return this.arenas.views[location >>> this.arenas.arenaOfLocation]!;
  }

  wordAt(location: number): number {
    return this.arenas.offsetOfLocation(location) >> 2;
  }

  chainsAt(words: Int32Array, at: number): number {
    return chainCount(keyBytesAt(words, at), valueBytesAt(words, at), this.segmentBytes);
  }

  sizeAt(words: Int32Array, at: number): number {
    const keyBytes = keyBytesAt(words, at);
    const valueBytes = valueBytesAt(words, at);
    const bytes = recordBytes(keyBytes, valueBytes, false);
    if (bytes <= this.segmentBytes >>> 1) return bytes;
    const chains = chainCount(keyBytes, valueBytes, this.segmentBytes);
    return recordBytes(keyBytes, inlineBytes(valueBytes, chains, this.segmentBytes), true);
  }

  /** Bytes of a record and its chain. */
  costAt(words: Int32Array, at: number): number {
    const bytes = recordBytes(keyBytesAt(words, at), valueBytesAt(words, at), false);
    if (bytes <= this.segmentBytes >>> 1) return bytes;
    return this.sizeAt(words, at) + this.chainsAt(words, at) * this.segmentBytes;
  }

  /** Offset in its arena of the value, or of its inline part. */
  valueAt(location: number): number {
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    return at * 4 + valueOffset(keyBytesAt(words, at), this.chainsAt(words, at) > 0);
  }

  /** Why a record may not be read any more, or undefined. It is absent when its partition was dropped. */
  deathOf(location: number): MissCause | undefined {
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    const serial = this.segments.serial[this.segmentOf(location)]!;
    if (serial <= this.flushedSerial) return MissCause.flushed;
    if (serial <= this.#droppedSerial && serial <= this.#droppedSerials[hashAt(words, at) >>> this.#droppedShift]!) {
      return MissCause.absent;
    }
    const deadline = deadlineAt(words, at);
    return deadline !== 0 && deadline - 1 <= this.segments.nowSeconds ? MissCause.expired : undefined;
  }

  /** Makes all records there are flushed ones. */
  flush(): void {
    this.flushedSerial = this.segments.lastSerial;
    this.#closeAll();
  }

  /** Makes absent what there is of the partitions marked by 1. */
  dropPartitions(partitionBits: number, drop: Uint8Array): void {
    const bits = Math.max(partitionBits, 32 - this.#droppedShift);
    const serials = new Float64Array(2 ** bits);
    for (let i = 0; i < serials.length; i++) {
      const isDropped = drop[i >>> (bits - partitionBits)] === 1;
      serials[i] = isDropped ? this.segments.lastSerial : this.#droppedSerials[i >>> (bits - 32 + this.#droppedShift)]!;
    }
    this.#droppedSerial = this.segments.lastSerial;
    this.#droppedSerials = serials;
    this.#droppedShift = 32 - bits;
    this.#closeAll();
  }

  /** Whether a queue's open segment takes so many bytes more. */
  hasRoom(queue: number, bytes: number): boolean {
    const open = this.segments.open[queue]!;
    return open !== NONE && this.segments.used[open]! + bytes <= this.segmentBytes;
  }

  /** Room for a record at the end of a queue, whose open segment has it or gets a successor. */
  append(queue: number, bytes: number): number {
    const { segments } = this;
    const segment = this.hasRoom(queue, bytes) ? segments.open[queue]! : segments.openNew(queue);
    return this.appendIn(segment, bytes);
  }

  appendIn(segment: number, bytes: number): number {
    const { segments } = this;
    const location = this.arenas.location(segment, segments.used[segment]!);
    segments.used[segment]! += bytes;
    segments.live[segment]! += bytes;
    return location;
  }

  /** Notes a record's deadline in its segment. */
  noteDeadline(location: number, deadline: number): void {
    const { segments } = this;
    const segment = this.segmentOf(location);
    if (deadline > segments.deadline[segment]!) segments.deadline[segment] = deadline;
  }

  /** Removes the item of the index's current entry. */
  kill(location: number): void {
    this.index.removeCurrent();
    this.items--;
    this.release(location);
  }

  /** Makes a record that no entry points to any more a filler, and frees what belonged to it alone. */
  release(location: number): void {
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    const segment = this.segmentOf(location);
    const bytes = this.sizeAt(words, at);
    const chains = this.chainsAt(words, at);
    if (chains > 0) {
      this.#freeChain(chainAt(words, at));
      this.segments.addChained(segment, -chains);
    }
    this.#leave(segment, words, at, bytes);
  }

  /** Copies a record to room that was made for it and leaves the old place. The entry is the caller's to redirect. */
  moveTo(target: number, source: number): void {
    const words = this.wordsOf(source);
    const at = this.wordAt(source);
    const bytes = this.sizeAt(words, at);
    const chains = this.chainsAt(words, at);
    const to = this.wordsOf(target);
    const start = this.wordAt(target);
    for (let i = 0; i < bytes >> 2; i++) to[start + i] = words[at + i]!;
    this.noteDeadline(target, deadlineAt(words, at));
    if (chains > 0) {
      this.segments.addChained(this.segmentOf(target), chains);
      this.segments.addChained(this.segmentOf(source), -chains);
    }
    this.#leave(this.segmentOf(source), words, at, bytes);
  }

  /** Bytes a record may have without moving: its own, and the fillers or the free end of the open segment behind it. */
  capacityOf(location: number, wanted: number): number {
    const { segments } = this;
    const segment = this.segmentOf(location);
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    const first = this.arenas.offsetOf(segment) >> 2;
    const end = first + (segments.used[segment]! >> 2);
    let bytes = this.sizeAt(words, at);
    while (bytes < wanted && at + (bytes >> 2) < end && isFiller(words, at + (bytes >> 2))) {
      bytes += fillerBytesAt(words, at + (bytes >> 2));
    }
    const isLast = at + (bytes >> 2) === end && segments.open[segments.use[segment]!] === segment;
    return isLast ? this.segmentBytes - (at - first) * 4 : bytes;
  }

  /** Takes capacity for a record that changes its size in place. Its header still tells the old one. */
  resize(location: number, bytes: number): void {
    const { segments } = this;
    const segment = this.segmentOf(location);
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    const offset = at * 4 - this.arenas.offsetOf(segment);
    const oldBytes = this.sizeAt(words, at);
    segments.live[segment]! += bytes - oldBytes;
    if (offset + oldBytes === segments.used[segment] && segments.open[segments.use[segment]!] === segment) {
      segments.used[segment] = offset + bytes;
      return;
    }
    let extent = oldBytes;
    while (extent < bytes && offset + extent < segments.used[segment]!) {
      extent += fillerBytesAt(words, at + (extent >> 2));
    }
    if (extent > bytes) setFiller(words, at + (bytes >> 2), extent - bytes);
    else if (offset + bytes > segments.used[segment]!) segments.used[segment] = offset + bytes;
  }

  /** Visits the records of a segment; the visitor may kill or move the one it is given, while the segment is pinned. */
  visitRecords(segment: number, visit: (location: number, words: Int32Array, at: number) => void): void {
    const words = this.arenas.words[this.arenas.arenaOf(segment)]!;
    const first = this.arenas.offsetOf(segment) >> 2;
    for (let offset = 0; offset < this.segments.used[segment]!;) {
      const at = first + (offset >> 2);
      if (isFiller(words, at)) {
        offset += fillerBytesAt(words, at);
        continue;
      }
      const location = this.arenas.location(segment, offset);
      offset += this.sizeAt(words, at);
      visit(location, words, at);
    }
  }

  /** The segments of a large value's chain. */
  chainOf(location: number): number[] {
    const words = this.wordsOf(location);
    const at = this.wordAt(location);
    const chain: number[] = [];
    if (this.chainsAt(words, at) === 0) return chain;
    for (let segment = chainAt(words, at); segment !== NONE; segment = this.segments.next[segment]!)
      chain.push(segment);
    return chain;
  }

  /** The older one of two neighbours that fit one segment, taken from memory of what was released; or NONE. */
  takeMergeable(): number {
    for (let segment = this.#sparse.pop(); segment !== undefined; segment = this.#sparse.pop()) {
      if (this.segments.use[segment]! < Use.small) continue;
      if (this.#mergesWithNext(segment)) return segment;
      const before = this.segments.previous[segment]!;
      if (before !== NONE && this.#mergesWithNext(before)) return before;
    }
    return NONE;
  }

  #mergesWithNext(segment: number): boolean {
    const { segments } = this;
    const next = segments.next[segment]!;
    if (next === NONE || segments.open[segments.use[segment]!] === next) return false;
    if (segments.pins[segment]! > 0 || segments.pins[next]! > 0) return false;
    return segments.live[segment]! + segments.live[next]! <= (this.segmentBytes >>> 3) * MERGED_EIGHTHS_MAX;
  }

  #leave(segment: number, words: Int32Array, at: number, bytes: number): void {
    const { segments } = this;
    setFiller(words, at, bytes);
    const live = segments.live[segment]! - bytes;
    segments.live[segment] = live;
    if (segments.pins[segment]! > 0) return;
    if (live === 0) segments.retire(segment);
    else if (live <= this.segmentBytes >>> 1) this.#noteSparse(segment);
  }

  /** Ends appending to all queues: what comes now is in segments of later serials. */
  #closeAll(): void {
    const { open, useCount } = this.segments;
    for (let queue: number = Use.small; queue < useCount; queue++) {
      const segment = open[queue]!;
      open[queue] = NONE;
      if (segment !== NONE) this.#noteSparse(segment);
    }
  }

  #noteSparse(segment: number): void {
    const sparse = this.#sparse;
    if (sparse.at(-1) !== segment && sparse.length < SPARSE_MAX) sparse.push(segment);
  }

  #freeChain(first: number): void {
    for (let segment = first; segment !== NONE;) {
      const next = this.segments.next[segment]!;
      this.segments.giveBack(segment);
      segment = next;
    }
  }
}
