import { expect, test } from 'vitest';
import { Mark, Status, StoreMode } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { checkedEngine } from './checked.ts';

export function leaseContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test('the won and the stale bit are set and cleared on their own', () => {
    const { driver } = checked;
    const { engine } = driver;
    driver.store('k', 'v');
    for (const [set, clear, won, stale] of [
      [0, 0, false, false],
      [Mark.won, 0, true, false],
      [Mark.stale, 0, true, true],
      [0, Mark.won, false, true],
      [Mark.won, Mark.stale, true, false],
      [0, Mark.won | Mark.stale, false, false],
    ] as const) {
      driver.has('k');
      engine.mark(set, clear);
      expect(engine.found).toMatchObject({ won, stale });
      driver.has('k');
      expect(engine.found).toMatchObject({ won, stale });
    }
  });

  test('storing a value ends both bits', () => {
    const { driver } = checked;
    for (const mode of [StoreMode.set, StoreMode.replace, StoreMode.append, StoreMode.prepend]) {
      driver.store('k', 'v');
      driver.has('k');
      driver.engine.mark(Mark.won | Mark.stale, 0);
      driver.store('k', 'w', { mode });
      driver.has('k');
      expect(driver.engine.found).toMatchObject({ won: false, stale: false });
    }
  });

  test('a store with an older version is taken as stale when that is asked for', () => {
    const { driver } = checked;
    driver.store('k', 'old', { expiresAtMs: driver.inSeconds(10) });
    const older = driver.versionOf('k');
    driver.engine.stamp();
    driver.engine.mark(Mark.stale | Mark.won, 0);
    const newer = driver.versionOf('k');
    const store = (compare: { high: number; low: number }): Status =>
      driver.store('k', 'late', { compare, staleIfOlder: true, expiresAtMs: driver.inSeconds(99), flags: 4 });
    expect(store({ high: newer.high, low: newer.low + 1 })).toBe(Status.exists);
    expect(driver.get('k')).toBe('old');
    expect(store(older)).toBe(Status.done);
    expect(driver.get('k')).toBe('late');
    expect(driver.engine.found).toMatchObject({
      won: true,
      stale: true,
      flags: 4,
      expiresAtMs: driver.inSeconds(10),
    });
    expect(store(driver.versionOf('k'))).toBe(Status.done);
    driver.has('k');
    expect(driver.engine.found).toMatchObject({ won: false, stale: false, expiresAtMs: driver.inSeconds(99) });
  });
}
