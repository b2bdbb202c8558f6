import { expect, test } from 'vitest';
import { partitionOfHash } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import { keyRef } from '../engine-driver.ts';
import type { EngineDriver } from '../engine-driver.ts';
import { checkedEngine } from './checked.ts';

const BITS = 4;
const PARTITIONS = 1 << BITS;

function partitionOf(key: string, bits = BITS): number {
  return partitionOfHash(keyRef(key).hashHigh, bits);
}

function scan(driver: EngineDriver, partition: number, itemsMax: number, bits = BITS): string[] {
  const keys: string[] = [];
  let position = 0;
  let steps = 0;
  do {
    expect(steps++, 'a scan comes to an end').toBeLessThan(1000);
    let visited = 0;
    position = driver.engine.scanPartition(partition, bits, position, itemsMax, () => {
      visited++;
      keys.push(driver.foundKey());
    });
    expect(visited).toBeLessThanOrEqual(itemsMax);
  } while (position !== -1);
  return keys;
}

export function partitionContract(create: CreateEngine): void {
  const checked = checkedEngine(create);
  const keys = Array.from({ length: 300 }, (_, i) => `key-${i}`);

  test.each([1, 7, 1000])('a scan of %d at a time visits the items of the partition and no other', (itemsMax) => {
    const { driver } = checked;
    for (const key of keys) driver.store(key, key);
    let count = 0;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const found = scan(driver, partition, itemsMax);
      expect(new Set(found)).toEqual(new Set(keys.filter((key) => partitionOf(key) === partition)));
      count += new Set(found).size;
    }
    expect(count).toBe(keys.length);
  });

  test('one partition is everything, and an empty one ends at once', () => {
    const { driver } = checked;
    expect(scan(driver, 3, 10)).toEqual([]);
    for (const key of keys) driver.store(key, key);
    expect(new Set(scan(driver, 0, 50, 0))).toEqual(new Set(keys));
  });

  test('a scan does not visit expired, flushed or removed items, and counts as no access', () => {
    const { driver } = checked;
    for (const key of ['flushed']) driver.store(key, key);
    driver.engine.flushAll(driver.nowMs);
    driver.store('expired', 'v', { expiresAtMs: driver.inSeconds(1) });
    driver.store('removed', 'v');
    driver.store('kept', 'v', { flags: 5 });
    driver.remove('removed');
    driver.pass(1);
    const seen: string[] = [];
    driver.engine.scanPartition(0, 0, 0, 10, () => {
      seen.push(`${driver.foundKey()}=${new TextDecoder().decode(driver.value())} ${driver.engine.found.flags}`);
    });
    expect(seen).toEqual(['kept=v 5']);
    driver.has('kept');
    expect(driver.engine.found.fetched).toBe(false);
  });

  test('an item that is there all the time is visited, whatever is stored and read between the steps', () => {
    const { driver } = checked;
    for (const key of keys) driver.store(key, key);
    const seen = new Set<string>();
    let position = 0;
    let step = 0;
    do {
      position = driver.engine.scanPartition(0, 0, position, 20, () => seen.add(driver.foundKey()));
      driver.store(`new-${step}`, 'x');
      driver.get(keys[(step * 37) % keys.length]!);
      driver.store(keys[(step * 53) % keys.length]!, 'rewritten');
      step++;
    } while (position !== -1 && step < 1000);
    for (const key of keys) expect(seen.has(key), key).toBe(true);
  });

  test('dropped partitions are empty at once, and the others are as they were', () => {
    const { driver } = checked;
    for (const key of keys) driver.store(key, key);
    const drop = Uint8Array.from({ length: PARTITIONS }, (_, partition) => (partition % 3 === 0 ? 1 : 0));
    driver.engine.dropPartitions(BITS, drop);
    for (const key of keys) expect(driver.get(key)).toBe(drop[partitionOf(key)] === 1 ? undefined : key);
    for (let partition = 0; partition < PARTITIONS; partition += 3) expect(scan(driver, partition, 50)).toEqual([]);
    for (const key of keys) driver.store(key, 'again');
    for (const key of keys) expect(driver.get(key)).toBe('again');
  });
}
