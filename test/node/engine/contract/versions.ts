import { expect, test } from 'vitest';
import { compareWords, Status, StoreMode, VERSION_COUNTER_MAX } from '@ringway/node/engine';
import type { Word64 } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { checkedEngine, newDriver } from './checked.ts';

const { set, add, replace, append } = StoreMode;

export function versionContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test('every mutation takes a new version, above all before', () => {
    const { driver } = checked;
    const { engine } = driver;
    let last: Word64 = { high: 0, low: 0 };
    const grows = (name: string): void => {
      const version = driver.version();
      expect(compareWords(version, last), name).toBeGreaterThan(0);
      last = version;
    };
    for (const mode of [set, replace, append, StoreMode.prepend]) {
      driver.store('k', '1', { mode });
      grows('store');
      expect(driver.versionOf('k')).toEqual(last);
    }
    driver.has('k');
    engine.arithmetic({ high: 0, low: 1 }, false);
    grows('arithmetic');
    expect(engine.found.version).toEqual(last);
    engine.stamp();
    grows('stamp');
    expect(driver.versionOf('k')).toEqual(last);
    engine.remove();
    grows('remove');
    driver.store('k', 'v', { mode: add });
    grows('add');
  });

  test('what changes no value changes no version', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    const version = driver.versionOf('k');
    driver.get('k');
    driver.engine.touch(driver.inSeconds(100));
    driver.engine.mark(3, 0);
    driver.store('k', 'w', { mode: add });
    driver.store('k', 'w', { compare: { high: 0, low: 0 } });
    expect(driver.versionOf('k')).toEqual(version);
  });

  test('versions grow with the epoch and go on growing when it falls back for another partition', () => {
    const { driver } = checked;
    driver.engine.setOwnershipEpoch(5);
    driver.store('a', 'v');
    driver.engine.setOwnershipEpoch(7);
    driver.store('b', 'v');
    driver.engine.setOwnershipEpoch(5);
    driver.store('c', 'v');
    const [a, b, c] = ['a', 'b', 'c'].map((key) => driver.versionOf(key));
    expect(a!.high >>> 8).toBe(5);
    expect(b!.high >>> 8).toBe(7);
    expect(compareWords(b!, a!)).toBeGreaterThan(0);
    expect(c!.high >>> 8).toBe(5);
    expect(compareWords(c!, a!)).toBeGreaterThan(0);
    driver.engine.setOwnershipEpoch(2 ** 24 - 1);
    driver.store('d', 'v');
    expect(driver.versionOf('d')).toEqual({ high: 0xffffff00, low: 4 });
  });

  test('the counter carries into the high word and stops at its end', () => {
    const driver = newDriver(create, 2 ** 32 - 2);
    driver.store('a', 'v');
    driver.store('b', 'v');
    expect(driver.versionOf('a')).toEqual({ high: 0, low: 2 ** 32 - 1 });
    expect(driver.versionOf('b')).toEqual({ high: 1, low: 0 });
    const last = newDriver(create, VERSION_COUNTER_MAX - 1);
    expect(last.store('n', '1')).toBe(Status.done);
    expect(last.store('m', '1')).toBe(Status.versionsExhausted);
    last.has('n');
    expect(last.engine.arithmetic({ high: 0, low: 1 }, false)).toBe(Status.versionsExhausted);
    expect(last.engine.stamp()).toBe(Status.versionsExhausted);
    expect(last.get('n')).toBe('1');
    expect(last.store('m', '1', { version: { high: 9, low: 9 } })).toBe(Status.done);
    expect(last.remove('n')).toBe(true);
    expect(last.get('n')).toBeUndefined();
  });

  test('an explicit version is given as it is and leaves the counter alone', () => {
    const { driver } = checked;
    driver.store('a', '1');
    const before = driver.version();
    driver.store('k', '1', { version: { high: 0xffffffff, low: 0xfffffffe } });
    expect(driver.versionOf('k')).toEqual({ high: 0xffffffff, low: 0xfffffffe });
    driver.has('k');
    driver.engine.arithmetic({ high: 0, low: 1 }, false, { high: 5, low: 6 });
    expect(driver.versionOf('k')).toEqual({ high: 5, low: 6 });
    driver.engine.stamp({ high: 7, low: 8 });
    expect(driver.versionOf('k')).toEqual({ high: 7, low: 8 });
    driver.store('b', '1');
    expect(driver.versionOf('b')).toEqual({ high: before.high, low: before.low + 1 });
  });

  test('a compared version must be the very one', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    const version = driver.versionOf('k');
    const off = [
      { high: version.high, low: version.low + 1 },
      { high: version.high + 1, low: version.low },
      { high: version.low, low: version.high },
    ];
    for (const mode of [set, replace, append]) {
      for (const compare of off) expect(driver.store('k', 'x', { mode, compare })).toBe(Status.exists);
    }
    expect(driver.get('k')).toBe('v');
    expect(driver.store('k', 'w', { mode: append, compare: version })).toBe(Status.done);
    expect(driver.store('k', 'x', { compare: version })).toBe(Status.exists);
    expect(driver.store('k', 'x', { mode: replace, compare: driver.versionOf('k') })).toBe(Status.done);
    expect(driver.get('k')).toBe('x');
  });

  test('a compared version without an item is told apart from one that differs', () => {
    const { driver } = checked;
    const compare = { high: 0, low: 1 };
    expect(driver.store('k', 'v', { compare })).toBe(Status.notFound);
    expect(driver.store('k', 'v', { mode: replace, compare })).toBe(Status.notFound);
    expect(driver.store('k', 'v', { mode: append, compare })).toBe(Status.notStored);
    expect(driver.store('k', 'v', { mode: add, compare })).toBe(Status.done);
  });
}
