import { expect, test } from 'vitest';
import { Status, StoreMode } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { checkedEngine, VALUE_BYTES_MAX } from './checked.ts';

const { set, add, replace, append, prepend } = StoreMode;
const { done, notStored } = Status;

/** Mode, value already there, value sent: outcome, value afterwards. */
const modes: [string, StoreMode, string | undefined, Status, string | undefined][] = [
  ['set stores where nothing was', set, undefined, done, 'new'],
  ['set stores over an item', set, 'old', done, 'new'],
  ['add stores where nothing was', add, undefined, done, 'new'],
  ['add leaves an item alone', add, 'old', notStored, 'old'],
  ['replace does nothing where nothing was', replace, undefined, notStored, undefined],
  ['replace stores over an item', replace, 'old', done, 'new'],
  ['append does nothing where nothing was', append, undefined, notStored, undefined],
  ['append puts the value behind', append, 'old', done, 'oldnew'],
  ['prepend does nothing where nothing was', prepend, undefined, notStored, undefined],
  ['prepend puts the value in front', prepend, 'old', done, 'newold'],
];

export function storeContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test.each(modes)('%s', (_name, mode, present, status, after) => {
    const { driver } = checked;
    if (present !== undefined) driver.store('k', present);
    expect(driver.store('k', 'new', { mode })).toBe(status);
    expect(driver.get('k')).toBe(after);
  });

  test('append and prepend keep client flags and deadline, and ignore those sent', () => {
    const { driver } = checked;
    driver.store('k', 'b', { flags: 7, expiresAtMs: driver.inSeconds(10) });
    driver.store('k', 'c', { mode: append, flags: 9, expiresAtMs: driver.inSeconds(99) });
    driver.store('k', 'a', { mode: prepend, flags: 9 });
    expect(driver.get('k')).toBe('abc');
    expect(driver.engine.found).toMatchObject({ flags: 7, expiresAtMs: driver.inSeconds(10) });
  });

  test('client flags are kept as 32 unsigned bits', () => {
    const { driver } = checked;
    for (const flags of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
      driver.store('k', 'v', { flags });
      driver.get('k');
      expect(driver.engine.found.flags).toBe(flags);
    }
  });

  test('keys of 1 and of 250 bytes, and keys that differ in one byte, are kept apart', () => {
    const { driver } = checked;
    const long = 'x'.repeat(249);
    const keys = ['a', 'b', 'aa', `${long}a`, `${long}b`, `a${long}`];
    for (const key of keys) driver.store(key, `value of ${key}`);
    for (const key of keys) expect(driver.get(key)).toBe(`value of ${key}`);
    expect(driver.engine.stats().items).toBe(keys.length);
  });

  test('keys with the same hash are kept apart', () => {
    const { driver } = checked;
    for (const text of ['one', 'two', 'six']) {
      driver.fill(text, `value of ${text}`, {}).key.hashHigh = 5;
      driver.request.key.hashLow = 6;
      expect(driver.engine.store(driver.request)).toBe(done);
    }
    for (const text of ['one', 'two', 'six']) {
      Object.assign(driver.key(text), { hashHigh: 5, hashLow: 6 });
      expect(driver.engine.find(driver.request.key, false)).toBe(true);
      expect(driver.foundKey()).toBe(text);
      expect(new TextDecoder().decode(driver.value())).toBe(`value of ${text}`);
    }
  });

  test('any bytes may stand in a value, and none at all', () => {
    const { driver } = checked;
    const every = Uint8Array.from({ length: 256 }, (_, i) => i);
    driver.store('every', every);
    driver.store('none', '');
    driver.has('every');
    expect(driver.value()).toEqual(every);
    expect(driver.get('none')).toBe('');
  });

  test('the engine keeps nothing of the buffers it was given', () => {
    const { driver } = checked;
    driver.store('k', 'value');
    driver.request.valueBytes.fill(0xaa);
    driver.request.key.bytes.fill(0xaa);
    expect(driver.get('k')).toBe('value');
    expect(driver.foundKey()).toBe('k');
  });

  test('a removed item is gone, and can be stored again', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    driver.has('k');
    driver.engine.remove();
    expect(driver.get('k')).toBeUndefined();
    expect(driver.store('k', 'w', { mode: add })).toBe(done);
    expect(driver.get('k')).toBe('w');
  });

  test('a value above the largest is refused and leaves the item as it was', () => {
    const { driver } = checked;
    driver.store('k', 'v');
    expect(driver.store('k', new Uint8Array(VALUE_BYTES_MAX + 1))).toBe(Status.tooLarge);
    expect(driver.get('k')).toBe('v');
    driver.store('k', new Uint8Array(VALUE_BYTES_MAX).fill(1));
    expect(driver.store('k', 'x', { mode: append })).toBe(Status.tooLarge);
    driver.has('k');
    expect(driver.engine.found.valueBytes).toBe(VALUE_BYTES_MAX);
  });

  test('overwriting with longer and shorter values leaves one item with the last value', () => {
    const { driver } = checked;
    for (let size = 0; size < 600; size += 7) {
      driver.store('k', 'x'.repeat(size));
      driver.store('k', 'y'.repeat(600 - size));
      expect(driver.get('k')).toBe('y'.repeat(600 - size));
    }
    expect(driver.engine.stats().items).toBe(1);
  });
}
