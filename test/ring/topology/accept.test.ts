import { acceptTopology, reviseTopology, type Topology } from '@ringway/ring';
import { expect, test } from 'vitest';
import { member, newTopology, threeMembers } from './documents.ts';

const first = newTopology();
const second = reviseTopology(first, {});
const rival = reviseTopology(first, { members: [...threeMembers, member('d')] });

test.each<[string, Topology | undefined, Topology, string]>([
  ['the first document', undefined, second, 'accepted'],
  ['a higher epoch', first, second, 'accepted'],
  ['the same document again', second, reviseTopology(first, {}), 'unchanged'],
  ['a lower epoch', second, first, 'RING_EPOCH_LOWER'],
  ['the same epoch with another content', second, rival, 'RING_EPOCH_CONFLICT'],
  ['no members', first, { ...second, members: [] }, 'RING_NO_MEMBERS'],
  ['no members, as the first document', undefined, { ...second, members: [] }, 'RING_NO_MEMBERS'],
  ['another cluster', first, reviseTopology(newTopology(threeMembers, 'other'), {}), 'RING_OTHER_CLUSTER'],
  [
    'another secret',
    first,
    reviseTopology(newTopology(threeMembers, 'test', 'fedcba9876543210'), {}),
    'RING_OTHER_SECRET',
  ],
  ['other partitions', first, { ...second, hash: { ...second.hash, partitions: 128 } }, 'RING_OTHER_PARTITIONS'],
])('%s', (_, current, next, outcome) => {
  const acceptance = acceptTopology(current, next);
  expect(acceptance.kind === 'refused' ? acceptance.code : acceptance.kind).toBe(outcome);
});

test('a refusal says why, without the secret', () => {
  const acceptance = acceptTopology(first, newTopology(threeMembers, 'test', 'fedcba9876543210'));
  expect(JSON.stringify(acceptance)).not.toMatch(/fedcba9876543210|0123456789abcdef/);
});
