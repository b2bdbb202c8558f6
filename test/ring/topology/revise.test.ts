import {
  createKeyHash,
  createTopology,
  epochMax,
  keyHashOf,
  MemberState,
  ownersOf,
  ownershipEpoch,
  plan,
  plannerMembers,
  reviseTopology,
  type Topology,
} from '@ringway/ring';
import { expect, test } from 'vitest';
import { member, newTopology, threeMembers } from './documents.ts';

function epochsByPrimary(topology: Topology): Record<string, Set<number>> {
  const epochs: Record<string, Set<number>> = {};
  for (let partition = 0; partition < topology.hash.partitions; partition++) {
    const primary = ownersOf(topology.table, partition)[0]!;
    (epochs[primary] ??= new Set()).add(ownershipEpoch(topology, partition));
  }
  return epochs;
}

test('the first document is epoch 1 and admits everybody in it', () => {
  const topology = newTopology();
  expect(topology.epoch).toBe(1);
  expect(topology.members.map(({ admittedEpoch }) => admittedEpoch)).toEqual([1, 1, 1]);
  expect(epochsByPrimary(topology)).toEqual({ a: new Set([1]), b: new Set([1]), c: new Set([1]) });
});

test('a change that touches no primary keeps the ownership epochs', () => {
  const next = reviseTopology(newTopology(), { members: threeMembers.map((each) => ({ ...each, weight: 2 })) });
  expect(next.epoch).toBe(2);
  expect(new Set(next.ownership)).toEqual(new Set([1]));
});

test('a member that restarted owns its partitions in a new epoch', () => {
  const members = threeMembers.with(1, member('b', { incarnation: '00000000000000b2' }));
  const next = reviseTopology(newTopology(), { members });
  expect(next.members.map(({ admittedEpoch }) => admittedEpoch)).toEqual([1, 2, 1]);
  expect(epochsByPrimary(next)).toEqual({ a: new Set([1]), b: new Set([2]), c: new Set([1]) });
});

test('a partition whose primary changed is owned in a new epoch, and only that', () => {
  const first = newTopology();
  const members = [...threeMembers, member('d')];
  const table = plan(first.table, plannerMembers(members), first.table);
  const next = reviseTopology(first, { members, table });
  for (let partition = 0; partition < 64; partition++) {
    const stayed = ownersOf(first.table, partition)[0] === ownersOf(next.table, partition)[0];
    expect(ownershipEpoch(next, partition)).toBe(stayed ? 1 : 2);
  }
  expect(epochsByPrimary(next)['d']).toEqual(new Set([2]));
});

test('ownership epochs are kept over later documents', () => {
  const restarted = threeMembers.with(1, member('b', { incarnation: '00000000000000b2' }));
  const second = reviseTopology(newTopology(), { members: restarted });
  const third = reviseTopology(second, {});
  expect(third.ownership).toEqual(second.ownership);
});

test('a member may be listed before it owns anything', () => {
  const next = reviseTopology(newTopology(), { members: [member('0'), ...threeMembers] });
  expect(next.table.members).toEqual(['0', 'a', 'b', 'c']);
  expect(epochsByPrimary(next)['0']).toBeUndefined();
});

test('an owner cannot be left out', () => {
  expect(() => reviseTopology(newTopology(), { members: threeMembers.slice(1) })).toThrow(
    expect.objectContaining({ code: 'RING_TABLE' }),
  );
});

test('the number of replicas follows the table', () => {
  const first = newTopology();
  const table = plan(first.table, plannerMembers(threeMembers), { partitions: 64, replicas: 3 });
  expect(reviseTopology(first, { table }).replicas).toBe(3);
});

test('members may come in any order', () => {
  const table = plan(undefined, plannerMembers(threeMembers), { partitions: 64, replicas: 2 });
  const members = threeMembers.toReversed();
  const topology = createTopology({ cluster: 'test', hashKey: '0123456789abcdef', members, table });
  expect(topology.digest).toBe(newTopology().digest);
});

test('epochs end where versions have no more room for them', () => {
  expect(() => reviseTopology({ ...newTopology(), epoch: epochMax }, {})).toThrow(
    expect.objectContaining({ code: 'RING_OPTION' }),
  );
});

test('the planner sees who drains without weight and who is down not at all', () => {
  const members = [member('a', { state: MemberState.draining }), member('b', { state: MemberState.down }), member('c')];
  expect(plannerMembers(members)).toEqual([
    { id: 'a', zone: 'zone-1', weight: 0 },
    { id: 'c', zone: 'zone-1', weight: 1 },
  ]);
});

test('the key hash of a topology is the one of its secret', () => {
  const hash = createKeyHash(Buffer.from('0123456789abcdef', 'hex'));
  expect(keyHashOf(newTopology()).highLatin1('some key')).toBe(hash.highLatin1('some key'));
});
