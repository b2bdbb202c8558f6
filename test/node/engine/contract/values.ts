import { expect, test } from 'vitest';
import { Status, StoreMode } from '@ringway/node/engine';
import type { Reservation } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import type { EngineDriver } from '../engine-driver.ts';
import { checkedEngine, MEMORY_BYTES, reserveAll, VALUE_BYTES_MAX } from './checked.ts';

/** A value whose every byte tells its place. */
function pattern(bytes: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >>> 8) + seed) & 0xff);
}

function reserveFilled(driver: EngineDriver, value: Uint8Array): Reservation {
  const reservation = driver.engine.reserve(1, value.length);
  if (reservation === undefined) throw new Error('no room was reserved');
  for (let from = 0; from < value.length; from += 10_000) {
    reservation.write(value, from, Math.min(from + 10_000, value.length));
  }
  return reservation;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

export function valueContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test.each([0, 1, 1000, 20_000, VALUE_BYTES_MAX])(
    'a reserved value of %d bytes is stored as it was written',
    (bytes) => {
      const { driver } = checked;
      const value = pattern(bytes);
      const reservation = reserveFilled(driver, value);
      expect(reservation.filledBytes).toBe(bytes);
      expect(driver.engine.storeReserved(driver.fill('k', '', { flags: 3 }), reservation)).toBe(Status.done);
      expect(driver.has('k')).toBe(true);
      expect(driver.engine.found).toMatchObject({ valueBytes: bytes, flags: 3 });
      expect(driver.value()).toEqual(value);
      expect(driver.engine.stats().reservedBytes).toBe(0);
    },
  );

  test('nobody sees a reservation before it is stored, nor after it is aborted', () => {
    const { driver } = checked;
    driver.store('k', 'old');
    const before = driver.engine.stats().memoryUsedBytes;
    const reservation = reserveFilled(driver, pattern(50_000));
    expect(driver.get('k')).toBe('old');
    expect(driver.engine.stats().reservedBytes).toBeGreaterThanOrEqual(50_000);
    reservation.abort();
    expect(driver.get('k')).toBe('old');
    expect(driver.engine.stats()).toMatchObject({ reservedBytes: 0, memoryUsedBytes: before });
  });

  test('a reservation obeys the same conditions as a store, and is used up by a refusal', () => {
    const { driver } = checked;
    driver.store('k', 'old');
    const refused = driver.engine.storeReserved(
      driver.fill('k', '', { mode: StoreMode.add }),
      reserveFilled(driver, pattern(30_000)),
    );
    expect(refused).toBe(Status.notStored);
    expect(driver.get('k')).toBe('old');
    expect(driver.engine.stats().reservedBytes).toBe(0);
  });

  test('a reservation can be appended and prepended', () => {
    const { driver } = checked;
    const [head, body, tail] = [pattern(20_000, 1), pattern(30_000, 2), pattern(25_000, 3)];
    driver.store('k', body);
    driver.engine.storeReserved(driver.fill('k', '', { mode: StoreMode.append }), reserveFilled(driver, tail));
    driver.engine.storeReserved(driver.fill('k', '', { mode: StoreMode.prepend }), reserveFilled(driver, head));
    driver.has('k');
    expect(driver.value()).toEqual(concat([head, body, tail]));
  });

  test('a value above the largest cannot be reserved', () => {
    const { driver } = checked;
    expect(driver.engine.reserve(1, VALUE_BYTES_MAX + 1)).toBeUndefined();
  });

  test('reserving makes room at once, and is refused when all of it is reserved', () => {
    const { driver } = checked;
    for (let i = 0; i < 2000; i++) driver.store(`k${i}`, 'v'.repeat(1000));
    const open = reserveAll(driver);
    expect(open.length).toBeGreaterThan(1);
    for (const reservation of open) reservation.abort();
    expect(driver.store('k', 'v')).toBe(Status.done);
  });

  test('any range of a value can be copied', () => {
    const { driver } = checked;
    const value = pattern(70_000);
    driver.store('k', value);
    driver.has('k');
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [69_999, 70_000],
      [1234, 1300],
      [4095, 4097],
      [65_000, 66_000],
      [0, 70_000],
    ] as const) {
      const target = new Uint8Array(to - from + 10);
      driver.engine.copyValue(target, 5, from, to);
      expect(target.subarray(5, 5 + to - from)).toEqual(value.subarray(from, to));
    }
  });

  test('a pinned value stays as it was through overwriting, arithmetic, removal and eviction', () => {
    const { driver } = checked;
    driver.store('number', '99');
    driver.store('large', pattern(60_000));
    driver.has('number');
    const number = driver.engine.pinValue();
    driver.has('large');
    const large = driver.engine.pinValue();
    expect(driver.engine.stats().pinnedBytes).toBeGreaterThanOrEqual(60_000);
    driver.has('number');
    driver.engine.arithmetic({ high: 0, low: 3 }, true);
    driver.has('number');
    driver.engine.arithmetic({ high: 0, low: 30 }, false);
    driver.store('large', pattern(60_000, 7));
    driver.remove('large');
    for (let i = 0; i < 3000; i++) driver.store(`k${i}`, 'v'.repeat(1000));
    expect(concat(number.chunks)).toEqual(new TextEncoder().encode('99'));
    expect(concat(large.chunks)).toEqual(pattern(60_000));
    number.release();
    large.release();
    expect(driver.engine.stats().pinnedBytes).toBe(0);
    expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES);
  });

  test('one item can be pinned several times', () => {
    const { driver } = checked;
    driver.store('k', pattern(40_000));
    driver.has('k');
    const [first, second] = [driver.engine.pinValue(), driver.engine.pinValue()];
    first.release();
    driver.remove('k');
    expect(concat(second.chunks)).toEqual(pattern(40_000));
    second.release();
    expect(driver.engine.stats()).toMatchObject({ pinnedBytes: 0, items: 0 });
  });

  test('a store that only pinned memory could make room for is refused', () => {
    const { driver } = checked;
    const pins = [];
    let status: Status = Status.done;
    while (status === Status.done) {
      expect(pins.length * VALUE_BYTES_MAX).toBeLessThanOrEqual(MEMORY_BYTES);
      status = driver.store('k', pattern(VALUE_BYTES_MAX, pins.length));
      if (status !== Status.done) break;
      driver.has('k');
      pins.push(driver.engine.pinValue());
      expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES);
    }
    expect(status).toBe(Status.outOfMemory);
    driver.has('k');
    expect(driver.value()).toEqual(pattern(VALUE_BYTES_MAX, pins.length - 1));
    for (const pin of pins) pin.release();
    expect(driver.store('k', pattern(VALUE_BYTES_MAX))).toBe(Status.done);
  });

  test('the limit holds with pinned values counted', () => {
    const { driver } = checked;
    const pins = [];
    for (let i = 0; i < 6; i++) {
      driver.store('k', pattern(100_000, i));
      driver.has('k');
      pins.push(driver.engine.pinValue());
    }
    for (let i = 0; i < 2000; i++) {
      driver.store(`k${i}`, 'v'.repeat(500));
      expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES);
    }
    pins.forEach((pin, i) => {
      expect(concat(pin.chunks)).toEqual(pattern(100_000, i));
      pin.release();
    });
  });
}
