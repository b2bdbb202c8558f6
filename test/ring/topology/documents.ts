import {
  createTopology,
  MemberState,
  plan,
  plannerMembers,
  serializeTopology,
  type MemberInput,
  type Topology,
} from '@ringway/ring';

export function member(id: string, changes: Partial<MemberInput> = {}): MemberInput {
  return {
    id,
    zone: 'zone-1',
    weight: 1,
    data: `${id}.example:7411`,
    admin: `${id}.example:7511`,
    incarnation: '00000000000000a1',
    state: MemberState.active,
    ...changes,
  };
}

export const threeMembers: readonly MemberInput[] = ['a', 'b', 'c'].map((id) => member(id));

export function newTopology(members = threeMembers, cluster = 'test', hashKey = '0123456789abcdef'): Topology {
  const table = plan(undefined, plannerMembers(members), { partitions: 64, replicas: 2 });
  return createTopology({ cluster, hashKey, members, table });
}

/** The document of `newTopology` as plain JSON, to be spoilt. */
export function plainDocument(): Record<string, unknown> {
  return JSON.parse(serializeTopology(newTopology())) as Record<string, unknown>;
}
