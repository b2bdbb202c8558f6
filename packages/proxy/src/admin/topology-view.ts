import type { Topology } from '@ringway/ring';
import type { NodeLink } from '../routing/node-link.ts';

/**
 * The topology as an operator may see it: without the hash secret (with it anyone could aim keys at one node) and
 * without the table, but with each member's share of it and what this proxy thinks of the member.
 */
export interface TopologyView {
  readonly cluster: string;
  readonly epoch: number;
  readonly digest: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly members: readonly MemberView[];
}

export interface MemberView {
  readonly id: string;
  readonly zone: string;
  readonly weight: number;
  readonly state: string;
  readonly incarnation: string;
  readonly data: string;
  readonly admin: string;
  /** Partitions it is primary of. */
  readonly partitions: number;
  /** This proxy's own verdict: up, ejected, probing. */
  readonly health: string;
  readonly connections: number;
  readonly pendingRequests: number;
}

export function topologyView(topology: Topology, links: readonly NodeLink[]): TopologyView {
  const { cluster, epoch, digest, hash, replicas, members, table } = topology;
  const shares = new Map<string, number>();
  for (let partition = 0; partition < hash.partitions; partition++) {
    const id = table.members[table.owners[partition * table.replicas] ?? -1];
    if (id !== undefined) shares.set(id, (shares.get(id) ?? 0) + 1);
  }
  const linkOf = new Map(links.map((link) => [link.id, link]));
  return {
    cluster,
    epoch,
    digest,
    partitions: hash.partitions,
    replicas,
    members: members.map((member) => ({
      id: member.id,
      zone: member.zone,
      weight: member.weight,
      state: member.state,
      incarnation: member.incarnation,
      data: member.data,
      admin: member.admin,
      partitions: shares.get(member.id) ?? 0,
      health: linkOf.get(member.id)?.health ?? 'unknown',
      connections: linkOf.get(member.id)?.connectionCount ?? 0,
      pendingRequests: linkOf.get(member.id)?.pendingCount ?? 0,
    })),
  };
}
