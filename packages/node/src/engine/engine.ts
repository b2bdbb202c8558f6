import type { FoundItem, MissCause } from './found-item.ts';
import type { KeyRef } from './key-ref.ts';
import type { PinnedValue, Reservation } from './large-value.ts';
import type { ArithmeticStatus, StampStatus, StoreStatus } from './status.ts';
import type { StoreRequest } from './store-request.ts';
import type { Word64 } from './word64.ts';

/**
 * A cache of items in one thread, under one memory limit.
 *
 * The interface is made for a store that keeps no object per item: requests are reusable objects of offsets, results
 * are fields that the next call overwrites, and only values above the caller's copy threshold (reserve, pinValue) may
 * allocate. The engine knows no clock, chance, socket or log.
 *
 * **Cursor.** `find` puts the cursor on an item; `found`, copyKey, copyValue, pinValue, arithmetic, touch, mark, stamp and
 * remove speak of that item. The cursor stays through arithmetic, touch, mark and stamp, which also refresh `found`;
 * remove, store, reserve, storeReserved, advance, flushAll, setMemoryLimit, dropPartitions and scanPartition end it.
 * Comparing a version before removing or counting is the caller's: nothing can come between two calls of one turn.
 *
 * **Time.** Milliseconds on one scale of the owner's choice, told by `advance`. An item is a miss from its deadline on.
 * An engine may keep deadlines in whole seconds, rounded down; never up.
 *
 * **Versions.** 64 bits: the ownership epoch, 24 bits, and a counter of the engine, 40 bits. Every store, arithmetic,
 * stamp and remove takes the next one. The counter never goes back, also when the epoch changes, so the versions of a
 * key grow strictly as long as the epochs told for it never fall.
 */
export interface Engine {
  /** Largest value it takes, bytes. */
  readonly valueBytesMax: number;

  /** The only clock: called once per turn, before anything else. A time before the last one is ignored. */
  advance(nowMs: number): void;

  /**
   * Looks for a live item; expired and flushed ones are absent. Counts as an access (recency, last access, fetched) unless
   * it peeks.
   */
  find(key: KeyRef, peek: boolean): boolean;
  readonly found: FoundItem;
  readonly missCause: MissCause;

  /** Copies the found item's key, keyBytes long, to target at offset. */
  copyKey(target: Uint8Array, offset: number): void;
  /** Copies bytes [from, to) of the found item's value to target at offset. */
  copyValue(target: Uint8Array, offset: number, from: number, to: number): void;
  /** Holds the found item's value for sending without a copy. */
  pinValue(): PinnedValue;

  /** Stores if the request's conditions hold. What is refused changes nothing. */
  store(request: StoreRequest): StoreStatus;
  /** Makes room for a large value; undefined when there is none to be had, or when it is above valueBytesMax. */
  reserve(keyBytes: number, valueBytes: number): Reservation | undefined;
  /** Stores a filled reservation as the value; whatever the outcome, the reservation is used up. */
  storeReserved(request: StoreRequest, reservation: Reservation): StoreStatus;

  /**
   * Adds to the found item's number, modulo 2^64, or subtracts from it, down to 0. The new number is in `number`; in the
   * value it is padded with spaces to the old length when it became shorter. Flags, deadline, lease bits and `fetched` stay;
   * for recency it counts as an access.
   */
  arithmetic(delta: Readonly<Word64>, decrement: boolean, version?: Readonly<Word64>): ArithmeticStatus;
  /** Result of the last arithmetic that was done. */
  readonly number: Readonly<Word64>;
  /** Gives the found item another deadline, 0 for never. */
  touch(expiresAtMs: number): void;
  /** Sets and clears bits of Mark on the found item. */
  mark(set: number, clear: number): void;
  /** Gives the found item a new version, or this one. */
  stamp(version?: Readonly<Word64>): StampStatus;
  /** Removes the found item. A removal takes a version as well, so that it can be ordered against stores, but is never refused. */
  remove(): void;

  /** Version that the last successful store, storeReserved, arithmetic, stamp or remove has given. */
  readonly version: Readonly<Word64>;
  /** Epoch of the versions from now on, 0..OWNERSHIP_EPOCH_MAX: that of the partition the next mutation is in. */
  setOwnershipEpoch(epoch: number): void;

  /**
   * Everything stored before `atMs` is a miss from then on: at once when that moment has come, otherwise when the clock
   * gets there. A later call replaces one still waiting. Memory comes back in time, not now.
   */
  flushAll(atMs: number): void;
  /** New limit, up or down. On return no more than it is used, except for what is pinned or reserved. */
  setMemoryLimit(bytes: number): void;

  /**
   * Visits live items of a partition (see partitionOfHash), at most `itemsMax`, with the cursor on each; the visitor may
   * read, not change. Starts at 0 and goes on at the returned position, which is -1 at the end. An item that is there from
   * the first call to the last is visited at least once; one that is stored meanwhile may be.
   */
  scanPartition(
    partition: number,
    partitionBits: number,
    position: number,
    itemsMax: number,
    visit: () => void,
  ): number;
  /** Every item now in a partition p with drop[p] === 1 is a miss from now on. drop has 2^partitionBits entries. Memory comes back in time. */
  dropPartitions(partitionBits: number, drop: Uint8Array): void;

  stats(): EngineStats;
  /** Broken invariants in words; empty when healthy. Walks everything: for tests and for the operator. */
  verify(): string[];
}

/** Numbers since the engine was made (totals) and of this moment. A new object per call: not for the hot path. */
export interface EngineStats {
  /** Items held, with the expired and flushed ones that are not yet freed. */
  readonly items: number;
  /** Keys, values and the overhead of both, reservations and pinned values with them. */
  readonly memoryUsedBytes: number;
  readonly memoryLimitBytes: number;
  readonly reservedBytes: number;
  readonly pinnedBytes: number;
  /** Stores that were done. */
  readonly storesTotal: number;
  /** Live items dropped to make room, and those of them that were never read. */
  readonly evictionsTotal: number;
  readonly evictedUnreadTotal: number;
  /** Time since its last access of the last evicted item; 0 before the first. */
  readonly evictionAgeMs: number;
  /** Expired items found and freed, and those of them that were never read. */
  readonly expirationsTotal: number;
  readonly expiredUnreadTotal: number;
  /** Mutations so far, of VERSION_COUNTER_MAX. */
  readonly versionCounter: number;
}

/** Options every engine takes. */
export interface EngineOptions {
  readonly memoryLimitBytes: number;
  /** VALUE_BYTES_MAX_DEFAULT when not given. */
  readonly valueBytesMax?: number;
  /** Where the counter of versions goes on, for an engine that continues another; 0 when not given. */
  readonly versionCounter?: number;
}
