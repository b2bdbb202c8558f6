import { createTopology, plan, reviseTopology, type MemberInput, type Topology } from '@ringway/ring';

const members: MemberInput[] = ['node-1', 'node-2'].map((id, i) => ({
  id,
  zone: 'local',
  weight: 1,
  data: `127.0.0.1:${7411 + i}`,
  admin: `127.0.0.1:${7511 + i}`,
  incarnation: '00000000000000a1',
  state: 'active',
}));

/** The first document of a cluster of this name. */
export function firstDocument(cluster = 'test'): Topology {
  const table = plan(undefined, members, { partitions: 64, replicas: 1 });
  return createTopology({ cluster, hashKey: '00112233445566ff', members, table });
}

/** The next document. Two with different incarnations differ. */
export function nextDocument(topology: Topology, incarnation = '00000000000000a1'): Topology {
  return reviseTopology(topology, { members: topology.members.map((member) => ({ ...member, incarnation })) });
}
