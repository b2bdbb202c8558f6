import { assert } from '../assert.ts';
import { addWords, DECIMAL_DIGITS_MAX, parseDecimal, subtractWords, writeDecimal } from '../decimal64.ts';
import type { Engine, EngineOptions, EngineStats } from '../engine.ts';
import { Mark, MissCause } from '../found-item.ts';
import type { FoundItem } from '../found-item.ts';
import type { KeyRef } from '../key-ref.ts';
import type { PinnedValue, Reservation } from '../large-value.ts';
import { KEY_BYTES_MAX, NUMBER_TEXT_BYTES_MAX, VALUE_BYTES_MAX_DEFAULT } from '../limits.ts';
import { Status } from '../status.ts';
import type { ArithmeticStatus, StampStatus, StoreStatus } from '../status.ts';
import { StoreMode } from '../store-request.ts';
import type { StoreRequest } from '../store-request.ts';
import { VersionCounter } from '../version-counter.ts';
import { createWord64 } from '../word64.ts';
import type { Word64 } from '../word64.ts';
import { FoundRecord } from './found-record.ts';
import type { Heap } from './heap.ts';
import {
  bitsAt,
  chainCount,
  deadlineOfMs,
  hashAt,
  RECORD_HEADER_BYTES,
  setDeadline,
  setRead,
  setValueBytesAndBits,
  setVersion,
  STALE_BIT,
  VALUE_BYTES_LIMIT,
  valueBytesAt,
  valueOffset,
  versionHighAt,
  versionLowAt,
  WON_BIT,
} from './layout.ts';
import { scanPartition } from './partition-scan.ts';
import { Room } from './room.ts';
import { Use } from './segment-table.ts';
import { StoreCore } from './store-core.ts';
import { Storing } from './storing.ts';
import { copyRange, partsOf } from './value-parts.ts';
import { judge, STORE_STALE } from './verdict.ts';
import { verifyCore } from './verify.ts';

const SPACE = 0x20;
const NOT_FLUSHING = Infinity;
/** The cursor is nowhere: no record has this location. */
const NOWHERE = 0;

export interface SegmentEngineOptions extends EngineOptions {
  /** A power of 2, 1 KiB or more; the memory limit decides when not given. */
  readonly segmentBytes?: number;
  /** Overwrites memory that is given back, so that a read of it shows. For tests. */
  readonly poison?: boolean;
}

/** The engine that keeps its items off the JavaScript heap: see docs/engine.md. */
class SegmentEngine implements Engine {
  readonly valueBytesMax: number;
  readonly number: Word64 = createWord64();
  missCause: MissCause = MissCause.absent;
  readonly #core: StoreCore;
  readonly #heap: Heap;
  readonly #storing: Storing;
  readonly #versions: VersionCounter;
  readonly #found = new FoundRecord();
  readonly #presentVersion: Word64 = createWord64();
  readonly #numberText = new Uint8Array(NUMBER_TEXT_BYTES_MAX + DECIMAL_DIGITS_MAX);
  #cursor: number = NOWHERE;
  #nowMs = 0;
  #nowSeconds = 0;
  #flushAtMs = NOT_FLUSHING;

  constructor(options: SegmentEngineOptions) {
    this.valueBytesMax = options.valueBytesMax ?? VALUE_BYTES_MAX_DEFAULT;
    assert(this.valueBytesMax <= VALUE_BYTES_LIMIT, 'valueBytesMax fits its field');
    this.#core = new StoreCore(options);
    this.#heap = this.#core.heap;
    this.#versions = new VersionCounter(options.versionCounter ?? 0);
    this.#storing = new Storing(this.#core, this.#versions, this.valueBytesMax);
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
    this.#cursor = NOWHERE;
    if (nowMs <= this.#nowMs) return;
    this.#nowMs = nowMs;
    this.#nowSeconds = Math.floor(nowMs / 1000);
    this.#core.segments.nowSeconds = this.#nowSeconds;
    if (this.#flushAtMs <= nowMs) this.#flushNow();
    this.#core.reclaimer.sweep();
  }

  find(key: KeyRef, peek: boolean): boolean {
    const location = this.#lookUp(key);
    this.#cursor = location;
    if (location === NOWHERE) return false;
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    this.#describe(words, at);
    if (!peek) {
      this.#core.index.countAccess();
      setRead(words, at, this.#nowSeconds);
    }
    return true;
  }

  copyKey(target: Uint8Array, offset: number): void {
    const location = this.#atCursor();
    const start = this.#heap.wordAt(location) * 4 + RECORD_HEADER_BYTES;
    const { copier } = this.#heap;
    copier.out(this.#heap.bytesOf(location), this.#heap.viewOf(location), start, target, offset, this.#found.keyBytes);
  }

  copyValue(target: Uint8Array, offset: number, from: number, to: number): void {
    const location = this.#atCursor();
    const heap = this.#heap;
    const { keyBytes, valueBytes } = this.#found;
    if (chainCount(keyBytes, valueBytes, heap.segmentBytes) > 0) {
      return copyRange(partsOf(heap, location), target, offset, from, to);
    }
    const start = heap.wordAt(location) * 4 + valueOffset(keyBytes, false) + from;
    heap.copier.out(heap.bytesOf(location), heap.viewOf(location), start, target, offset, to - from);
  }

  pinValue(): PinnedValue {
    const location = this.#atCursor();
    const chunks = partsOf(this.#heap, location);
    const held = this.#core.hold(location);
    let isHeld = true;
    return {
      chunks,
      release: () => {
        assert(isHeld, 'a pinned value is released once');
        isHeld = false;
        this.#core.release(held);
      },
    };
  }

  store(request: StoreRequest): StoreStatus {
    return this.#put(request, undefined);
  }

  reserve(keyBytes: number, valueBytes: number): Reservation | undefined {
    this.#cursor = NOWHERE;
    return valueBytes > this.valueBytesMax ? undefined : this.#core.reserve(keyBytes, valueBytes);
  }

  storeReserved(request: StoreRequest, reservation: Reservation): StoreStatus {
    assert(reservation instanceof Room, 'a reservation is of the engine that stores it');
    reservation.close();
    return this.#put(request, reservation);
  }

  arithmetic(delta: Readonly<Word64>, decrement: boolean, version?: Readonly<Word64>): ArithmeticStatus {
    const location = this.#atCursor();
    const { number } = this;
    const heap = this.#heap;
    const words = heap.wordsOf(location);
    const at = heap.wordAt(location);
    const length = valueBytesAt(words, at);
    const start = heap.valueAt(location);
    if (length > NUMBER_TEXT_BYTES_MAX || heap.chainsAt(words, at) > 0) return Status.nonNumeric;
    if (!parseDecimal(heap.bytesOf(location), start, start + length, number)) return Status.nonNumeric;
    if (decrement) subtractWords(number, delta);
    else addWords(number, delta);
    this.#numberText.fill(SPACE);
    const valueBytes = Math.max(writeDecimal(this.#numberText, 0, number), length);
    if (version === undefined && this.#versions.exhausted) return Status.versionsExhausted;
    const rewritten = this.#storing.rewrite(location, this.#numberText, valueBytes);
    if (rewritten === undefined) return Status.outOfMemory;
    this.#cursor = rewritten;
    this.#stampAt(rewritten, version);
    return Status.done;
  }

  touch(expiresAtMs: number): void {
    const location = this.#atCursor();
    const words = this.#heap.wordsOf(location);
    setDeadline(words, this.#heap.wordAt(location), deadlineOfMs(expiresAtMs));
    this.#describe(words, this.#heap.wordAt(location));
  }

  mark(set: number, clear: number): void {
    const location = this.#atCursor();
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    const bits = (bitsAt(words, at) | recordBits(set)) & ~recordBits(clear);
    setValueBytesAndBits(words, at, valueBytesAt(words, at), bits);
    this.#describe(words, at);
  }

  stamp(version?: Readonly<Word64>): StampStatus {
    const location = this.#atCursor();
    if (version === undefined && this.#versions.exhausted) return Status.versionsExhausted;
    this.#stampAt(location, version);
    return Status.done;
  }

  remove(): void {
    const location = this.#atCursor();
    this.#cursor = NOWHERE;
    this.#core.index.locate(hashAt(this.#heap.wordsOf(location), this.#heap.wordAt(location)), location);
    this.#heap.kill(location);
    if (!this.#versions.exhausted) this.#versions.next();
  }

  flushAll(atMs: number): void {
    this.#cursor = NOWHERE;
    this.#flushAtMs = atMs;
    if (atMs <= this.#nowMs) this.#flushNow();
  }

  setMemoryLimit(bytes: number): void {
    this.#cursor = NOWHERE;
    this.#core.setLimit(bytes);
  }

  scanPartition(
    partition: number,
    partitionBits: number,
    position: number,
    itemsMax: number,
    visit: () => void,
  ): number {
    const next = scanPartition(this.#heap, partition, partitionBits, position, itemsMax, (location) => {
      this.#cursor = location;
      this.#describe(this.#heap.wordsOf(location), this.#heap.wordAt(location));
      visit();
    });
    this.#cursor = NOWHERE;
    return next;
  }

  dropPartitions(partitionBits: number, drop: Uint8Array): void {
    assert(drop.length === 2 ** partitionBits, 'one entry for each partition');
    this.#cursor = NOWHERE;
    this.#heap.dropPartitions(partitionBits, drop);
  }

  stats(): EngineStats {
    const { segments, tally } = this.#core;
    const { segmentBytes } = this.#heap;
    return {
      ...tally,
      items: this.#heap.items,
      memoryUsedBytes: this.#core.usedBytes,
      memoryLimitBytes: this.#core.limitBytes,
      reservedBytes: (segments.count[Use.reserved]! + segments.count[Use.transit]!) * segmentBytes,
      pinnedBytes: segments.heldCount * segmentBytes,
      versionCounter: this.#versions.counter,
    };
  }

  verify(): string[] {
    return verifyCore(this.#core);
  }

  #atCursor(): number {
    assert(this.#cursor !== NOWHERE, 'the cursor is on an item');
    return this.#cursor;
  }

  #stampAt(location: number, version: Readonly<Word64> | undefined): void {
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    const { high, low } = this.#versions.next(version);
    setVersion(words, at, high, low);
    this.#describe(words, at);
  }

  #describe(words: Int32Array, at: number): void {
    const heap = this.#heap;
    const bytes = heap.costAt(words, at);
    this.#found.describe(words, at, bytes, this.#nowSeconds);
  }

  /** The live record of a key, with the index on its entry. Frees a dead one, and says in missCause why there is none. */
  #lookUp(key: KeyRef): number {
    const location = this.#core.index.find(key.hashHigh | 0, key.bytes, key.start, key.end);
    if (location === 0) {
      this.missCause = MissCause.absent;
      return NOWHERE;
    }
    const death = this.#heap.deathOf(location);
    if (death === undefined) return location;
    this.missCause = death;
    this.#core.reclaimer.drop(location);
    return NOWHERE;
  }

  #put(request: StoreRequest, room: Room | undefined): StoreStatus {
    this.#cursor = NOWHERE;
    const { key, mode } = request;
    assert(key.end > key.start && key.end - key.start <= KEY_BYTES_MAX, 'a key has 1 to KEY_BYTES_MAX bytes');
    const present = this.#lookUp(key);
    const status = this.#judge(request, present);
    const asStale = status === STORE_STALE;
    if (!asStale && status !== Status.done) {
      if (present !== NOWHERE && mode === StoreMode.add) this.#core.index.countAccess();
      room?.discard();
      return status;
    }
    const stored = isJoin(mode)
      ? this.#storing.join(request, present, room)
      : this.#storing.place(request, present, room, asStale);
    if (stored === Status.done) this.#core.tally.storesTotal++;
    else room?.discard();
    return stored;
  }

  #judge(request: StoreRequest, present: number): StoreStatus | typeof STORE_STALE {
    if (present === NOWHERE) return judge(request, undefined);
    const words = this.#heap.wordsOf(present);
    const at = this.#heap.wordAt(present);
    this.#presentVersion.high = versionHighAt(words, at);
    this.#presentVersion.low = versionLowAt(words, at);
    return judge(request, this.#presentVersion);
  }

  #flushNow(): void {
    this.#heap.flush();
    this.#flushAtMs = NOT_FLUSHING;
  }
}

function isJoin(mode: StoreMode): boolean {
  return mode === StoreMode.append || mode === StoreMode.prepend;
}

/** Bits of Mark as bits of a record. */
function recordBits(marks: number): number {
  return ((marks & Mark.won) === 0 ? 0 : WON_BIT) | ((marks & Mark.stale) === 0 ? 0 : STALE_BIT);
}

export function createSegmentEngine(options: SegmentEngineOptions): Engine {
  return new SegmentEngine(options);
}
