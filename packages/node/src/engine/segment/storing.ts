import type { KeyRef } from '../key-ref.ts';
import { Status } from '../status.ts';
import type { StoreStatus } from '../status.ts';
import { StoreMode } from '../store-request.ts';
import type { StoreRequest } from '../store-request.ts';
import type { VersionCounter } from '../version-counter.ts';
import type { Heap } from './heap.ts';
import {
  bitsAt,
  chainCount,
  deadlineAt,
  deadlineOfMs,
  flagsAt,
  hashAt,
  inlineBytes,
  keyBytesAt,
  RECORD_HEADER_BYTES,
  recordBytes,
  setDeadline,
  setFlags,
  setHash,
  setKeyBytesAndAccess,
  setValueBytesAndBits,
  setVersion,
  STALE_BIT,
  valueBytesAt,
  WON_BIT,
} from './layout.ts';
import type { Room } from './room.ts';
import { Use } from './segment-table.ts';
import type { StoreCore } from './store-core.ts';
import { copyParts, partsOf } from './value-parts.ts';

/** Writes items: in place when the new record fits, otherwise at the end of the queue. Location 0 is no item. */
export class Storing {
  readonly #core: StoreCore;
  readonly #heap: Heap;
  readonly #versions: VersionCounter;
  readonly #valueBytesMax: number;

  constructor(core: StoreCore, versions: VersionCounter, valueBytesMax: number) {
    this.#core = core;
    this.#heap = core.heap;
    this.#versions = versions;
    this.#valueBytesMax = valueBytesMax;
  }

  /** set, add and replace, with the index on the entry of what is there. */
  place(request: StoreRequest, present: number, room: Room | undefined, asStale: boolean): StoreStatus {
    const heap = this.#heap;
    const keyBytes = request.key.end - request.key.start;
    const valueBytes = bodyBytes(request, room);
    if (valueBytes > this.#valueBytesMax) return Status.tooLarge;
    const deadline = asStale
      ? deadlineAt(heap.wordsOf(present), heap.wordAt(present))
      : deadlineOfMs(request.expiresAtMs);
    const bits = asStale ? STALE_BIT | (bitsAt(heap.wordsOf(present), heap.wordAt(present)) & WON_BIT) : 0;
    if (room === undefined && present !== 0 && this.#fits(present, keyBytes, valueBytes, deadline)) {
      if (this.#isExhausted(request)) return Status.versionsExhausted;
      heap.resize(present, recordBytes(keyBytes, valueBytes, false));
      this.#writeHeader(present, request.key, valueBytes, bits);
      this.#finish(present, request, deadline, request.flags);
      this.#writeBody(present, request);
      return Status.done;
    }
    return this.#placeAnew(request, present, room, deadline, bits);
  }

  /** append and prepend. */
  join(request: StoreRequest, present: number, room: Room | undefined): StoreStatus {
    const heap = this.#heap;
    const words = heap.wordsOf(present);
    const at = heap.wordAt(present);
    const presentBytes = valueBytesAt(words, at);
    const keyBytes = keyBytesAt(words, at);
    const valueBytes = presentBytes + bodyBytes(request, room);
    const deadline = deadlineAt(words, at);
    const flags = flagsAt(words, at);
    if (valueBytes > this.#valueBytesMax) return Status.tooLarge;
    if (
      request.mode === StoreMode.append &&
      room === undefined &&
      this.#fits(present, keyBytes, valueBytes, deadline)
    ) {
      if (this.#isExhausted(request)) return Status.versionsExhausted;
      heap.resize(present, recordBytes(keyBytes, valueBytes, false));
      this.#writeHeader(present, request.key, valueBytes, 0);
      this.#finish(present, request, deadline, flags);
      this.#writeBytes(present, presentBytes, request.valueBytes, request.valueStart, request.valueEnd);
      return Status.done;
    }
    return this.#replacing(present, keyBytes, valueBytes, request, (location) => {
      this.#writeHeader(location, request.key, valueBytes, 0);
      this.#core.takeChain(location);
      this.#finish(location, request, deadline, flags);
      const old = partsOf(heap, present);
      const body = room?.parts ?? [request.valueBytes.subarray(request.valueStart, request.valueEnd)];
      copyParts(request.mode === StoreMode.append ? [...old, ...body] : [...body, ...old], partsOf(heap, location));
      room?.discard();
    });
  }

  /** Gives a record another small value, an access, and nothing else. Where it stands then; undefined when there is no room. */
  rewrite(present: number, text: Uint8Array, valueBytes: number): number | undefined {
    const heap = this.#heap;
    const words = heap.wordsOf(present);
    const at = heap.wordAt(present);
    const keyBytes = keyBytesAt(words, at);
    const hash = hashAt(words, at);
    const bytes = recordBytes(keyBytes, valueBytes, false);
    let written = present;
    if (!this.#core.isPinned(present) && heap.capacityOf(present, bytes) >= bytes) {
      heap.resize(present, bytes);
      this.#writeText(present, keyBytes, text, valueBytes);
    } else {
      const status = this.#replacing(present, keyBytes, valueBytes, undefined, (location) => {
        written = location;
        const start = heap.wordAt(location);
        const headerWords = recordBytes(keyBytes, 0, false) >> 2;
        heap.wordsOf(location).set(words.subarray(at, at + headerWords), start);
        heap.noteDeadline(location, deadlineAt(words, at));
        this.#writeText(location, keyBytes, text, valueBytes);
      });
      if (status !== Status.done) return undefined;
    }
    this.#core.index.locate(hash, written);
    this.#core.index.countAccess();
    return written;
  }

  #writeText(location: number, keyBytes: number, text: Uint8Array, valueBytes: number): void {
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    setKeyBytesAndAccess(words, at, keyBytes, this.#core.segments.nowSeconds);
    setValueBytesAndBits(words, at, valueBytes, bitsAt(words, at));
    this.#writeBytes(location, 0, text, 0, valueBytes);
  }

  /** Writes the item at the end of a queue: that of the present one, unless it was short-lived. */
  #placeAnew(
    request: StoreRequest,
    present: number,
    room: Room | undefined,
    deadline: number,
    bits: number,
  ): StoreStatus {
    const core = this.#core;
    const hash = request.key.hashHigh | 0;
    const keyBytes = request.key.end - request.key.start;
    const valueBytes = bodyBytes(request, room);
    const chains = chainCount(keyBytes, valueBytes, this.#heap.segmentBytes);
    const adopts = room !== undefined && room.chain.length === chains;
    const freeChains = adopts ? 0 : chains;
    if (!core.canHold(freeChains)) return Status.outOfMemory;
    if (this.#isExhausted(request)) return Status.versionsExhausted;
    const queue = this.#queueOf(present, hash, deadline);
    const frequency = present === 0 ? 0 : core.index.frequency;
    if (present === 0) core.makeSlot(hash, freeChains);
    else this.#heap.kill(present);
    const bytes = recordBytes(keyBytes, inlineBytes(valueBytes, chains, this.#heap.segmentBytes), chains > 0);
    const location = core.allocate(queue, bytes, freeChains);
    core.index.insert(hash, location, frequency);
    this.#heap.items++;
    this.#writeHeader(location, request.key, valueBytes, bits);
    this.#finish(location, request, deadline, request.flags);
    if (adopts) {
      this.#writeBytes(location, 0, room.tail, 0, room.tail.length);
      core.adoptChain(location, room.handOver());
    } else {
      core.takeChain(location);
      this.#writeWhole(location, request, room);
    }
    return Status.done;
  }

  /** Has `write` fill a record at the end of the present one's queue, while that is held, and puts it in its place. */
  #replacing(
    present: number,
    keyBytes: number,
    valueBytes: number,
    request: StoreRequest | undefined,
    write: (location: number) => void,
  ): StoreStatus {
    const core = this.#core;
    const heap = this.#heap;
    const chains = chainCount(keyBytes, valueBytes, heap.segmentBytes);
    const queue = core.segments.use[heap.segmentOf(present)]!;
    const held = core.hold(present);
    let status: StoreStatus = Status.done;
    if (!core.canHold(chains)) status = Status.outOfMemory;
    else if (request !== undefined && this.#isExhausted(request)) status = Status.versionsExhausted;
    if (status === Status.done) {
      core.reclaimer.guarded = present;
      const bytes = recordBytes(keyBytes, inlineBytes(valueBytes, chains, heap.segmentBytes), chains > 0);
      const location = core.allocate(queue, bytes, chains);
      core.reclaimer.guarded = 0;
      write(location);
      core.replace(present, location);
    }
    core.release(held);
    return status;
  }

  #isExhausted(request: StoreRequest): boolean {
    return request.version === undefined && this.#versions.exhausted;
  }

  #fits(present: number, keyBytes: number, valueBytes: number, deadline: number): boolean {
    const heap = this.#heap;
    if (chainCount(keyBytes, valueBytes, heap.segmentBytes) > 0) return false;
    if (heap.chainsAt(heap.wordsOf(present), heap.wordAt(present)) > 0) return false;
    if (!this.#core.mayStay(present, deadline)) return false;
    const bytes = recordBytes(keyBytes, valueBytes, false);
    return heap.capacityOf(present, bytes) >= bytes;
  }

  #queueOf(present: number, hash: number, deadline: number): number {
    const queue = present === 0 ? Use.ttl : this.#core.segments.use[this.#heap.segmentOf(present)]!;
    return queue < Use.ttl ? queue : this.#core.queueFor(hash, deadline);
  }

  #writeHeader(location: number, key: KeyRef, valueBytes: number, bits: number): void {
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    setKeyBytesAndAccess(words, at, key.end - key.start, this.#core.segments.nowSeconds);
    setValueBytesAndBits(words, at, valueBytes, bits);
    setHash(words, at, key.hashHigh);
    const bytes = this.#heap.bytesOf(location);
    for (let i = key.start, to = at * 4 + RECORD_HEADER_BYTES; i < key.end; i++, to++) bytes[to] = key.bytes[i]!;
  }

  #finish(location: number, request: StoreRequest, deadline: number, flags: number): void {
    const words = this.#heap.wordsOf(location);
    const at = this.#heap.wordAt(location);
    const { high, low } = this.#versions.next(request.version);
    setVersion(words, at, high, low);
    setDeadline(words, at, deadline);
    setFlags(words, at, flags);
    this.#heap.noteDeadline(location, deadline);
  }

  #writeWhole(location: number, request: StoreRequest, room: Room | undefined): void {
    const heap = this.#heap;
    if (room === undefined && heap.chainsAt(heap.wordsOf(location), heap.wordAt(location)) === 0) {
      return this.#writeBody(location, request);
    }
    const body = room?.parts ?? [request.valueBytes.subarray(request.valueStart, request.valueEnd)];
    copyParts(body, partsOf(heap, location));
    room?.discard();
  }

  #writeBody(location: number, request: StoreRequest): void {
    this.#writeBytes(location, 0, request.valueBytes, request.valueStart, request.valueEnd);
  }

  /** Writes source[start, end) into the part of the value that is in the record. */
  #writeBytes(location: number, offset: number, source: Uint8Array, start: number, end: number): void {
    const heap = this.#heap;
    const to = heap.valueAt(location) + offset;
    heap.copier.in(source, start, heap.bytesOf(location), heap.viewOf(location), to, end - start);
  }
}

function bodyBytes(request: StoreRequest, room: Room | undefined): number {
  return room === undefined ? request.valueEnd - request.valueStart : room.valueBytes;
}
