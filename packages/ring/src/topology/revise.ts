import { RingError } from '../errors.ts';
import { epochMax } from '../limits.ts';
import { nobody, reindexTable } from '../table.ts';
import type { PartitionTable } from '../table.ts';
import { compareMoves, parseTopology } from './parse.ts';
import { documentOf } from './serialize.ts';
import type { Member, MemberInput, PendingMove, Topology } from './topology.ts';

export interface NewTopology {
  readonly cluster: string;
  /** The hash secret, 16 hexadecimal digits from a source of randomness. */
  readonly hashKey: string;
  readonly members: readonly MemberInput[];
  readonly table: PartitionTable;
}

/** What changes; the rest stays. A changed table may have another number of replicas. */
export interface TopologyChanges {
  readonly members?: readonly MemberInput[];
  readonly table?: PartitionTable;
  readonly moves?: readonly PendingMove[];
}

/** The first document of a cluster, epoch 1. Throws as parseTopology does. */
export function createTopology({ cluster, hashKey, members, table }: NewTopology): Topology {
  const admitted = admit(members, [], 1);
  return checked({
    cluster,
    epoch: 1,
    hash: { key: hashKey, partitions: table.partitions },
    members: admitted,
    table,
    ownership: new Uint32Array(table.partitions).fill(1),
    moves: [],
  });
}

/**
 * The next document: epoch + 1, new incarnations admitted in it, and its epoch as the ownership epoch of every
 * partition whose primary is another member or another process than before. Throws as parseTopology does, and
 * RING_OPTION when epochs run out.
 */
export function reviseTopology(current: Topology, changes: TopologyChanges): Topology {
  const epoch = current.epoch + 1;
  if (epoch > epochMax) throw new RingError('RING_OPTION', `epochs end at ${epochMax}`);
  const members = admit(changes.members ?? current.members, current.members, epoch);
  const table = changes.table ?? current.table;
  return checked({
    cluster: current.cluster,
    epoch,
    hash: { ...current.hash, partitions: table.partitions },
    members,
    table,
    ownership: carryOwnership(current, table, members, epoch),
    moves: changes.moves ?? current.moves,
  });
}

/** Members in the document's order, each with the epoch in which its process was admitted. */
function admit(members: readonly MemberInput[], known: readonly Member[], epoch: number): Member[] {
  const admitted = new Map(known.map(({ id, incarnation, admittedEpoch }) => [`${id} ${incarnation}`, admittedEpoch]));
  return members
    .map((member) => ({ ...member, admittedEpoch: admitted.get(`${member.id} ${member.incarnation}`) ?? epoch }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function carryOwnership(
  current: Topology,
  table: PartitionTable,
  members: readonly Member[],
  epoch: number,
): Uint32Array {
  const admissions = new Map(members.map((member) => [member.id, member.admittedEpoch]));
  return current.ownership.map((before, partition) => {
    const primary = primaryOf(table, partition);
    const unchanged = primary === primaryOf(current.table, partition) && admissions.get(primary!) !== epoch;
    return unchanged ? before : epoch;
  });
}

function primaryOf({ owners, members, replicas }: PartitionTable, partition: number): string | undefined {
  const primary = owners[partition * replicas];
  return primary === undefined || primary === nobody ? undefined : members[primary];
}

/** Brings the parts into the document's order and reads them back, so that there is one place that checks. */
function checked(parts: Omit<Topology, 'replicas' | 'digest'>): Topology {
  const table = reindexTable(
    parts.table,
    parts.members.map((member) => member.id),
  );
  const moves = parts.moves.toSorted(compareMoves);
  return parseTopology(documentOf({ ...parts, replicas: table.replicas, table, moves }));
}
