import { assert } from '../assert.ts';
import type { Arenas } from './arenas.ts';

/** What a segment is used for. From SMALL on these are queues of records, the oldest segment first. */
export const Use = {
  free: 0,
  /** A chunk of the index. */
  index: 1,
  /** Values of reservations, as far as they will stand in a record. */
  transit: 2,
  /** The part of a reservation that will be a chain. */
  reserved: 3,
  /** A part of a large value. `next` is the rest of its chain. */
  chain: 4,
  /** Held by a pin only. */
  limbo: 5,
  small: 6,
  main: 7,
  /** The first of the queues of short-lived items. */
  ttl: 8,
} as const;

export const NONE = -1;
const POISON = 0xaa;

/**
 * What is known of each segment, in columns, and the lists they are in. A segment of a queue is linked both ways (next is
 * the younger one); free segments and chains are linked by `next` alone. The last segment of a queue may be open: appended to.
 */
export class SegmentTable {
  readonly arenas: Arenas;
  readonly useCount: number;
  use: Int32Array;
  next: Int32Array;
  previous: Int32Array;
  /** Bytes written. */
  used: Int32Array;
  /** Bytes of records that items own. */
  live: Int32Array;
  pins: Int32Array;
  /** Chain segments of the items in it. */
  chained: Int32Array;
  /** Latest deadline of an item at the time it was stored, and the time of the first record: seconds. */
  deadline: Float64Array;
  bornSeconds: Float64Array;
  /** Order of being taken into use, over all segments: what flushes compare. */
  serial: Float64Array;

  readonly oldest: Int32Array;
  readonly youngest: Int32Array;
  readonly open: Int32Array;
  /** Segments of a use, and chain segments of the items in them. */
  readonly count: Int32Array;
  readonly chainedCount: Int32Array;
  /** Pinned segments that eviction would otherwise free. */
  pinnedCount = 0;
  /** Segments that are pinned by what was found, not by reservations. */
  heldCount = 0;
  /** Segments that were ever in use; higher numbers are fresh. */
  madeCount = 0;
  limit = 0;
  lastSerial = 0;
  nowSeconds = 0;
  readonly #poisons: boolean;
  #free = NONE;

  constructor(arenas: Arenas, ttlQueueCount: number, poisons: boolean) {
    this.arenas = arenas;
    this.useCount = Use.ttl + ttlQueueCount;
    this.#poisons = poisons;
    const column = (): Int32Array => new Int32Array(0);
    [this.use, this.next, this.previous] = [column(), column(), column()];
    [this.used, this.live, this.pins, this.chained] = [column(), column(), column(), column()];
    this.deadline = new Float64Array(0);
    this.bornSeconds = new Float64Array(0);
    this.serial = new Float64Array(0);
    this.oldest = new Int32Array(this.useCount).fill(NONE);
    this.youngest = new Int32Array(this.useCount).fill(NONE);
    this.open = new Int32Array(this.useCount).fill(NONE);
    this.count = new Int32Array(this.useCount);
    this.chainedCount = new Int32Array(this.useCount);
  }

  /** Bytes of the columns for that many segments. */
  static bytesFor(segments: number): number {
    return segments * (7 * Int32Array.BYTES_PER_ELEMENT + 3 * Float64Array.BYTES_PER_ELEMENT);
  }

  get inUse(): number {
    return this.madeCount - this.count[Use.free]!;
  }

  /** Segments that may still be taken. Negative while more is held than a lowered limit allows. */
  get available(): number {
    return this.limit - this.inUse;
  }

  /** Segments that can be had by evicting everything that may go. */
  get obtainable(): number {
    let evictable = this.count[Use.chain]! - this.pinnedCount;
    for (let use = Use.small; use < this.useCount; use++) evictable += this.count[use]!;
    return this.available + evictable;
  }

  setLimit(limit: number): void {
    this.limit = limit;
    if (limit > this.use.length) this.#growColumns(limit);
  }

  /** Takes an available segment into use. */
  take(use: number): number {
    assert(this.available > 0, 'a segment is taken while one is available');
    let segment = this.#free;
    if (segment === NONE) {
      segment = this.madeCount++;
    } else {
      this.#free = this.next[segment]!;
      this.count[Use.free]!--;
    }
    this.arenas.hold(segment);
    this.used[segment] = 0;
    this.live[segment] = 0;
    this.chained[segment] = 0;
    this.deadline[segment] = 0;
    this.bornSeconds[segment] = this.nowSeconds;
    this.serial[segment] = ++this.lastSerial;
    this.use[segment] = use;
    this.next[segment] = NONE;
    this.previous[segment] = NONE;
    this.count[use]!++;
    return segment;
  }

  /** Gives a segment that is in no list back; one that is pinned is in limbo first. */
  giveBack(segment: number): void {
    this.#changeUse(segment, this.pins[segment]! > 0 ? Use.limbo : Use.free);
    if (this.use[segment] === Use.limbo) return;
    if (this.#poisons) this.arenas.view(segment, 0, this.arenas.segmentBytes).fill(POISON);
    this.next[segment] = this.#free;
    this.#free = segment;
  }

  /** Changes what a segment in no list is used for. */
  convert(segment: number, use: number): void {
    this.#changeUse(segment, use);
  }

  /** Takes a segment and appends it to a queue, as the open one. */
  openNew(queue: number): number {
    const segment = this.take(queue);
    this.#linkAfter(queue, this.youngest[queue]!, segment);
    this.open[queue] = segment;
    return segment;
  }

  /** Takes a segment and puts it into a queue behind another. */
  takeAfter(segment: number): number {
    const queue = this.use[segment]!;
    const taken = this.take(queue);
    this.#linkAfter(queue, segment, taken);
    return taken;
  }

  /** Takes a segment without live records out of its queue and gives it back. */
  retire(segment: number): void {
    assert(this.live[segment] === 0 && this.chained[segment] === 0, 'a retired segment has no live record');
    const queue = this.use[segment]!;
    if (this.open[queue] === segment) this.open[queue] = NONE;
    this.#unlink(queue, segment);
    this.giveBack(segment);
  }

  pin(segment: number): void {
    if (this.pins[segment]!++ > 0) return;
    if (this.use[segment] !== Use.transit) this.heldCount++;
    if (this.#isEvictable(segment)) this.pinnedCount++;
  }

  /** Gives back a segment that nothing else holds. */
  unpin(segment: number): void {
    assert(this.pins[segment]! > 0, 'a released segment was pinned');
    if (--this.pins[segment]! > 0) return;
    if (this.use[segment] !== Use.transit) this.heldCount--;
    if (this.#isEvictable(segment)) this.pinnedCount--;
    const use = this.use[segment]!;
    if (use === Use.limbo) this.giveBack(segment);
    else if ((use === Use.transit || use >= Use.small) && this.live[segment] === 0) this.retire(segment);
  }

  addChained(segment: number, segments: number): void {
    this.chained[segment]! += segments;
    this.chainedCount[this.use[segment]!]! += segments;
  }

  /** Free segments, as linked: for verify. */
  *freeList(): Generator<number> {
    for (let segment = this.#free; segment !== NONE; segment = this.next[segment]!) yield segment;
  }

  /** Forgets the free segments of arenas without any other, and gives the memory of those arenas back. */
  trim(): void {
    const held = new Int32Array(this.arenas.bytes.length);
    for (let segment = 0; segment < this.madeCount; segment++) {
      if (this.use[segment] !== Use.free) held[this.arenas.arenaOf(segment)]!++;
    }
    held.forEach((count, arena) => {
      if (count === 0) this.arenas.drop(arena);
    });
  }

  #isEvictable(segment: number): boolean {
    const use = this.use[segment]!;
    return use === Use.chain || use >= Use.small;
  }

  #changeUse(segment: number, use: number): void {
    const wasPinned = this.pins[segment]! > 0 && this.#isEvictable(segment);
    this.count[this.use[segment]!]!--;
    this.use[segment] = use;
    this.count[use]!++;
    this.pinnedCount += Number(this.pins[segment]! > 0 && this.#isEvictable(segment)) - Number(wasPinned);
  }

  #linkAfter(queue: number, before: number, segment: number): void {
    const after = before === NONE ? this.oldest[queue]! : this.next[before]!;
    this.previous[segment] = before;
    this.next[segment] = after;
    if (before === NONE) this.oldest[queue] = segment;
    else this.next[before] = segment;
    if (after === NONE) this.youngest[queue] = segment;
    else this.previous[after] = segment;
  }

  #unlink(queue: number, segment: number): void {
    const before = this.previous[segment]!;
    const after = this.next[segment]!;
    if (before === NONE) this.oldest[queue] = after;
    else this.next[before] = after;
    if (after === NONE) this.youngest[queue] = before;
    else this.previous[after] = before;
  }

  #growColumns(length: number): void {
    this.use = grown(this.use, length);
    this.next = grown(this.next, length);
    this.previous = grown(this.previous, length);
    this.used = grown(this.used, length);
    this.live = grown(this.live, length);
    this.pins = grown(this.pins, length);
    this.chained = grown(this.chained, length);
    this.deadline = grownFloat(this.deadline, length);
    this.bornSeconds = grownFloat(this.bornSeconds, length);
    this.serial = grownFloat(this.serial, length);
  }
}

function grown(column: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(column);
  return larger;
}

function grownFloat(column: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(column);
  return larger;
}
