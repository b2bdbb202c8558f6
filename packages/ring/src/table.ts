import { RingError } from './errors.ts';
import { memberCountMax, partitionCountMax, partitionCountMin, replicaCountMax } from './limits.ts';

/**
 * Who owns what: for each partition its members, the primary first.
 *
 *   owners   p0: primary, replica, replica | p1: primary, replica, replica | ...    (Uint16, `replicas` a partition)
 *   members  the ids that the numbers in `owners` index, in ascending order
 *
 * With fewer members than `replicas` the last places of every partition hold `nobody`.
 */
export interface PartitionTable {
  /** A power of two, partitionCountMin..partitionCountMax. */
  readonly partitions: number;
  /** Places of a partition, the primary's included. */
  readonly replicas: number;
  readonly members: readonly string[];
  readonly owners: Uint16Array;
}

/** An empty place. No member index reaches it. */
export const nobody = 0xffff;

/** Checks the two numbers that give a table its shape. Throws RING_OPTION. */
export function checkShape(partitions: number, replicas: number): void {
  const powerOfTwo = Number.isInteger(partitions) && (partitions & (partitions - 1)) === 0;
  if (!powerOfTwo || partitions < partitionCountMin || partitions > partitionCountMax) {
    const range = `${partitionCountMin} to ${partitionCountMax}`;
    throw new RingError('RING_OPTION', `partitions is a power of two from ${range}, not ${partitions}`);
  }
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > replicaCountMax) {
    throw new RingError('RING_OPTION', `replicas is an integer from 1 to ${replicaCountMax}, not ${replicas}`);
  }
}

/**
 * Makes a table of its parts. Throws RING_OPTION for a bad shape and RING_TABLE when the places break a rule:
 * a primary everywhere, no gaps, known members, no member twice in a partition, ids ascending.
 */
export function createTable(parts: PartitionTable): PartitionTable {
  const { partitions, replicas, members, owners } = parts;
  checkShape(partitions, replicas);
  if (members.length > memberCountMax) throw broken(`has ${members.length} members, more than ${memberCountMax}`);
  for (let i = 1; i < members.length; i++) {
    if (members[i - 1]! >= members[i]!) throw broken(`lists member ${members[i]} out of order or twice`);
  }
  if (owners.length !== partitions * replicas) {
    throw broken(`has ${owners.length} places where ${partitions} x ${replicas} are expected`);
  }
  for (let partition = 0; partition < partitions; partition++)
    checkPlaces(members, owners.subarray(partition * replicas, (partition + 1) * replicas), partition);
  return parts;
}

function checkPlaces(members: readonly string[], places: Uint16Array, partition: number): void {
  if (places[0] === nobody) throw broken(`gives partition ${partition} no primary`);
  for (let place = 0; place < places.length; place++) {
    const owner = places[place]!;
    if (owner === nobody) {
      if ((places[place + 1] ?? nobody) !== nobody) throw broken(`leaves a gap in partition ${partition}`);
      continue;
    }
    if (owner >= members.length) throw broken(`names member number ${owner} of ${members.length} in ${partition}`);
    if (places.indexOf(owner) !== place) throw broken(`lists ${members[owner]} twice in partition ${partition}`);
  }
}

function broken(rule: string): RingError {
  return new RingError('RING_TABLE', `the partition table ${rule}`);
}

/** Ids of a partition's members, the primary first. */
export function ownersOf(table: PartitionTable, partition: number): string[] {
  const first = partition * table.replicas;
  const places = table.owners.subarray(first, first + table.replicas);
  return Array.from(places.subarray(0, countOwners(places)), (owner) => table.members[owner]!);
}

function countOwners(places: Uint16Array): number {
  const empty = places.indexOf(nobody);
  return empty === -1 ? places.length : empty;
}

/**
 * The same owners over another list of members, as when a member joins that owns nothing yet. Throws RING_TABLE when
 * an owner is not in the list.
 */
export function reindexTable(table: PartitionTable, members: readonly string[]): PartitionTable {
  const places = new Map(members.map((id, index) => [id, index]));
  const indexes = table.members.map((id) => places.get(id));
  const owners = table.owners.map((owner) => {
    if (owner === nobody) return nobody;
    const index = indexes[owner];
    if (index === undefined) throw broken(`gives partitions to ${table.members[owner]}, which is not a member`);
    return index;
  });
  return createTable({ ...table, members, owners });
}
