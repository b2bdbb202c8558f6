import { expect, test } from 'vitest';
import { Status } from '@ringway/node/engine';
import type { Word64 } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { checkedEngine } from './checked.ts';

function words(number: bigint): Word64 {
  return { high: Number(number >> 32n), low: Number(number & 0xffffffffn) };
}

/** Value before, delta, value after; the number is the value without its spaces. */
const increments: [string, bigint, string][] = [
  ['0', 1n, '1'],
  ['9', 1n, '10'],
  ['99', 1n, '100'],
  ['007', 1n, '8  '],
  ['4294967295', 1n, '4294967296'],
  ['9007199254740991', 1n, '9007199254740992'],
  ['9007199254740993', 2n, '9007199254740995'],
  ['18446744073709551614', 1n, '18446744073709551615'],
  ['18446744073709551615', 1n, `0${' '.repeat(19)}`],
  ['18446744073709551615', 18446744073709551615n, '18446744073709551614'],
  ['1', 18446744073709551615n, '0'],
  ['5  ', 7n, '12 '],
  ['  5', 7n, '12 '],
];
const decrements: [string, bigint, string][] = [
  ['1', 1n, '0'],
  ['10', 1n, '9 '],
  ['0', 1n, '0'],
  ['5', 18446744073709551615n, '0'],
  ['18446744073709551615', 1n, '18446744073709551614'],
  ['18446744073709551615', 18446744073709551615n, `0${' '.repeat(19)}`],
  ['4294967296', 1n, '4294967295'],
  ['10000000000000000000', 1n, '9999999999999999999 '],
  ['8589934592', 4294967297n, '4294967295'],
];
const refused = [
  '',
  ' ',
  'abc',
  '-1',
  '1.5',
  '12 3',
  '1e3',
  '18446744073709551616',
  '99999999999999999999',
  '1'.padEnd(65),
];

export function counterContract(create: CreateEngine): void {
  const checked = checkedEngine(create);

  test.each(increments)('%j + %d is %j', (before, delta, after) => {
    const { driver } = checked;
    driver.store('n', before);
    driver.has('n');
    expect(driver.engine.arithmetic(words(delta), false)).toBe(Status.done);
    expect(driver.engine.number).toEqual(words(BigInt(after)));
    expect(driver.engine.found.valueBytes).toBe(after.length);
    expect(driver.get('n')).toBe(after);
  });

  test.each(decrements)('%j - %d is %j', (before, delta, after) => {
    const { driver } = checked;
    driver.store('n', before);
    driver.has('n');
    expect(driver.engine.arithmetic(words(delta), true)).toBe(Status.done);
    expect(driver.engine.number).toEqual(words(BigInt(after)));
    expect(driver.get('n')).toBe(after);
  });

  test.each(refused)('%j is not a number', (value) => {
    const { driver } = checked;
    driver.store('n', value);
    const version = driver.versionOf('n');
    driver.has('n');
    expect(driver.engine.arithmetic({ high: 0, low: 1 }, false)).toBe(Status.nonNumeric);
    expect(driver.get('n')).toBe(value);
    expect(driver.versionOf('n')).toEqual(version);
  });

  test('counting keeps client flags, deadline, lease bits and fetched', () => {
    const { driver } = checked;
    driver.store('n', '9', { flags: 5, expiresAtMs: driver.inSeconds(10) });
    driver.get('n');
    driver.engine.mark(3, 0);
    driver.engine.arithmetic({ high: 0, low: 1 }, false);
    driver.get('n', true);
    expect(driver.engine.found).toMatchObject({
      flags: 5,
      expiresAtMs: driver.inSeconds(10),
      won: true,
      stale: true,
      fetched: true,
    });
  });

  test('a counter that grows by a digit many times among other items stays right', () => {
    const { driver } = checked;
    driver.store('n', '1');
    for (let i = 0; i < 64; i++) {
      driver.store(`other${i}`, 'x'.repeat(i));
      driver.has('n');
      driver.engine.arithmetic(words((1n << BigInt(i)) - (i === 0 ? 1n : 0n)), false);
    }
    expect(driver.get('n')).toBe(String((1n << 64n) - 1n));
  });
}
