import { assert } from '../assert.ts';
import { Ghost } from './ghost.ts';
import { HashIndex } from './hash-index.ts';
import { Heap } from './heap.ts';
import { Arenas } from './arenas.ts';
import { hashAt, setChain } from './layout.ts';
import { RESIDENCE_SHARE, SPARE_SEGMENTS, TTL_FIRST_SECONDS } from './limits.ts';
import { arenaBytesFor, planMemory, segmentBytesFor, ttlQueuesFor } from './plan.ts';
import type { Plan } from './plan.ts';
import { Reclaimer } from './reclaimer.ts';
import { Room } from './room.ts';
import { NONE, SegmentTable, Use } from './segment-table.ts';
import { SmallShare } from './small-share.ts';
import { createTally } from './tally.ts';
import type { Tally } from './tally.ts';

export interface CoreOptions {
  readonly memoryLimitBytes: number;
  readonly segmentBytes?: number;
  readonly poison?: boolean;
}

/** Index, records, eviction and the limit over them: what places records, below the rules of the cache. */
export class StoreCore {
  readonly segments: SegmentTable;
  readonly index: HashIndex;
  readonly heap: Heap;
  readonly reclaimer: Reclaimer;
  readonly share: SmallShare = new SmallShare();
  readonly tally: Tally = createTally();
  plan: Plan;
  limitBytes: number;

  constructor(options: CoreOptions) {
    const { memoryLimitBytes } = options;
    const segmentBytes = options.segmentBytes ?? segmentBytesFor(memoryLimitBytes);
    this.plan = planMemory(memoryLimitBytes, segmentBytes);
    this.limitBytes = memoryLimitBytes;
    const arenas = new Arenas(segmentBytes, arenaBytesFor(memoryLimitBytes, segmentBytes));
    this.segments = new SegmentTable(arenas, ttlQueuesFor(this.plan.segments), options.poison ?? false);
    this.segments.setLimit(this.plan.segments);
    this.index = new HashIndex(arenas, this.segments.take(Use.index));
    this.heap = new Heap(this.segments, this.index);
    const ghost = new Ghost(this.plan.ghostBytes, memoryLimitBytes);
    this.reclaimer = new Reclaimer(this.heap, ghost, this.share, this.tally);
  }

  get usedBytes(): number {
    return this.plan.fixedBytes + this.segments.inUse * this.heap.segmentBytes;
  }

  setLimit(limitBytes: number): void {
    const { segments, index } = this;
    const { segmentBytes } = this.heap;
    this.plan = planMemory(limitBytes, segmentBytes, segments.use.length, index.directoryBits);
    this.limitBytes = limitBytes;
    segments.setLimit(this.plan.segments);
    this.reclaimer.ghost = new Ghost(this.plan.ghostBytes, limitBytes);
    this.reclaimer.makeAvailable(SPARE_SEGMENTS);
    while (index.chunkCount > this.plan.indexSegmentsMax) {
      const freed = index.mergeDeepest((location) => this.reclaimer.dropHomeless(location));
      if (freed === undefined) break;
      segments.giveBack(freed);
    }
    this.reclaimer.makeAvailable(SPARE_SEGMENTS);
    segments.trim();
  }

  /** Whether eviction could make room for a record with so many chain segments. */
  canHold(chains: number): boolean {
    return this.segments.obtainable >= chains + 1 + SPARE_SEGMENTS;
  }

  reserve(keyBytes: number, valueBytes: number): Room | undefined {
    const { segments, heap } = this;
    // Twice spare: the record that will take it over needs room as well.
    const count = Room.segmentsFor(heap, keyBytes, valueBytes);
    if (segments.obtainable < count + 2 * SPARE_SEGMENTS + 1) return undefined;
    this.#makeAvailable(count + SPARE_SEGMENTS);
    return new Room(heap, keyBytes, valueBytes);
  }

  /** Queue for an item that is new, or stands in a TTL queue. Asks the ghost, which forgets it. */
  queueFor(hash: number, deadline: number): number {
    const short = this.#ttlQueue(deadline);
    if (short !== NONE) return short;
    const age = this.reclaimer.ghost.take(hash);
    if (age < 0) return Use.small;
    this.share.noteReturn(age >= 2, age % 2);
    return Use.main;
  }

  /**
   * Makes sure that the index has a free slot: by a split, or by dropping an item that is in the way. A split takes a
   * segment, so there must be more than canHold has promised to a record with so many chain segments.
   */
  makeSlot(hash: number, chains: number): void {
    const { index, segments } = this;
    while (!index.prepare(hash)) {
      const chunk = index.chunkOf(hash);
      const maySplit =
        index.chunkCount < this.plan.indexSegmentsMax &&
        index.canSplit(chunk, this.plan.directoryBitsMax) &&
        segments.obtainable > chains + 1 + SPARE_SEGMENTS;
      if (!maySplit) {
        this.reclaimer.drop(index.weakest(hash));
        continue;
      }
      this.#makeAvailable(1 + SPARE_SEGMENTS);
      index.split(chunk, segments.take(Use.index), (location) => this.reclaimer.dropHomeless(location));
    }
  }

  /** Room for a record at the end of a queue, with so many chain segments available beside it. canHold has agreed. */
  allocate(queue: number, bytes: number, chains: number): number {
    const { heap, segments } = this;
    for (;;) {
      const count = chains + (heap.hasRoom(queue, bytes) ? 0 : 1);
      if (count === 0 || segments.available >= count + SPARE_SEGMENTS) return heap.append(queue, bytes);
      this.#makeAvailable(count + SPARE_SEGMENTS);
    }
  }

  /** Takes a chain for a record that was just allocated and has its header; the room is there. */
  takeChain(location: number): void {
    const { heap, segments } = this;
    const words = heap.wordsOf(location);
    const at = heap.wordAt(location);
    let next = NONE;
    for (let i = heap.chainsAt(words, at); i > 0; i--) {
      const segment = segments.take(Use.chain);
      segments.next[segment] = next;
      next = segment;
    }
    this.adoptChain(location, next);
  }

  /** Gives a record the chain that begins with a segment, if it has one. */
  adoptChain(location: number, first: number): void {
    const { heap } = this;
    const words = heap.wordsOf(location);
    const at = heap.wordAt(location);
    const chains = heap.chainsAt(words, at);
    if (chains === 0) return;
    setChain(words, at, first);
    this.segments.addChained(heap.segmentOf(location), chains);
  }

  /** Points the entry of a record to the one that took its place, and frees it. */
  replace(present: number, successor: number): void {
    const { heap, index } = this;
    const hash = hashAt(heap.wordsOf(present), heap.wordAt(present));
    assert(index.locate(hash, present), 'a replaced record has an entry');
    index.redirect(successor, index.frequency);
    heap.release(present);
  }

  isPinned(location: number): boolean {
    return this.segments.pins[this.heap.segmentOf(location)]! > 0;
  }

  /** Whether a record may keep its place with a new value and deadline. */
  mayStay(location: number, deadline: number): boolean {
    const segment = this.heap.segmentOf(location);
    if (this.segments.pins[segment]! > 0) return false;
    if (this.segments.use[segment]! < Use.ttl) return true;
    return deadline !== 0 && deadline <= this.segments.deadline[segment]!;
  }

  /** Holds what a record and its value stand in: the segments to give to `release`. */
  hold(location: number): number[] {
    const held = [this.heap.segmentOf(location), ...this.heap.chainOf(location)];
    for (const segment of held) this.segments.pin(segment);
    return held;
  }

  release(held: readonly number[]): void {
    for (const segment of held) this.segments.unpin(segment);
  }

  #ttlQueue(deadline: number): number {
    if (deadline === 0) return NONE;
    const { segments } = this;
    const seconds = deadline - 1 - segments.nowSeconds;
    if (seconds <= 0 || seconds * RESIDENCE_SHARE > this.reclaimer.residenceSeconds) return NONE;
    const queue = Use.ttl + Math.max(0, Math.ceil(Math.log2(seconds / TTL_FIRST_SECONDS)));
    return queue < segments.useCount ? queue : NONE;
  }

  #makeAvailable(count: number): void {
    assert(this.reclaimer.makeAvailable(count), 'room that was promised can be made');
  }
}
