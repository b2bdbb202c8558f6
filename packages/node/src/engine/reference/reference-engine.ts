import { assert } from '../assert.ts';
import { addWords, DECIMAL_DIGITS_MAX, parseDecimal, subtractWords, writeDecimal } from '../decimal64.ts';
import type { Engine, EngineOptions, EngineStats } from '../engine.ts';
import { Mark, MissCause } from '../found-item.ts';
import type { FoundItem } from '../found-item.ts';
import { partitionOfHash } from '../key-ref.ts';
import type { KeyRef } from '../key-ref.ts';
import type { PinnedValue, Reservation } from '../large-value.ts';
import { KEY_BYTES_MAX, VALUE_BYTES_MAX_DEFAULT } from '../limits.ts';
import { Status } from '../status.ts';
import type { ArithmeticStatus, StampStatus, StoreStatus } from '../status.ts';
import { StoreMode } from '../store-request.ts';
import type { StoreRequest } from '../store-request.ts';
import { VersionCounter } from '../version-counter.ts';
import { createWord64 } from '../word64.ts';
import type { Word64 } from '../word64.ts';
import { FoundFields } from './found-fields.ts';
import { ItemTable } from './item-table.ts';
import { bytesOf, itemBytes, keyTextOf } from './item.ts';
import type { Item } from './item.ts';
import { ArrayReservation } from './reservation.ts';
import { judge } from './verdict.ts';

const SPACE = 0x20;
const NOT_FLUSHING = Infinity;

/**
 * The engine whose behaviour defines the interface: a Map, exact LRU, an object and an array per item. It is the oracle that
 * other engines are tested against, so it prefers being plainly right to being fast.
 *
 * Expired and flushed items are freed when a lookup or an eviction meets them.
 */
class ReferenceEngine implements Engine {
  readonly valueBytesMax: number;
  readonly number: Word64 = createWord64();
  missCause: MissCause = MissCause.absent;
  readonly #table: ItemTable;
  readonly #versions: VersionCounter;
  readonly #found = new FoundFields();
  #cursor: Item | undefined;
  #nowMs = 0;
  #serial = 0;
  /** Items up to this serial are flushed. */
  #flushedSerial = 0;
  #flushAtMs = NOT_FLUSHING;
  #storesTotal = 0;
  #evictionsTotal = 0;
  #evictedUnreadTotal = 0;
  #evictionAgeMs = 0;
  #expirationsTotal = 0;
  #expiredUnreadTotal = 0;

  constructor(options: EngineOptions) {
    this.valueBytesMax = options.valueBytesMax ?? VALUE_BYTES_MAX_DEFAULT;
    this.#table = new ItemTable(options.memoryLimitBytes, (item) => this.#countEviction(item));
    this.#versions = new VersionCounter(options.versionCounter ?? 0);
  }

  get found(): FoundItem {
    return this.#found;
  }

  get version(): Readonly<Word64> {
    return this.#versions.last;
  }

  setOwnershipEpoch(epoch: number): void {
    this.#versions.setEpoch(epoch);
  }

  advance(nowMs: number): void {
    this.#cursor = undefined;
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    if (this.#flushAtMs <= this.#nowMs) this.#flushNow();
  }

  find(key: KeyRef, peek: boolean): boolean {
    const item = this.#lookUp(key);
    this.#cursor = item;
    if (item === undefined) return false;
    this.#found.describe(item);
    if (!peek) {
      this.#table.bump(item);
      item.lastAccessMs = this.#nowMs;
      item.fetched = true;
    }
    return true;
  }

  copyKey(target: Uint8Array, offset: number): void {
    const { keyText } = this.#atCursor();
    for (let i = 0; i < keyText.length; i++) target[offset + i] = keyText.charCodeAt(i);
  }

  copyValue(target: Uint8Array, offset: number, from: number, to: number): void {
    target.set(this.#atCursor().value.subarray(from, to), offset);
  }

  pinValue(): PinnedValue {
    const item = this.#atCursor();
    this.#table.pin(item);
    let held = true;
    return {
      chunks: [item.value],
      release: () => {
        assert(held, 'a pinned value is released once');
        held = false;
        this.#table.unpin(item);
      },
    };
  }

  store(request: StoreRequest): StoreStatus {
    return this.#put(request, request.valueBytes.subarray(request.valueStart, request.valueEnd), undefined);
  }

  reserve(keyBytes: number, valueBytes: number): Reservation | undefined {
    this.#cursor = undefined;
    const bytes = itemBytes(keyBytes, valueBytes);
    if (valueBytes > this.valueBytesMax || !this.#table.canHold(bytes)) return undefined;
    this.#table.makeRoom(bytes);
    this.#table.reserve(bytes);
    return new ArrayReservation(valueBytes, bytes, (ended) => this.#table.unreserve(ended.reservedBytes));
  }

  storeReserved(request: StoreRequest, reservation: Reservation): StoreStatus {
    assert(reservation instanceof ArrayReservation, 'a reservation is of the engine that stores it');
    reservation.close();
    return this.#put(request, reservation.value, reservation);
  }

  arithmetic(delta: Readonly<Word64>, decrement: boolean, version?: Readonly<Word64>): ArithmeticStatus {
    const item = this.#atCursor();
    const { number } = this;
    if (!parseDecimal(item.value, 0, item.value.length, number)) return Status.nonNumeric;
    if (decrement) subtractWords(number, delta);
    else addWords(number, delta);
    const text = new Uint8Array(Math.max(DECIMAL_DIGITS_MAX, item.value.length)).fill(SPACE);
    const digits = writeDecimal(text, 0, number);
    const value = text.subarray(0, Math.max(digits, item.value.length));
    if (!this.#table.canHold(itemBytes(item.keyText.length, value.length))) return Status.outOfMemory;
    if (version === undefined && this.#versions.exhausted) return Status.versionsExhausted;
    const { high, low } = this.#versions.next(version);
    this.#replace(item, { ...item, value, version: { high, low }, lastAccessMs: this.#nowMs, pins: 0 });
    return Status.done;
  }

  touch(expiresAtMs: number): void {
    const item = this.#atCursor();
    item.expiresAtMs = expiresAtMs;
    this.#found.describe(item);
  }

  mark(set: number, clear: number): void {
    const item = this.#atCursor();
    const bits = ((item.won ? Mark.won : 0) | (item.stale ? Mark.stale : 0) | set) & ~clear;
    item.won = (bits & Mark.won) !== 0;
    item.stale = (bits & Mark.stale) !== 0;
    this.#found.describe(item);
  }

  stamp(version?: Readonly<Word64>): StampStatus {
    const item = this.#atCursor();
    if (version === undefined && this.#versions.exhausted) return Status.versionsExhausted;
    const { high, low } = this.#versions.next(version);
    item.version = { high, low };
    this.#found.describe(item);
    return Status.done;
  }

  remove(): void {
    this.#table.unlink(this.#atCursor());
    this.#cursor = undefined;
    if (!this.#versions.exhausted) this.#versions.next();
  }

  flushAll(atMs: number): void {
    this.#cursor = undefined;
    this.#flushAtMs = atMs;
    if (atMs <= this.#nowMs) this.#flushNow();
  }

  setMemoryLimit(bytes: number): void {
    this.#cursor = undefined;
    this.#table.setLimit(bytes);
  }

  scanPartition(
    partition: number,
    partitionBits: number,
    position: number,
    itemsMax: number,
    visit: () => void,
  ): number {
    const ahead: Item[] = [];
    for (const item of this.#table.values()) {
      const inPartition = partitionOfHash(item.hashHigh, partitionBits) === partition;
      if (inPartition && item.serial > position && this.#deathOf(item) === undefined) ahead.push(item);
    }
    ahead.sort((a, b) => a.serial - b.serial);
    for (const item of ahead.slice(0, itemsMax)) {
      this.#cursor = item;
      this.#found.describe(item);
      visit();
    }
    this.#cursor = undefined;
    return ahead.length > itemsMax ? ahead[itemsMax - 1]!.serial : -1;
  }

  dropPartitions(partitionBits: number, drop: Uint8Array): void {
    assert(drop.length === 2 ** partitionBits, 'one entry for each partition');
    this.#cursor = undefined;
    for (const item of this.#table.values()) {
      if (drop[partitionOfHash(item.hashHigh, partitionBits)] === 1) this.#table.unlink(item);
    }
  }

  stats(): EngineStats {
    return {
      items: this.#table.count,
      memoryUsedBytes: this.#table.usedBytes,
      memoryLimitBytes: this.#table.limitBytes,
      reservedBytes: this.#table.reservedBytes,
      pinnedBytes: this.#table.pinnedBytes,
      storesTotal: this.#storesTotal,
      evictionsTotal: this.#evictionsTotal,
      evictedUnreadTotal: this.#evictedUnreadTotal,
      evictionAgeMs: this.#evictionAgeMs,
      expirationsTotal: this.#expirationsTotal,
      expiredUnreadTotal: this.#expiredUnreadTotal,
      versionCounter: this.#versions.counter,
    };
  }

  verify(): string[] {
    const faults = this.#table.verify();
    const serials = new Set<number>();
    for (const item of this.#table.values()) {
      if (item.serial > this.#serial || serials.has(item.serial)) faults.push(`serial ${item.serial} is not its own`);
      serials.add(item.serial);
      if (item.lastAccessMs > this.#nowMs) faults.push(`item ${item.serial} was accessed in the future`);
    }
    return faults;
  }

  #atCursor(): Item {
    assert(this.#cursor !== undefined, 'the cursor is on an item');
    return this.#cursor;
  }

  /** Why an item may not be read any more, or undefined. */
  #deathOf(item: Item): MissCause | undefined {
    if (item.serial <= this.#flushedSerial) return MissCause.flushed;
    return item.expiresAtMs !== 0 && item.expiresAtMs <= this.#nowMs ? MissCause.expired : undefined;
  }

  /** The live item of a key. Frees a dead one, and says in missCause why there is none. */
  #lookUp(key: KeyRef): Item | undefined {
    const item = this.#table.get(keyTextOf(key));
    const death = item === undefined ? MissCause.absent : this.#deathOf(item);
    if (item === undefined || death !== undefined) {
      this.missCause = death ?? MissCause.absent;
      if (item !== undefined) this.#free(item);
      return undefined;
    }
    return item;
  }

  #put(request: StoreRequest, body: Uint8Array, reservation: ArrayReservation | undefined): StoreStatus {
    this.#cursor = undefined;
    const { key } = request;
    assert(key.end - key.start > 0 && key.end - key.start <= KEY_BYTES_MAX, 'a key has 1 to KEY_BYTES_MAX bytes');
    const present = this.#lookUp(key);
    const verdict = judge(request, present);
    if (verdict !== Status.done && verdict !== 'storeStale') {
      if (present !== undefined && request.mode === StoreMode.add) this.#table.bump(present);
      return verdict;
    }
    const joined = joinedValue(request.mode, present, body, reservation !== undefined);
    if (joined.length > this.valueBytesMax) return Status.tooLarge;
    if (!this.#table.canHold(itemBytes(key.end - key.start, joined.length))) return Status.outOfMemory;
    if (request.version === undefined && this.#versions.exhausted) return Status.versionsExhausted;
    this.#replace(present, this.#newItem(request, joined, present, verdict === 'storeStale'));
    this.#cursor = undefined;
    this.#storesTotal++;
    return Status.done;
  }

  #newItem(request: StoreRequest, value: Uint8Array, present: Item | undefined, asStale: boolean): Item {
    const keepsHeader = request.mode === StoreMode.append || request.mode === StoreMode.prepend;
    const { high, low } = this.#versions.next(request.version);
    return {
      keyText: keyTextOf(request.key),
      hashHigh: request.key.hashHigh,
      value,
      flags: keepsHeader && present !== undefined ? present.flags : request.flags,
      serial: ++this.#serial,
      expiresAtMs: (keepsHeader || asStale) && present !== undefined ? present.expiresAtMs : request.expiresAtMs,
      version: { high, low },
      lastAccessMs: this.#nowMs,
      fetched: false,
      won: asStale && present !== undefined && present.won,
      stale: asStale,
      pins: 0,
    };
  }

  /** Puts an item in the place of another, which gives its room first. canHold has said that the rest can be evicted. */
  #replace(present: Item | undefined, item: Item): void {
    if (present !== undefined) this.#table.unlink(present);
    this.#table.makeRoom(bytesOf(item));
    this.#table.link(item);
    this.#cursor = item;
    this.#found.describe(item);
  }

  #flushNow(): void {
    this.#flushedSerial = this.#serial;
    this.#flushAtMs = NOT_FLUSHING;
  }

  #free(item: Item): void {
    this.#countDeath(item);
    this.#table.unlink(item);
  }

  #countEviction(item: Item): void {
    if (this.#deathOf(item) !== undefined) return this.#countDeath(item);
    this.#evictionsTotal++;
    if (!item.fetched) this.#evictedUnreadTotal++;
    this.#evictionAgeMs = this.#nowMs - item.lastAccessMs;
  }

  #countDeath(item: Item): void {
    if (this.#deathOf(item) !== MissCause.expired) return;
    this.#expirationsTotal++;
    if (!item.fetched) this.#expiredUnreadTotal++;
  }
}

/** The value to store, in an array of its own. */
function joinedValue(mode: StoreMode, present: Item | undefined, body: Uint8Array, owned: boolean): Uint8Array {
  const joins = present !== undefined && (mode === StoreMode.append || mode === StoreMode.prepend);
  if (!joins) return owned ? body : body.slice();
  const joined = new Uint8Array(present.value.length + body.length);
  joined.set(mode === StoreMode.append ? present.value : body, 0);
  joined.set(
    mode === StoreMode.append ? body : present.value,
    mode === StoreMode.append ? present.value.length : body.length,
  );
  return joined;
}

export function createReferenceEngine(options: EngineOptions): Engine {
  return new ReferenceEngine(options);
}
