import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSegmentEngine, Status, StoreMode } from '@ringway/node/engine';
import { EngineDriver } from './engine-driver.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

describe('segment engine', () => {
  let driver: EngineDriver;

  function start(memoryLimitBytes: number, segmentBytes?: number): void {
    const sized = segmentBytes === undefined ? {} : { segmentBytes };
    driver = new EngineDriver(createSegmentEngine({ memoryLimitBytes, ...sized, poison: true }));
  }

  beforeEach(() => start(MIB));

  afterEach(() => {
    expect(driver.engine.verify()).toEqual([]);
    const { memoryUsedBytes, memoryLimitBytes } = driver.engine.stats();
    expect(memoryUsedBytes).toBeLessThanOrEqual(memoryLimitBytes);
  });

  test('a value of the same size is overwritten in place', () => {
    driver.store('k', 'a'.repeat(100));
    const before = driver.engine.stats().memoryUsedBytes;
    for (let i = 0; i < 50_000; i++) driver.store('k', String(i).padEnd(100));
    expect(driver.get('k')).toBe('49999'.padEnd(100));
    expect(driver.engine.stats()).toMatchObject({ memoryUsedBytes: before, items: 1, evictionsTotal: 0 });
  });

  test('values that grow and shrink between others lose nothing while there is room', () => {
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 100; i++) driver.store(`k${i}`, 'x'.repeat((i * 37 + round * 91) % 900));
    }
    expect(driver.engine.stats()).toMatchObject({ items: 100, evictionsTotal: 0 });
    for (let i = 0; i < 100; i++) expect(driver.get(`k${i}`)?.length).toBe((i * 37 + 59 * 91) % 900);
  });

  test('short-lived items are freed when their time has come, without a lookup', () => {
    for (let i = 0; i < 3000; i++) {
      driver.store(`k${i}`, 'v'.repeat(1000));
      driver.pass(1);
    }
    const { items } = driver.engine.stats();
    for (let i = 0; i < 200; i++) driver.store(`short${i}`, 'v'.repeat(1000), { expiresAtMs: driver.inSeconds(30) });
    const kept = driver.engine.stats();
    for (let i = 0; i < 100; i++) driver.pass(1);
    const after = driver.engine.stats();
    expect(after.expirationsTotal).toBe(200);
    expect(after.items).toBe(kept.items - 200);
    expect(after.items).toBeLessThan(items);
  });

  test('an item that was touched outlives the short-lived ones it stands among', () => {
    for (let i = 0; i < 3000; i++) {
      driver.store(`k${i}`, 'v'.repeat(1000));
      driver.pass(1);
    }
    for (const key of ['touched', 'other']) driver.store(key, 'v', { expiresAtMs: driver.inSeconds(20) });
    driver.has('touched');
    driver.engine.touch(driver.inSeconds(5000));
    for (let i = 0; i < 100; i++) driver.pass(1);
    expect(driver.engine.stats().expirationsTotal).toBe(1);
    expect(driver.get('touched')).toBe('v');
  });

  test('a limit lowered to an eighth and raised again leaves a sound engine, however large the index was', () => {
    start(2 * MIB, KIB);
    for (let i = 0; i < 40_000; i++) driver.store(`k${i}`, '');
    expect(driver.engine.stats().items).toBeGreaterThan(15_000);
    driver.engine.setMemoryLimit(MIB / 4);
    expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MIB / 4);
    expect(driver.engine.verify()).toEqual([]);
    for (let i = 0; i < 4000; i++) expect(driver.store(`n${i}`, 'v'.repeat(50))).toBe(Status.done);
    expect(driver.get('n3999')).toBe('v'.repeat(50));
    driver.engine.setMemoryLimit(4 * MIB);
    for (let i = 0; i < 40_000; i++) driver.store(`m${i}`, '');
    expect(driver.engine.stats().items).toBeGreaterThan(30_000);
  });

  test('merging segments brings nothing back that was dropped before', () => {
    const { engine } = driver;
    const keys = Array.from({ length: 30 }, (_, i) => `early${i}`);
    for (const key of keys) driver.store(key, 'v'.repeat(60));
    const drop = new Uint8Array(16).fill(1, 0, 8);
    engine.dropPartitions(4, drop);
    const kept = keys.filter((key) => driver.key(key).hashHigh >>> 31 === 1);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.length).toBeLessThan(25);
    for (let i = 0; i < 20; i++) driver.store(`late${i}`, 'v'.repeat(60));
    engine.dropPartitions(4, new Uint8Array(16));
    const before = engine.stats();
    let stored = 0;
    const freed = (): number => before.items + stored - engine.stats().items;
    while (freed() === 0 && stored < 860) driver.store(`n${stored++}`, 'v'.repeat(1000));
    expect(freed(), 'the dropped ones went when their segment was merged').toBe(keys.length - kept.length);
    for (const key of keys) expect(driver.has(key), key).toBe(kept.includes(key));
    expect(engine.stats().evictionsTotal).toBe(0);
  });

  test('a cache full of large values takes small ones, and the other way round', () => {
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 40; i++) expect(driver.store(`large${i}`, new Uint8Array(100_000).fill(i))).toBe(Status.done);
      driver.has('large39');
      expect(driver.value()).toEqual(new Uint8Array(100_000).fill(39));
      for (let i = 0; i < 6000; i++) expect(driver.store(`small${i}`, 'v'.repeat(200))).toBe(Status.done);
      expect(driver.get('small5999')).toBe('v'.repeat(200));
    }
  });

  test('a working set that was evicted and comes back is taken into MAIN and stays', () => {
    const stored = (key: string): void => {
      if (driver.get(key) === undefined) driver.store(key, 'v'.repeat(400));
    };
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 300; i++) stored(`set${i}`);
      for (let i = 0; i < 2200; i++) stored(`stream${round}-${i}`);
    }
    for (let i = 0; i < 300; i++) stored(`set${i}`);
    for (let i = 0; i < 2200; i++) stored(`last${i}`);
    let kept = 0;
    for (let i = 0; i < 300; i++) kept += Number(driver.has(`set${i}`));
    expect(kept).toBeGreaterThan(270);
  });

  test('appending byte by byte turns a small value into a large one', () => {
    driver.store('k', '');
    for (let i = 0; i < 30_000; i++) {
      if (driver.store('k', String(i % 10), { mode: StoreMode.append }) !== Status.done) expect(i).toBe('stored');
    }
    const value = driver.get('k');
    expect(value?.length).toBe(30_000);
    expect(value?.slice(-20)).toBe('01234567890123456789');
  });

  test('a segment size that is no power of two, and a limit below four segments, are refused', () => {
    expect(() => createSegmentEngine({ memoryLimitBytes: MIB, segmentBytes: 3000 })).toThrow(/powers of 2/);
    expect(() => createSegmentEngine({ memoryLimitBytes: 3 * KIB })).toThrow(/too low/);
  });
});
