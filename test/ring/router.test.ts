import { createKeyHash, createRouter, nobody, ownersOf, plan } from '@ringway/ring';
import { expect, test } from 'vitest';

const members = ['a', 'b', 'c', 'd'].map((id) => ({ id, zone: 'z', weight: 1 }));

test.each([64, 1024, 65_536])('the partition of a key is the top bits of its hash, of %s partitions', (partitions) => {
  const router = createRouter(plan(undefined, members, { partitions, replicas: 1 }));
  const bits = Math.log2(partitions);
  expect([0, 2 ** 32 - 1, 2 ** 31].map((high) => router.partitionOf(high))).toEqual([
    0,
    partitions - 1,
    2 ** (bits - 1),
  ]);
});

test('a router answers what the table says, for the primary and for every place', () => {
  const table = plan(undefined, members, { partitions: 256, replicas: 3 });
  const router = createRouter(table);
  for (let partition = 0; partition < table.partitions; partition++) {
    const places = [0, 1, 2].map((place) => table.members[router.replicaOf(partition, place)]);
    expect(places).toEqual(ownersOf(table, partition));
    expect(router.ownerOf(partition)).toBe(router.replicaOf(partition, 0));
  }
});

test('places without a member are nobody', () => {
  const router = createRouter(plan(undefined, members.slice(0, 2), { partitions: 64, replicas: 3 }));
  expect([router.replicaOf(5, 2), router.replicaOf(5, 3)]).toEqual([nobody, nobody]);
});

test('all keys reach some member', () => {
  const router = createRouter(plan(undefined, members, { partitions: 64, replicas: 1 }));
  const hash = createKeyHash(new Uint8Array(8));
  const reached = new Set<number>();
  for (let i = 0; i < 1000; i++) reached.add(router.ownerOf(router.partitionOf(hash.highLatin1(`key-${i}`))));
  expect([...reached].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
});
