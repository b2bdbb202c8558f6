import { createTable, movesBetween, nobody, plan, summarizeMoves, type Move, type PartitionTable } from '@ringway/ring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scenarios } from './planner/clusters.ts';
import { tries } from './property.ts';

/** A table of 64 partitions in which only the first differs from one to the next. */
function table(first: readonly string[], replicas = 2): PartitionTable {
  const members = ['a', 'b', 'c', 'd'];
  const owners = new Uint16Array(64 * replicas).fill(nobody);
  for (let partition = 1; partition < 64; partition++) owners[partition * replicas] = 0;
  owners.set(first.map((id) => members.indexOf(id)));
  return createTable({ partitions: 64, replicas, members, owners });
}

test.each<[string, string[], string[], object[]]>([
  ['nothing', ['a', 'b'], ['a', 'b'], []],
  ['a replica goes elsewhere', ['a', 'b'], ['a', 'c'], [{ kind: 'copy', from: 'b', to: 'c' }]],
  ['a primary goes elsewhere', ['a', 'b'], ['c', 'b'], [{ kind: 'copy', from: 'a', to: 'c' }]],
  ['roles are exchanged', ['a', 'b'], ['b', 'a'], [{ kind: 'promote', from: 'a', to: 'b' }]],
  ['a copy is added', ['a'], ['a', 'b'], [{ kind: 'copy', to: 'b' }]],
  ['a copy is dropped', ['a', 'b'], ['a'], [{ kind: 'drop', from: 'b' }]],
  [
    'both go elsewhere',
    ['a', 'b'],
    ['c', 'd'],
    [
      { kind: 'copy', from: 'a', to: 'c' },
      { kind: 'copy', from: 'b', to: 'd' },
    ],
  ],
  [
    'a replica leads after the primary is gone, and a newcomer follows',
    ['a', 'b'],
    ['b', 'c'],
    [
      { kind: 'copy', from: 'a', to: 'c' },
      { kind: 'promote', from: 'a', to: 'b' },
    ],
  ],
  [
    'a primary is dropped',
    ['a', 'b'],
    ['b'],
    [
      { kind: 'drop', from: 'a' },
      { kind: 'promote', from: 'a', to: 'b' },
    ],
  ],
])('%s', (_, before, after, moves) => {
  expect(movesBetween(table(before), table(after))).toEqual(moves.map((move) => ({ partition: 0, ...move })));
});

test('a first table is copies from nobody', () => {
  const moves = movesBetween(undefined, table(['a', 'b']));
  expect(moves.slice(0, 2)).toEqual([
    { kind: 'copy', partition: 0, to: 'a' },
    { kind: 'copy', partition: 0, to: 'b' },
  ]);
  expect(summarizeMoves(undefined, table(['a', 'b']))).toEqual({ copiesMoved: 65, primariesMoved: 64 });
});

test('tables of different width can be compared', () => {
  expect(movesBetween(table(['a'], 1), table(['a', 'b'], 2))).toEqual([{ kind: 'copy', partition: 0, to: 'b' }]);
});

test('tables of different partition counts cannot', () => {
  const members = [{ id: 'a', zone: 'z', weight: 1 }];
  const other = plan(undefined, members, { partitions: 128, replicas: 1 });
  expect(() => movesBetween(table(['a']), other)).toThrow(expect.objectContaining({ code: 'RING_OPTION' }));
});

/** What the moves make of the owners of each partition, roles aside. */
function applied(before: PartitionTable, moves: readonly Move[]): Set<string>[] {
  const owners = Array.from({ length: before.partitions }, (_, partition) => {
    const places = before.owners.subarray(partition * before.replicas, (partition + 1) * before.replicas);
    return new Set([...places].filter((owner) => owner !== nobody).map((owner) => before.members[owner]!));
  });
  for (const move of moves) {
    if (move.kind === 'promote') continue;
    if (move.from !== undefined) owners[move.partition]!.delete(move.from);
    if (move.kind === 'copy') owners[move.partition]!.add(move.to);
  }
  return owners;
}

test('the moves lead from the one table to the other, and their summary counts them', () => {
  fc.assert(
    fc.property(scenarios(1), scenarios(1), (one, other) => {
      const before = plan(undefined, one.members, { partitions: 64, replicas: one.replicas });
      const after = plan(before, other.members, { partitions: 64, replicas: other.replicas });
      const moves = movesBetween(before, after);
      expect(applied(before, moves)).toEqual(applied(after, []));
      const copies = moves.filter((move) => move.kind === 'copy');
      expect(summarizeMoves(before, after).copiesMoved).toBe(copies.length);
    }),
    tries(50),
  );
});
