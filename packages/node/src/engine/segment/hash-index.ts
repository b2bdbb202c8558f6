import { assert } from '../assert.ts';
import type { Arenas } from './arenas.ts';
import {
  BUCKET_BYTES,
  BUCKET_SLOTS,
  BUCKET_WORDS,
  DISPLACED_BIT,
  FREQUENCY_MASK,
  hashAt,
  keyBytesAt,
  OVERFLOW_BIT,
  RECORD_HEADER_BYTES,
  TAG_LACKS_BITS,
  TAG_MASK,
  TAG_SHIFT,
} from './layout.ts';

/** Buckets among which an entry may have its second place: what a scan of a partition reads at once. */
const GROUP_BUCKETS_MAX = 32;
const DEPTH_BITS = 5;
const DEPTH_MASK = 31;
const HASH_BITS = 32;

/** The hash is an int32. */
type VisitEntry = (hash: number, location: number, frequency: number) => void;

/**
 * From hash to location: extendible hashing (Fagin and others, 1979) over chunks of one segment each, which split one at a
 * time, as in Dash (Lu and others, 2020). Both the directory and the buckets of a chunk are ordered by the hash from its top
 * bit on, so a partition is a run of adjacent buckets:
 *
 *     hash    | directory prefix, depth bits | bucket | the rest                |
 *     tag                 | the low 28 bits of the hash                         |
 *
 * An entry stands in its home bucket or, displaced, in one other bucket of the same group; which one its tag tells. A place and
 * a tag together give the whole hash back, so a split reads no item.
 */
export class HashIndex {
  /** Where the last find, locate or insert has its tag: `words[at]`; the location is `words[at + BUCKET_SLOTS]`. */
  words: Int32Array;
  at = 0;
  /** Per chunk. */
  readonly chunkWords: Int32Array[] = [];
  readonly segmentOfChunk: number[] = [];
  readonly depthOfChunk: number[] = [];
  readonly prefixOfChunk: number[] = [];
  /** By the top bits of the hash: chunk << 5 | depth of the chunk. */
  directory: Int32Array = new Int32Array(2);
  readonly bucketBits: number;
  readonly groupBuckets: number;
  readonly #arenas: Arenas;
  readonly #bucketShift: number;
  readonly #groupMask: number;
  readonly #scratch: Int32Array;
  #directoryShift = HASH_BITS - 1;

  constructor(arenas: Arenas, firstSegment: number) {
    this.#arenas = arenas;
    this.bucketBits = Math.log2(arenas.segmentBytes / BUCKET_BYTES);
    assert(this.bucketBits >= TAG_LACKS_BITS, 'a chunk has so many buckets that its place tells what a tag lacks');
    this.groupBuckets = Math.min(GROUP_BUCKETS_MAX, 1 << this.bucketBits);
    this.#bucketShift = HASH_BITS - this.bucketBits;
    this.#groupMask = this.groupBuckets - 1;
    this.#scratch = new Int32Array(arenas.segmentBytes >> 2);
    this.#addChunk(firstSegment, 0, 0);
    this.words = this.chunkWords[0]!;
  }

  get chunkCount(): number {
    return this.chunkWords.length;
  }

  /** Bits of the hash that the directory looks at. */
  get directoryBits(): number {
    return HASH_BITS - this.#directoryShift;
  }

  /** Finds the record of a key; 0 when there is none. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const entry = this.directory[hash >>> this.#directoryShift]!;
    const words = this.chunkWords[entry >>> DEPTH_BITS]!;
    const home = (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift;
    const found = this.#findIn(words, home, hash, bytes, start, end);
    if (found !== 0 || (words[home * BUCKET_WORDS]! & OVERFLOW_BIT) === 0) return found;
    return this.#findIn(words, home ^ this.#step(hash), hash, bytes, start, end);
  }

  /** Goes to the entry with this very location. */
  locate(hash: number, location: number): boolean {
    const entry = this.directory[hash >>> this.#directoryShift]!;
    const words = this.chunkWords[entry >>> DEPTH_BITS]!;
    const home = (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift;
    return this.#locateIn(words, home, location) || this.#locateIn(words, home ^ this.#step(hash), location);
  }

  /** Whether there is a free slot for the hash; displaces another entry for it if need be. */
  prepare(hash: number): boolean {
    const entry = this.directory[hash >>> this.#directoryShift]!;
    const words = this.chunkWords[entry >>> DEPTH_BITS]!;
    return this.#makeSlot(words, (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift, this.#step(hash));
  }

  /** Adds an entry; a slot must be free. */
  insert(hash: number, location: number, frequency: number): void {
    const entry = this.directory[hash >>> this.#directoryShift]!;
    const words = this.chunkWords[entry >>> DEPTH_BITS]!;
    const home = (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift;
    assert(this.#place(words, home, hash, location, frequency), 'an inserted entry has a slot');
  }

  /** Frees the slot of the current entry. */
  removeCurrent(): void {
    clearSlot(this.words, this.at);
  }

  /** Counts an access to the current entry, up to 3. */
  countAccess(): void {
    const tag = this.words[this.at]!;
    if ((tag & FREQUENCY_MASK) !== FREQUENCY_MASK) this.words[this.at] = tag + 1;
  }

  get frequency(): number {
    return this.words[this.at]! & FREQUENCY_MASK;
  }

  /** Points the current entry elsewhere. */
  redirect(location: number, frequency: number): void {
    this.words[this.at] = (this.words[this.at]! & ~FREQUENCY_MASK) | frequency;
    this.words[this.at + BUCKET_SLOTS] = location;
  }

  /** Goes to the least used of the entries that stand in the way of a hash, and returns its location. */
  weakest(hash: number): number {
    const entry = this.directory[hash >>> this.#directoryShift]!;
    const words = this.chunkWords[entry >>> DEPTH_BITS]!;
    const home = (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift;
    let weakest = home * BUCKET_WORDS;
    for (const bucket of [home, home ^ this.#step(hash)]) {
      for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
        const at = bucket * BUCKET_WORDS + slot;
        if ((words[at]! & FREQUENCY_MASK) < (words[weakest]! & FREQUENCY_MASK)) weakest = at;
      }
    }
    this.words = words;
    this.at = weakest;
    return words[weakest + BUCKET_SLOTS]!;
  }

  chunkOf(hash: number): number {
    return this.directory[hash >>> this.#directoryShift]! >>> DEPTH_BITS;
  }

  /** Whether a chunk may split: its place must go on being told by the hash, and the directory has a limit. */
  canSplit(chunk: number, directoryBitsMax: number): boolean {
    const depth = this.depthOfChunk[chunk]!;
    return depth < directoryBitsMax && depth + this.bucketBits < HASH_BITS;
  }

  /** Halves a chunk by the next bit of the hash. Entries that then find no slot are told. */
  split(chunk: number, segment: number, onHomeless: (location: number) => void): void {
    const depth = this.depthOfChunk[chunk]!;
    const prefix = this.prefixOfChunk[chunk]!;
    if (depth === this.directoryBits) this.#doubleDirectory();
    const words = this.chunkWords[chunk]!;
    const scratch = this.#scratch;
    scratch.set(words);
    words.fill(0);
    this.depthOfChunk[chunk] = depth + 1;
    this.prefixOfChunk[chunk] = prefix * 2;
    this.#direct(chunk);
    this.#addChunk(segment, depth + 1, prefix * 2 + 1);
    for (let bucket = 0; bucket < 1 << this.bucketBits; bucket++) {
      for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
        const at = bucket * BUCKET_WORDS + slot;
        const location = scratch[at + BUCKET_SLOTS]!;
        if (location === 0) continue;
        const tag = scratch[at]!;
        const hash = this.#hashOf(tag, bucket, depth, prefix);
        const entry = this.directory[hash >>> this.#directoryShift]!;
        const home = (hash << (entry & DEPTH_MASK)) >>> this.#bucketShift;
        const into = this.chunkWords[entry >>> DEPTH_BITS]!;
        if (!this.#place(into, home, hash, location, tag & FREQUENCY_MASK)) onHomeless(location);
      }
    }
  }

  /**
   * Makes one chunk of the two deepest halves, and returns the segment that is then free; undefined when there is but one.
   * The entries most used come first, those that find no slot are told.
   */
  mergeDeepest(onHomeless: (location: number) => void): number | undefined {
    const deepest = this.depthOfChunk.indexOf(Math.max(...this.depthOfChunk));
    const depth = this.depthOfChunk[deepest]!;
    if (depth === 0) return undefined;
    const prefix = this.prefixOfChunk[deepest]!;
    const buddy = this.chunkOf((prefix ^ 1) << (HASH_BITS - depth));
    const kept = Math.min(deepest, buddy);
    const gone = Math.max(deepest, buddy);
    const entries = [...this.#entriesOf(kept), ...this.#entriesOf(gone)].toSorted((a, b) => b.frequency - a.frequency);
    const segment = this.segmentOfChunk[gone]!;
    this.chunkWords[kept]!.fill(0);
    this.depthOfChunk[kept] = depth - 1;
    this.prefixOfChunk[kept] = prefix >>> 1;
    this.#direct(kept);
    this.#forgetChunk(gone);
    for (const { hash, location, frequency } of entries) {
      const home = (hash << (depth - 1)) >>> this.#bucketShift;
      if (!this.#place(this.chunkWords[kept]!, home, hash, location, frequency)) onHomeless(location);
    }
    return segment;
  }

  /** First hash behind the group that a hash belongs to, 1..2^32. */
  groupEnd(hash: number): number {
    const chunk = this.chunkOf(hash);
    const width = 2 ** (HASH_BITS - this.depthOfChunk[chunk]! - this.bucketBits) * this.groupBuckets;
    return (Math.floor((hash >>> 0) / width) + 1) * width;
  }

  /** Visits the entries of the group that a hash belongs to. */
  visitGroup(hash: number, visit: VisitEntry): void {
    const chunk = this.chunkOf(hash);
    const bucket = (hash << this.depthOfChunk[chunk]!) >>> this.#bucketShift;
    const first = bucket & ~this.#groupMask;
    this.#visitBuckets(chunk, first, first + this.groupBuckets, visit);
  }

  /** Visits all entries of a chunk. */
  visitChunk(chunk: number, visit: VisitEntry): void {
    this.#visitBuckets(chunk, 0, 1 << this.bucketBits, visit);
  }

  #entriesOf(chunk: number): { hash: number; location: number; frequency: number }[] {
    const entries: { hash: number; location: number; frequency: number }[] = [];
    this.visitChunk(chunk, (hash, location, frequency) => entries.push({ hash, location, frequency }));
    return entries;
  }

  /** Takes a chunk, to which the directory no longer points, from the list: the last one gets its number. */
  #forgetChunk(chunk: number): void {
    const last = this.chunkCount - 1;
    this.chunkWords[chunk] = this.chunkWords[last]!;
    this.segmentOfChunk[chunk] = this.segmentOfChunk[last]!;
    this.depthOfChunk[chunk] = this.depthOfChunk[last]!;
    this.prefixOfChunk[chunk] = this.prefixOfChunk[last]!;
    for (const column of [this.chunkWords, this.segmentOfChunk, this.depthOfChunk, this.prefixOfChunk]) column.pop();
    if (chunk < last) this.#direct(chunk);
  }

  #visitBuckets(chunk: number, from: number, to: number, visit: VisitEntry): void {
    const words = this.chunkWords[chunk]!;
    const depth = this.depthOfChunk[chunk]!;
    const prefix = this.prefixOfChunk[chunk]!;
    for (let bucket = from; bucket < to; bucket++) {
      for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
        const at = bucket * BUCKET_WORDS + slot;
        const location = words[at + BUCKET_SLOTS]!;
        if (location === 0) continue;
        visit(this.#hashOf(words[at]!, bucket, depth, prefix), location, words[at]! & FREQUENCY_MASK);
      }
    }
  }

  /** Distance, by exclusive or, between the two buckets of a hash: never 0, inside the group. */
  #step(hash: number): number {
    return ((hash >>> TAG_LACKS_BITS) & this.#groupMask) | 1;
  }

  /** The hash of an entry, int32, from its tag and its place. */
  #hashOf(tag: number, bucket: number, depth: number, prefix: number): number {
    const low = tag >>> TAG_SHIFT;
    const home = (tag & DISPLACED_BIT) === 0 ? bucket : bucket ^ this.#step(low);
    const lowBits = HASH_BITS - depth - this.bucketBits;
    return (((prefix << this.bucketBits) | home) << lowBits) | (low & ((1 << lowBits) - 1));
  }

  #findIn(words: Int32Array, bucket: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const arenas = this.#arenas;
    const first = bucket * BUCKET_WORDS;
    const wanted = hash << TAG_SHIFT;
    for (let at = first; at < first + BUCKET_SLOTS; at++) {
      if (((words[at]! ^ wanted) & TAG_MASK) !== 0) continue;
      const location = words[at + BUCKET_SLOTS]!;
      if (location === 0) continue;
      const arena = location >>> arenas.arenaOfLocation;
      const offset = arenas.offsetOfLocation(location);
      const record = arenas.words[arena]!;
      if (hashAt(record, offset >> 2) !== hash || keyBytesAt(record, offset >> 2) !== end - start) continue;
      if (!equalBytes(arenas.bytes[arena]!, offset + RECORD_HEADER_BYTES, bytes, start, end)) continue;
      this.words = words;
      this.at = at;
      return location;
    }
    return 0;
  }

  #locateIn(words: Int32Array, bucket: number, location: number): boolean {
    const first = bucket * BUCKET_WORDS;
    for (let at = first; at < first + BUCKET_SLOTS; at++) {
      if (words[at + BUCKET_SLOTS] !== location) continue;
      this.words = words;
      this.at = at;
      return true;
    }
    return false;
  }

  #makeSlot(words: Int32Array, home: number, step: number): boolean {
    if (freeSlot(words, home) >= 0 || freeSlot(words, home ^ step) >= 0) return true;
    return this.#displaceFrom(words, home) || this.#displaceFrom(words, home ^ step);
  }

  /** Moves an entry of a bucket to its other bucket, if one has room there. */
  #displaceFrom(words: Int32Array, bucket: number): boolean {
    for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
      const from = bucket * BUCKET_WORDS + slot;
      const tag = words[from]!;
      const other = bucket ^ this.#step(tag >>> TAG_SHIFT);
      const to = freeSlot(words, other);
      if (to < 0) continue;
      writeSlot(words, to, (tag & ~OVERFLOW_BIT) ^ DISPLACED_BIT, words[from + BUCKET_SLOTS]!);
      clearSlot(words, from);
      if ((tag & DISPLACED_BIT) === 0) words[bucket * BUCKET_WORDS]! |= OVERFLOW_BIT;
      return true;
    }
    return false;
  }

  /** Puts an entry into its home bucket if there is room, otherwise into the other one. */
  #place(words: Int32Array, home: number, hash: number, location: number, frequency: number): boolean {
    const step = this.#step(hash);
    let at = freeSlot(words, home);
    let displaced = 0;
    if (at < 0) {
      if (!this.#makeSlot(words, home, step)) return false;
      at = freeSlot(words, home);
      if (at < 0) {
        at = freeSlot(words, home ^ step);
        displaced = DISPLACED_BIT;
        words[home * BUCKET_WORDS]! |= OVERFLOW_BIT;
      }
    }
    writeSlot(words, at, (hash << TAG_SHIFT) | displaced | frequency, location);
    this.words = words;
    this.at = at;
    return true;
  }

  #addChunk(segment: number, depth: number, prefix: number): void {
    const chunk = this.chunkCount;
    const words = this.#arenas.wordsOf(segment);
    words.fill(0);
    this.chunkWords.push(words);
    this.segmentOfChunk.push(segment);
    this.depthOfChunk.push(depth);
    this.prefixOfChunk.push(prefix);
    this.#direct(chunk);
  }

  /** Writes a chunk's entries of the directory. */
  #direct(chunk: number): void {
    const depth = this.depthOfChunk[chunk]!;
    const span = 2 ** (this.directoryBits - depth);
    const first = this.prefixOfChunk[chunk]! * span;
    this.directory.fill((chunk << DEPTH_BITS) | depth, first, first + span);
  }

  #doubleDirectory(): void {
    const { directory } = this;
    this.directory = new Int32Array(directory.length * 2);
    for (let i = 0; i < this.directory.length; i++) this.directory[i] = directory[i >>> 1]!;
    this.#directoryShift--;
  }
}

/** Leaves alone what slot 0 says about its bucket, as clearSlot does. */
function writeSlot(words: Int32Array, at: number, tag: number, location: number): void {
  words[at] = (words[at]! & OVERFLOW_BIT) | tag;
  words[at + BUCKET_SLOTS] = location;
}

function clearSlot(words: Int32Array, at: number): void {
  words[at]! &= OVERFLOW_BIT;
  words[at + BUCKET_SLOTS] = 0;
}

/** Index of a free slot's tag, or a negative number. */
function freeSlot(words: Int32Array, bucket: number): number {
  const first = bucket * BUCKET_WORDS;
  for (let at = first; at < first + BUCKET_SLOTS; at++) if (words[at + BUCKET_SLOTS] === 0) return at;
  return -1;
}

function equalBytes(stored: Uint8Array, offset: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start, at = offset; i < end; i++, at++) if (stored[at] !== bytes[i]) return false;
  return true;
}
