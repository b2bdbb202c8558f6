import { RingError } from './errors.ts';
import { nobody } from './table.ts';
import type { PartitionTable } from './table.ts';

/**
 * One step between two tables.
 *
 *   copy     `to` gets a copy; `from` gives its own up for it, or is absent when the partition has one copy more
 *   drop     `from` gives its copy up and nobody takes it
 *   promote  `to` has a copy already and becomes the primary in place of `from`; no data moves
 */
export type Move =
  | { readonly kind: 'copy'; readonly partition: number; readonly from?: string; readonly to: string }
  | { readonly kind: 'drop'; readonly partition: number; readonly from: string }
  | { readonly kind: 'promote'; readonly partition: number; readonly from: string; readonly to: string };

export interface MoveSummary {
  /** Copies of partitions that a member gets and did not have. */
  readonly copiesMoved: number;
  /** Partitions that are led by another member than before. */
  readonly primariesMoved: number;
}

/** The steps from one table to another, by partition. `undefined` is the table before the first. Throws RING_OPTION. */
export function movesBetween(from: PartitionTable | undefined, to: PartitionTable): Move[] {
  const moves: Move[] = [];
  eachPartition(from, to, (partition, old, now) => {
    const gone = old.map((member) => (now.includes(member) ? undefined : member));
    for (const [place, member] of now.entries()) {
      if (old.includes(member)) continue;
      const giver = takeGiver(gone, place);
      moves.push({ kind: 'copy', partition, to: member, ...(giver === undefined ? {} : { from: giver }) });
    }
    for (const member of gone) if (member !== undefined) moves.push({ kind: 'drop', partition, from: member });
    const [oldPrimary, primary] = [old[0], now[0]!];
    if (oldPrimary !== undefined && oldPrimary !== primary && old.includes(primary)) {
      moves.push({ kind: 'promote', partition, from: oldPrimary, to: primary });
    }
  });
  return moves;
}

/** The counts of movesBetween, without the list. */
export function summarizeMoves(from: PartitionTable | undefined, to: PartitionTable): MoveSummary {
  let copiesMoved = 0;
  let primariesMoved = 0;
  eachPartition(from, to, (_, old, now) => {
    for (const member of now) if (!old.includes(member)) copiesMoved++;
    if (old[0] !== now[0]) primariesMoved++;
  });
  return { copiesMoved, primariesMoved };
}

/** A newcomer takes over from whoever left the same place, or else from the first who left. */
function takeGiver(gone: (string | undefined)[], place: number): string | undefined {
  const at = gone[place] === undefined ? gone.findIndex((member) => member !== undefined) : place;
  const giver = gone[at];
  if (giver !== undefined) gone[at] = undefined;
  return giver;
}

/** Calls with the members of each partition whose places differ, before and after. */
function eachPartition(
  from: PartitionTable | undefined,
  to: PartitionTable,
  visit: (partition: number, old: readonly string[], now: readonly string[]) => void,
): void {
  if (from !== undefined && from.partitions !== to.partitions) {
    throw new RingError(
      'RING_OPTION',
      `tables of ${from.partitions} and ${to.partitions} partitions have no moves between them`,
    );
  }
  for (let partition = 0; partition < to.partitions; partition++) {
    const old = from === undefined ? [] : membersAt(from, partition);
    visit(partition, old, membersAt(to, partition));
  }
}

function membersAt({ owners, members, replicas }: PartitionTable, partition: number): string[] {
  const ids: string[] = [];
  for (let at = partition * replicas; at < (partition + 1) * replicas; at++) {
    if (owners[at] !== nobody) ids.push(members[owners[at]!]!);
  }
  return ids;
}
