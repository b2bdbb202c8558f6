import { expect, test } from 'vitest';
import { Status } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { createRandom, seedFor } from '../../seed.ts';
import { checkedEngine, MEMORY_BYTES, reserveAll, VALUE_BYTES_MAX } from './checked.ts';

export function memoryContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test('an empty engine uses less than its limit, and says what that is', () => {
    const { driver } = checked;
    const stats = driver.engine.stats();
    expect(stats).toMatchObject({ items: 0, memoryLimitBytes: MEMORY_BYTES, evictionsTotal: 0, storesTotal: 0 });
    expect(stats.memoryUsedBytes).toBeLessThan(MEMORY_BYTES);
  });

  test('the bytes used are at least those of the keys and values', () => {
    const { driver } = checked;
    for (let i = 0; i < 100; i++) driver.store(`key${i + 100}`, 'v'.repeat(100));
    expect(driver.engine.stats().memoryUsedBytes).toBeGreaterThanOrEqual(100 * 106);
    driver.has('key100');
    expect(driver.engine.found.totalBytes).toBeGreaterThanOrEqual(106);
  });

  test('the bytes used are never above the limit, whatever is stored', () => {
    const { driver } = checked;
    const random = createRandom(seedFor('engine memory'));
    for (let i = 0; i < 4000; i++) {
      const bytes = random(20) === 0 ? random(VALUE_BYTES_MAX) : random(2000);
      expect(driver.store(`k${random(1000)}`, new Uint8Array(bytes))).toBe(Status.done);
      expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES);
    }
    expect(driver.engine.stats().evictionsTotal).toBeGreaterThan(0);
  });

  test('what is read again and again survives a stream of new items', () => {
    const { driver } = checked;
    const hot = Array.from({ length: 10 }, (_, i) => `hot${i}`);
    for (const key of hot) driver.store(key, 'h'.repeat(500));
    for (let i = 0; i < 8000; i++) {
      driver.store(`cold${i}`, 'c'.repeat(500));
      driver.get(hot[i % hot.length]!);
    }
    expect(driver.engine.stats().evictionsTotal).toBeGreaterThan(1000);
    for (const key of hot) expect(driver.get(key)).toBe('h'.repeat(500));
  });

  test('evictions are counted, the unread ones apart, with the age of the last victim', () => {
    const { driver } = checked;
    for (let i = 0; i < 3000; i++) {
      driver.store(`k${i}`, 'v'.repeat(1000));
      driver.pass(1);
    }
    const stats = driver.engine.stats();
    expect(stats.evictedUnreadTotal).toBe(stats.evictionsTotal);
    expect(stats.evictionsTotal + stats.items).toBe(3000);
    expect(stats.evictionAgeMs).toBeGreaterThan(100_000);
    expect(stats.evictionAgeMs).toBeLessThanOrEqual(3_000_000);
  });

  test('an evicted item that was read is not counted among the unread', () => {
    const { driver } = checked;
    driver.store('read', 'v'.repeat(1000));
    driver.get('read');
    for (let i = 0; driver.has('read') && i < 10_000; i++) driver.store(`k${i}`, 'v'.repeat(1000));
    expect(driver.has('read')).toBe(false);
    const stats = driver.engine.stats();
    expect(stats.evictedUnreadTotal).toBe(stats.evictionsTotal - 1);
  });

  test('flushed and removed items make room without counting as evictions', () => {
    const { driver } = checked;
    for (let i = 0; i < 500; i++) driver.store(`k${i}`, 'v'.repeat(1000));
    driver.engine.flushAll(driver.nowMs);
    for (let i = 0; i < 500; i++) driver.store(`n${i}`, 'v'.repeat(1000));
    for (let i = 0; i < 500; i++) driver.remove(`n${i}`);
    for (let i = 0; i < 500; i++) driver.store(`m${i}`, 'v'.repeat(1000));
    expect(driver.engine.stats().evictionsTotal).toBe(0);
    for (let i = 0; i < 500; i++) expect(driver.has(`m${i}`)).toBe(true);
  });

  test('the limit can be lowered and raised while running', () => {
    const { driver } = checked;
    const fill = (from: number, to: number): void => {
      for (let i = from; i < to; i++) driver.store(`k${i}`, 'v'.repeat(1000));
    };
    fill(0, 2000);
    const full = driver.engine.stats().items;
    driver.engine.setMemoryLimit(MEMORY_BYTES / 2);
    expect(driver.engine.stats().memoryLimitBytes).toBe(MEMORY_BYTES / 2);
    expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES / 2);
    fill(2000, 3000);
    expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(MEMORY_BYTES / 2);
    driver.engine.setMemoryLimit(2 * MEMORY_BYTES);
    fill(3000, 6000);
    expect(driver.engine.stats().items).toBeGreaterThan(full);
    expect(driver.engine.stats().memoryUsedBytes).toBeLessThanOrEqual(2 * MEMORY_BYTES);
  });

  test('what can never fit is refused, and nothing is lost by it', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    const held = reserveAll(driver);
    const survived = driver.get('k');
    expect(driver.store('k', new Uint8Array(VALUE_BYTES_MAX))).toBe(Status.outOfMemory);
    expect(driver.get('k')).toBe(survived);
    for (const reservation of held) reservation.abort();
    expect(driver.store('k', new Uint8Array(VALUE_BYTES_MAX))).toBe(Status.done);
  });

  test('expired items are counted when they are freed, the unread ones apart', () => {
    const { driver } = checked;
    for (const key of ['read', 'unread']) driver.store(key, 'v', { expiresAtMs: driver.inSeconds(1) });
    driver.get('read');
    driver.pass(1);
    driver.has('read');
    driver.has('unread');
    expect(driver.engine.stats()).toMatchObject({ items: 0, expirationsTotal: 2, expiredUnreadTotal: 1 });
  });
}
