import { expect, test } from 'vitest';
import { MissCause, Status, StoreMode } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { checkedEngine } from './checked.ts';

export function lifetimeContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test('an item lives until its deadline and is a miss from it on', () => {
    const { driver } = checked;
    driver.store('k', 'v', { expiresAtMs: driver.inSeconds(10) });
    driver.pass(9);
    expect(driver.get('k')).toBe('v');
    driver.pass(1);
    expect(driver.get('k')).toBeUndefined();
  });

  test('deadline 0 is never', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    driver.pass(10 * 365 * 86_400);
    expect(driver.get('k')).toBe('v');
  });

  test('a deadline that has passed replaces an item with none', () => {
    const { driver } = checked;
    driver.store('k', 'old');
    expect(driver.store('k', 'new', { expiresAtMs: driver.inSeconds(-1) })).toBe(Status.done);
    expect(driver.get('k')).toBeUndefined();
  });

  test('an expired item is absent to every mode of storing', () => {
    const { driver } = checked;
    for (const [mode, status] of [
      [StoreMode.add, Status.done],
      [StoreMode.replace, Status.notStored],
      [StoreMode.append, Status.notStored],
      [StoreMode.prepend, Status.notStored],
    ] as const) {
      driver.store('k', 'old', { expiresAtMs: driver.inSeconds(1) });
      driver.pass(1);
      expect(driver.store('k', 'new', { mode })).toBe(status);
    }
  });

  test('touch moves the deadline both ways, and to never', () => {
    const { driver } = checked;
    driver.store('k', 'v', { expiresAtMs: driver.inSeconds(10) });
    driver.has('k');
    driver.engine.touch(driver.inSeconds(100));
    expect(driver.engine.found.expiresAtMs).toBe(driver.inSeconds(100));
    driver.pass(99);
    expect(driver.has('k')).toBe(true);
    driver.engine.touch(0);
    driver.pass(1000);
    expect(driver.has('k')).toBe(true);
    driver.engine.touch(driver.inSeconds(1));
    driver.pass(1);
    expect(driver.has('k')).toBe(false);
  });

  test('a deadline in the past given by touch ends the item', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    driver.has('k');
    driver.engine.touch(driver.inSeconds(-1));
    expect(driver.get('k')).toBeUndefined();
  });

  test('the earliest deadline there is does not read as never', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    driver.has('k');
    driver.engine.touch(1);
    expect(driver.engine.found.expiresAtMs).toBeGreaterThan(0);
    expect(driver.get('k')).toBeUndefined();
  });

  test('the clock does not go back', () => {
    const { driver } = checked;
    driver.store('k', 'v', { expiresAtMs: driver.inSeconds(5) });
    driver.pass(5);
    driver.engine.advance(driver.inSeconds(-5));
    expect(driver.get('k')).toBeUndefined();
  });

  test('a miss says why: never stored, expired, flushed', () => {
    const { driver } = checked;
    expect(driver.has('k')).toBe(false);
    expect(driver.engine.missCause).toBe(MissCause.absent);
    driver.store('k', 'v', { expiresAtMs: driver.inSeconds(1) });
    driver.pass(1);
    expect(driver.has('k')).toBe(false);
    expect([MissCause.expired, MissCause.absent]).toContain(driver.engine.missCause);
    driver.store('k', 'v');
    driver.engine.flushAll(driver.nowMs);
    expect(driver.has('k')).toBe(false);
    expect([MissCause.flushed, MissCause.absent]).toContain(driver.engine.missCause);
  });

  test('a flush takes all that was stored before it, and nothing that is stored after it in the same moment', () => {
    const { driver } = checked;
    driver.store('before', 'v');
    driver.store('both', 'v');
    driver.engine.flushAll(driver.nowMs);
    driver.store('after', 'v');
    driver.store('both', 'w', { mode: StoreMode.add });
    expect(driver.get('before')).toBeUndefined();
    expect(driver.get('after')).toBe('v');
    expect(driver.get('both')).toBe('w');
  });

  test('a flush to come takes what was stored until then', () => {
    const { driver } = checked;
    driver.store('early', 'v');
    driver.engine.flushAll(driver.inSeconds(10));
    driver.pass(9);
    driver.store('late', 'v');
    expect(driver.get('early')).toBe('v');
    driver.pass(1);
    driver.store('after', 'v');
    expect(driver.get('early')).toBeUndefined();
    expect(driver.get('late')).toBeUndefined();
    driver.pass(10);
    expect(driver.get('after')).toBe('v');
  });

  test('a later flush takes the place of one still to come', () => {
    const { driver } = checked;
    driver.engine.flushAll(driver.inSeconds(10));
    driver.engine.flushAll(driver.inSeconds(20));
    driver.store('k', 'v');
    driver.pass(15);
    expect(driver.get('k')).toBe('v');
    driver.pass(5);
    expect(driver.get('k')).toBeUndefined();
  });

  test('last access and fetched are told as they were before the access, and a peek is none', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    const storedAtMs = driver.nowMs;
    driver.pass(5);
    driver.get('k', true);
    driver.get('k');
    expect(driver.engine.found).toMatchObject({ fetched: false, lastAccessMs: storedAtMs });
    driver.pass(5);
    driver.get('k');
    expect(driver.engine.found).toMatchObject({ fetched: true, lastAccessMs: storedAtMs + 5000 });
    driver.store('k', 'w');
    driver.get('k', true);
    expect(driver.engine.found).toMatchObject({ fetched: false, lastAccessMs: storedAtMs + 10_000 });
  });
}
