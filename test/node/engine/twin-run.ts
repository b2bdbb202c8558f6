import { expect } from 'vitest';
import { createReferenceEngine, createSegmentEngine, Mark, Status, StoreMode } from '@ringway/node/engine';
import type { PinnedValue, Reservation, SegmentEngineOptions, StoreRequest, Word64 } from '@ringway/node/engine';
import { createRandom } from '../seed.ts';
import { EngineDriver, keyRef } from './engine-driver.ts';
import type { StoreOptions } from './engine-driver.ts';

/** How a run spoils the hash, to bring collisions about: of all keys, of a few, of none. */
export type Hashing = (high: number) => number;

export interface World extends SegmentEngineOptions {
  readonly name: string;
  readonly valueBytesMax: number;
  readonly keyCount: number;
  /** Values are up to this long, but for one in twelve. */
  readonly smallBytes: number;
  readonly hashing: Hashing;
  /** Whether the limit is changed on the way. */
  readonly resizes?: boolean;
}

interface Pin {
  readonly pinned: PinnedValue;
  readonly expected: Uint8Array;
}

/** One key's item as anybody can see it, without an access. */
interface Seen {
  readonly value: Uint8Array;
  readonly key: string;
  readonly fields: unknown;
}

/**
 * The segment engine in a world so small that everything happens within a thousand operations, beside the reference
 * engine in one without limits. What the segment engine has, the reference must have in the same way; what it lacks is
 * taken from the reference too, before the next operation on that key.
 */
export class TwinRun {
  readonly tiny: EngineDriver;
  readonly reference: EngineDriver;
  readonly #world: World;
  readonly #random: (below: number) => number;
  readonly #reservations: { readonly room: Reservation; readonly value: Uint8Array; readonly key: string }[] = [];
  readonly #pins: Pin[] = [];
  #versions = 0;
  lossCount = 0;
  hitCount = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = createRandom(seed);
    this.tiny = new EngineDriver(createSegmentEngine({ ...world, poison: true }));
    this.reference = new EngineDriver(
      createReferenceEngine({ memoryLimitBytes: 1e9, valueBytesMax: world.valueBytesMax }),
    );
    for (const driver of [this.tiny, this.reference]) spoilHash(driver, world.hashing);
  }

  /** Stores every key once, so that the world is full from the start. */
  fill(): void {
    for (let i = 0; i < this.#world.keyCount; i++) {
      const value = this.#value();
      const options = { version: this.#version() };
      if (this.tiny.store(keyName(i), value, options) === Status.done) this.reference.store(keyName(i), value, options);
    }
  }

  step(): void {
    const random = this.#random;
    const key = this.#key();
    this.#agree(key);
    const kind = random(100);
    if (kind < 46) this.#store(key);
    else if (kind < 62) this.#get(key);
    else if (kind < 70) this.#count(key);
    else if (kind < 74) this.#onFound(key, this.#touch());
    else if (kind < 77) this.#onFound(key, this.#marks());
    else if (kind < 79) this.#onFound(key, this.#stamps());
    else if (kind < 84) this.#onFound(key, (driver) => driver.engine.remove());
    else if (kind < 88) this.#reserve(key);
    else if (kind < 92) this.#finishReservation();
    else if (kind < 94) this.#pin(key);
    else if (kind < 96) this.#release();
    else this.#rarely();
    this.#agree(key);
  }

  /** Ends what is open, and compares all there is. */
  finish(): void {
    for (const { room } of this.#reservations.splice(0)) room.abort();
    while (this.#pins.length > 0) this.#release();
    for (let i = 0; i < this.#world.keyCount; i++) this.#agree(keyName(i));
    this.#scan();
    const { reservedBytes, pinnedBytes, memoryUsedBytes, memoryLimitBytes } = this.tiny.engine.stats();
    expect([reservedBytes, pinnedBytes]).toEqual([0, 0]);
    expect(memoryUsedBytes).toBeLessThanOrEqual(memoryLimitBytes);
  }

  #key(): string {
    return keyName(this.#random(this.#world.keyCount));
  }

  #bytes(): number {
    const { smallBytes, valueBytesMax } = this.#world;
    return this.#random(12) === 0 ? this.#random(valueBytesMax + 1) : this.#random(smallBytes);
  }

  #value(): Uint8Array {
    const random = this.#random;
    if (random(4) === 0) return new TextEncoder().encode(String(random(1e9)));
    const first = random(256);
    return Uint8Array.from({ length: this.#bytes() }, (_, i) => (first + i * 7 + (i >>> 8)) & 0xff);
  }

  #deadline(): number {
    const ttl = [0, 0, 0, 1, 2, 5, 20, 60, -1][this.#random(9)]!;
    return ttl === 0 ? 0 : this.tiny.inSeconds(ttl);
  }

  #version(): Word64 {
    return { high: this.#random(3), low: ++this.#versions };
  }

  #options(key: string): StoreOptions {
    const random = this.#random;
    const compared = random(6);
    const present = this.reference.has(key) ? { ...this.reference.engine.found.version } : { high: 0, low: 1 };
    if (compared === 1) present.low++;
    if (compared === 2) present.low--;
    return {
      mode: random(2) === 0 ? StoreMode.set : (random(5) as StoreMode),
      flags: random(0xffffffff),
      expiresAtMs: this.#deadline(),
      staleIfOlder: random(2) === 0,
      version: this.#version(),
      ...(compared < 3 ? { compare: present } : {}),
    };
  }

  #store(key: string): void {
    const options = this.#options(key);
    const value = this.#value();
    const status = this.tiny.store(key, value, options);
    if (status === Status.outOfMemory) return;
    expect(status).toBe(this.reference.store(key, value, options));
    const lives = options.expiresAtMs === 0;
    if (status === Status.done && lives)
      expect(this.tiny.has(key), `${key} was just stored`).toBe(this.reference.has(key));
  }

  #get(key: string): void {
    const found = this.tiny.engine.find(this.tiny.key(key), false);
    expect(this.reference.engine.find(this.reference.key(key), false)).toBe(found);
    if (found) this.hitCount++;
  }

  #count(key: string): void {
    if (!this.tiny.has(key)) return;
    const delta = { high: this.#random(2), low: this.#random(1e9) };
    const decrement = this.#random(2) === 0;
    const version = this.#version();
    const status = this.tiny.engine.arithmetic(delta, decrement, version);
    if (status === Status.outOfMemory) return;
    expect(this.reference.has(key)).toBe(true);
    expect(status).toBe(this.reference.engine.arithmetic(delta, decrement, version));
    if (status !== Status.done) return;
    expect(this.tiny.engine.number).toEqual(this.reference.engine.number);
    expect(this.tiny.engine.found.version).toEqual(version);
  }

  #onFound(key: string, change: (driver: EngineDriver) => void): void {
    if (!this.tiny.has(key)) return;
    expect(this.reference.has(key)).toBe(true);
    change(this.tiny);
    change(this.reference);
  }

  #touch(): (driver: EngineDriver) => void {
    const deadline = this.#deadline();
    return (driver) => driver.engine.touch(deadline);
  }

  #marks(): (driver: EngineDriver) => void {
    const [set, clear] = [this.#random(4), this.#random(2) * Mark.stale];
    return (driver) => driver.engine.mark(set, clear);
  }

  #stamps(): (driver: EngineDriver) => void {
    const version = this.#version();
    return (driver) => expect(driver.engine.stamp(version)).toBe(Status.done);
  }

  #reserve(key: string): void {
    const value = this.#value();
    const room = this.tiny.engine.reserve(this.#random(10) === 0 ? 1 : key.length, value.length);
    if (room === undefined) return;
    const half = this.#random(value.length + 1);
    room.write(value, 0, half);
    room.write(value, half, value.length);
    this.#reservations.push({ room, value, key });
  }

  #finishReservation(): void {
    const ended = this.#reservations.splice(this.#random(this.#reservations.length + 1), 1)[0];
    if (ended === undefined) return;
    const { room, value, key } = ended;
    if (this.#random(4) === 0) return room.abort();
    this.#agree(key);
    const options = this.#options(key);
    const status = this.tiny.engine.storeReserved(this.tiny.fill(key, '', options), room);
    if (status !== Status.outOfMemory) expect(status).toBe(this.reference.store(key, value, options));
    this.#agree(key);
  }

  #pin(key: string): void {
    if (this.#pins.length > 2 || !this.tiny.has(key)) return;
    const expected = this.tiny.value();
    this.#pins.push({ pinned: this.tiny.engine.pinValue(), expected });
  }

  #release(): void {
    const pin = this.#pins.splice(this.#random(this.#pins.length + 1), 1)[0];
    if (pin === undefined) return;
    expect(Buffer.concat(pin.pinned.chunks).equals(pin.expected), 'a pinned value stays').toBe(true);
    pin.pinned.release();
  }

  #rarely(): void {
    const random = this.#random;
    const kind = random(40);
    if (kind < 30) for (const driver of this.#both()) driver.pass(1 + (kind % 5));
    else if (kind < 32)
      for (const driver of this.#both()) driver.engine.flushAll(driver.inSeconds(kind === 30 ? 0 : 2));
    else if (kind < 35) this.#drop();
    else if (kind < 38) this.#scan();
    else if (this.#world.resizes === true) this.#resize();
  }

  #drop(): void {
    const drop = Uint8Array.from({ length: 16 }, () => Number(this.#random(4) === 0));
    for (const driver of this.#both()) driver.engine.dropPartitions(4, drop);
  }

  #resize(): void {
    const { memoryLimitBytes } = this.#world;
    this.tiny.engine.setMemoryLimit(Math.floor(memoryLimitBytes * (0.75 + this.#random(100) / 50)));
  }

  /** Every partition, a few items at a time: all that can be found, and nothing else. */
  #scan(): void {
    const bits = this.#random(6);
    const itemsMax = 1 + this.#random(9);
    const seen = new Map<string, Uint8Array>();
    for (let partition = 0; partition < 2 ** bits; partition++) {
      let position = 0;
      while (position !== -1) {
        position = this.tiny.engine.scanPartition(partition, bits, position, itemsMax, () => {
          seen.set(this.tiny.foundKey(), this.tiny.value());
        });
      }
    }
    let count = 0;
    for (let i = 0; i < this.#world.keyCount; i++) {
      if (!this.tiny.has(keyName(i))) continue;
      count++;
      expect(seen.get(keyName(i)), `${keyName(i)} is visited`).toEqual(this.tiny.value());
    }
    expect(seen.size).toBe(count);
  }

  #agree(key: string): void {
    const here = see(this.tiny, key);
    const there = see(this.reference, key);
    if (here === undefined) {
      if (there === undefined) return;
      this.lossCount++;
      this.reference.remove(key);
      return;
    }
    expect(there, `${key} is in the reference`).toBeDefined();
    expect(here.key).toBe(key);
    expect(here.fields).toEqual(there?.fields);
    expect(Buffer.from(here.value).equals(there!.value), `value of ${key}`).toBe(true);
  }

  #both(): EngineDriver[] {
    return [this.tiny, this.reference];
  }
}

function see(driver: EngineDriver, key: string): Seen | undefined {
  if (!driver.has(key)) return undefined;
  const { totalBytes, version, ...fields } = driver.engine.found;
  expect(totalBytes).toBeGreaterThan(0);
  return { value: driver.value(), key: driver.foundKey(), fields: { ...fields, version: { ...version } } };
}

/** Some keys are as long as can be. */
function keyName(i: number): string {
  return i % 17 === 3 ? `key${i}`.padEnd(250 - (i % 5), 'x') : `key${i}`.padEnd(4 + (i % 23), 'y');
}

function spoilHash(driver: EngineDriver, hashing: Hashing): void {
  const point = (text: string): StoreRequest['key'] => {
    const { key } = driver.request;
    Object.assign(key, keyRef(text));
    key.hashHigh = hashing(key.hashHigh) >>> 0;
    return key;
  };
  driver.key = point;
}
