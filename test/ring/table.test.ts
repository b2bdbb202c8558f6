import { createTable, nobody, ownersOf, reindexTable, type PartitionTable } from '@ringway/ring';
import { expect, test } from 'vitest';

/** 64 partitions of two places: a leads the even ones, b the odd ones, nobody follows. */
function smallTable(changes: Partial<PartitionTable> = {}): PartitionTable {
  const owners = new Uint16Array(128).fill(nobody);
  for (let partition = 0; partition < 64; partition++) owners[partition * 2] = partition % 2;
  return { partitions: 64, replicas: 2, members: ['a', 'b'], owners, ...changes };
}

function withOwners(...places: number[]): PartitionTable {
  const table = smallTable();
  table.owners.set(places);
  return table;
}

test('a table that keeps the rules is taken as it is', () => {
  const table = smallTable();
  expect(createTable(table)).toBe(table);
  expect(ownersOf(table, 3)).toEqual(['b']);
  expect(ownersOf(withOwners(1, 0), 0)).toEqual(['b', 'a']);
});

test.each<[string, PartitionTable, string]>([
  ['a partition without a primary', withOwners(nobody, nobody), 'no primary'],
  ['a member twice in a partition', withOwners(1, 1), 'twice in partition 0'],
  ['a member that does not exist', withOwners(2), 'member number 2 of 2'],
  ['too few places', smallTable({ owners: new Uint16Array(127) }), '127 places'],
  ['members out of order', smallTable({ members: ['b', 'a'] }), 'out of order'],
  ['a member listed twice', smallTable({ members: ['a', 'a'] }), 'out of order or twice'],
])('%s is refused', (_, table, message) => {
  expect(() => createTable(table)).toThrow(
    expect.objectContaining({ code: 'RING_TABLE', message: expect.stringContaining(message) as string }),
  );
});

test('a gap between replicas is refused', () => {
  const owners = new Uint16Array(64 * 3).fill(nobody);
  for (let partition = 0; partition < 64; partition++) owners[partition * 3] = 0;
  owners[2] = 1;
  expect(() => createTable({ partitions: 64, replicas: 3, members: ['a', 'b'], owners })).toThrow('gap in partition 0');
});

test.each([0, 32, 63, 65, 131_072, 64.5, Number.NaN])('%s partitions are refused', (partitions) => {
  expect(() => createTable(smallTable({ partitions }))).toThrow(expect.objectContaining({ code: 'RING_OPTION' }));
});

test.each([0, 9, 1.5])('%s replicas are refused', (replicas) => {
  expect(() => createTable(smallTable({ replicas }))).toThrow(expect.objectContaining({ code: 'RING_OPTION' }));
});

test('a table keeps its owners over a longer list of members', () => {
  const longer = reindexTable(smallTable(), ['A', 'a', 'b', 'c']);
  expect([ownersOf(longer, 0), ownersOf(longer, 1)]).toEqual([['a'], ['b']]);
});

test('a list of members without an owner is refused', () => {
  expect(() => reindexTable(smallTable(), ['a', 'c'])).toThrow(expect.objectContaining({ code: 'RING_TABLE' }));
});
