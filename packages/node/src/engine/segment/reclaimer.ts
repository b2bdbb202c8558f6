import { MissCause } from '../found-item.ts';
import type { Ghost } from './ghost.ts';
import { Origin } from './ghost.ts';
import type { Heap } from './heap.ts';
import { accessSecondsAt, bitsAt, FETCHED_BIT, hashAt } from './layout.ts';
import { NONE, Use } from './segment-table.ts';
import type { SegmentTable } from './segment-table.ts';
import type { SmallShare } from './small-share.ts';
import type { Tally } from './tally.ts';

/** Accesses after which an item of SMALL moves on to MAIN. */
const PROMOTION_FREQUENCY = 2;
/** Reclaims in turn that may fail to free a segment, because all items were used; then items go whether used or not. */
const FRUITLESS_MAX = 3;

/**
 * Makes room, a segment at a time: S3-FIFO (Yang and others, SOSP 2023) over segments in place of items, with an adaptive
 * share for SMALL and counted in bytes. In this order it takes: segments that are dead as a whole; two neighbours that fit
 * one; the oldest segment of SMALL, MAIN or a TTL queue.
 */
export class Reclaimer {
  ghost: Ghost;
  /** How long items of MAIN stay, seconds: the age of the segment last taken. 0 before the first. */
  residenceSeconds = 0;
  /** A record that is being read, and stays even as the last resort. */
  guarded = 0;
  readonly #heap: Heap;
  readonly #segments: SegmentTable;
  readonly #share: SmallShare;
  readonly #tally: Tally;

  constructor(heap: Heap, ghost: Ghost, share: SmallShare, tally: Tally) {
    this.#heap = heap;
    this.#segments = heap.segments;
    this.ghost = ghost;
    this.#share = share;
    this.#tally = tally;
  }

  /** Reclaims until so many segments are available; false when there is nothing left to take. */
  makeAvailable(count: number): boolean {
    let fruitless = 0;
    while (this.#segments.available < count) {
      const before = this.#segments.available;
      if (!this.#reclaim(fruitless >= FRUITLESS_MAX)) return false;
      fruitless = this.#segments.available > before ? 0 : fruitless + 1;
    }
    return true;
  }

  /** Frees one segment that is dead as a whole, if there is one. */
  sweep(): void {
    const dead = this.#deadSegment();
    if (dead !== NONE) this.#empty(dead, false);
  }

  /** Drops the item of the index's current entry. */
  drop(location: number): void {
    this.#countDrop(location);
    this.#heap.kill(location);
  }

  /** Drops an item for which the index has no slot. */
  dropHomeless(location: number): void {
    this.#countDrop(location);
    this.#heap.items--;
    this.#heap.release(location);
  }

  #countDrop(location: number): void {
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    const isRead = (bitsAt(words, at) & FETCHED_BIT) !== 0;
    const death = this.#heap.deathOf(location);
    const tally = this.#tally;
    if (death === undefined) {
      tally.evictionsTotal++;
      if (!isRead) tally.evictedUnreadTotal++;
      const { nowSeconds } = this.#segments;
      tally.evictionAgeMs = (nowSeconds - accessSecondsAt(words, at, nowSeconds)) * 1000;
    } else if (death === MissCause.expired) {
      tally.expirationsTotal++;
      if (!isRead) tally.expiredUnreadTotal++;
    }
  }

  #reclaim(isForced: boolean): boolean {
    const dead = this.#deadSegment();
    if (dead !== NONE) return this.#empty(dead, false);
    if (this.#segments.available > 0) {
      const mergeable = this.#heap.takeMergeable();
      if (mergeable !== NONE) return this.#merge(mergeable, this.#segments.next[mergeable]!);
    }
    const victim = this.#victim();
    return victim === NONE ? this.#dropPinned() : this.#empty(victim, isForced);
  }

  /** An unpinned segment at the head of a queue whose items are all flushed, or short-lived ones that have expired. */
  #deadSegment(): number {
    const segments = this.#segments;
    for (let queue: number = Use.small; queue < segments.useCount; queue++) {
      const oldest = this.#oldestUnpinned(queue);
      if (oldest === NONE) continue;
      if (segments.serial[oldest]! <= this.#heap.flushedSerial) return oldest;
      if (queue >= Use.ttl && segments.deadline[oldest]! - 1 <= segments.nowSeconds) return oldest;
    }
    return NONE;
  }

  #oldestUnpinned(queue: number): number {
    let segment = this.#segments.oldest[queue]!;
    while (segment !== NONE && this.#segments.pins[segment]! > 0) segment = this.#segments.next[segment]!;
    return segment;
  }

  #victim(): number {
    const segments = this.#segments;
    const small = this.#oldestUnpinned(Use.small);
    const main = this.#oldestUnpinned(Use.main);
    const permanent = main === NONE ? small : main;
    for (let queue: number = Use.ttl; queue < segments.useCount; queue++) {
      const oldest = this.#oldestUnpinned(queue);
      if (oldest === NONE) continue;
      if (permanent === NONE || segments.serial[oldest]! < segments.serial[permanent]!) return oldest;
    }
    if (main === NONE || small === NONE) return permanent;
    const weight = segments.count[Use.small]! + segments.chainedCount[Use.small]!;
    return weight * 256 > segments.limit * this.#share.share ? small : main;
  }

  /** Drops or moves all items of a segment, which frees it. */
  #empty(victim: number, isForced: boolean): boolean {
    const segments = this.#segments;
    const heap = this.#heap;
    const queue = segments.use[victim]!;
    if (queue === Use.main || (queue === Use.small && segments.count[Use.main] === 0)) {
      this.residenceSeconds = segments.nowSeconds - segments.bornSeconds[victim]!;
    }
    if (segments.open[queue] === victim) segments.open[queue] = NONE;
    segments.pin(victim);
    heap.visitRecords(victim, (location, words, at) => {
      const hash = hashAt(words, at);
      heap.index.locate(hash, location);
      const { frequency } = heap.index;
      const death = heap.deathOf(location);
      if (death === undefined && !isForced && this.#survives(queue, victim, frequency)) {
        if (this.#moveToMain(location, words, at, queue === Use.main ? frequency - 1 : 0)) return;
      }
      if (death === undefined) this.#remember(hash, queue, heap.sizeAt(words, at));
      this.drop(location);
    });
    segments.unpin(victim);
    return true;
  }

  #survives(queue: number, victim: number, frequency: number): boolean {
    if (queue === Use.main) return frequency > 0;
    if (frequency >= PROMOTION_FREQUENCY) return true;
    // Its segment's time has come and it lives: touch gave it a later deadline.
    return queue >= Use.ttl && this.#segments.deadline[victim]! - 1 <= this.#segments.nowSeconds;
  }

  #moveToMain(location: number, words: Int32Array, at: number, frequency: number): boolean {
    const heap = this.#heap;
    const bytes = heap.sizeAt(words, at);
    if (!heap.hasRoom(Use.main, bytes) && this.#segments.available <= 0) return false;
    const target = heap.append(Use.main, bytes);
    heap.moveTo(target, location);
    heap.index.redirect(target, frequency);
    return true;
  }

  #remember(hash: number, queue: number, bytes: number): void {
    if (queue === Use.small) this.ghost.add(hash, Origin.small, bytes);
    else if (queue === Use.main) this.ghost.add(hash, Origin.main, bytes);
  }

  /** Puts the live records of two neighbours into one new segment between them. */
  #merge(older: number, younger: number): boolean {
    const segments = this.#segments;
    const heap = this.#heap;
    const merged = segments.takeAfter(older);
    // Only what lives is moved, so the later serial makes nothing live that a flush or a drop has ended.
    segments.serial[merged] = segments.serial[younger]!;
    segments.bornSeconds[merged] = segments.bornSeconds[older]!;
    segments.pin(merged);
    for (const segment of [older, younger]) {
      segments.pin(segment);
      heap.visitRecords(segment, (location, words, at) => {
        heap.index.locate(hashAt(words, at), location);
        if (heap.deathOf(location) !== undefined) return this.drop(location);
        const target = heap.appendIn(merged, heap.sizeAt(words, at));
        const { frequency } = heap.index;
        heap.moveTo(target, location);
        heap.index.redirect(target, frequency);
      });
      segments.unpin(segment);
    }
    segments.unpin(merged);
    return true;
  }

  /** The last resort: items beside a pinned one give up their chains, though not their own segment. */
  #dropPinned(): boolean {
    const segments = this.#segments;
    const before = segments.available;
    for (let queue: number = Use.small; queue < segments.useCount; queue++) {
      for (let segment = segments.oldest[queue]!; segment !== NONE; segment = segments.next[segment]!) {
        if (segments.chained[segment] === 0) continue;
        this.#heap.visitRecords(segment, (location, words, at) => {
          if (location === this.guarded) return;
          this.#heap.index.locate(hashAt(words, at), location);
          this.drop(location);
        });
      }
    }
    return segments.available > before;
  }
}
