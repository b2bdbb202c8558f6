import { nobody } from '../table.ts';
import type { PartitionTable } from '../table.ts';
import type { Roster } from './roster.ts';

/** The table before, in the roster's numbers; a member that left is nobody. */
export interface Before {
  readonly owners: Uint16Array;
  /** Places of a partition; 0 without a table before. */
  readonly width: number;
}

export function createBefore(roster: Roster, previous: PartitionTable | undefined): Before {
  if (previous === undefined) return { owners: new Uint16Array(0), width: 0 };
  const indexes = new Map(roster.ids.map((id, index) => [id, index]));
  const translated = previous.members.map((id) => indexes.get(id) ?? nobody);
  const owners = previous.owners.map((owner) => (owner === nobody ? nobody : translated[owner]!));
  return { owners, width: previous.replicas };
}

/** Copies and primaries of each eligible member in the table before. */
export interface Counts {
  readonly copies: Int32Array;
  readonly primaries: Int32Array;
}

export function countBefore(roster: Roster, before: Before): Counts {
  const copies = new Int32Array(roster.ids.length);
  const primaries = new Int32Array(roster.ids.length);
  for (const [at, owner] of before.owners.entries()) {
    if (owner === nobody || roster.weights[owner] === 0) continue;
    copies[owner]!++;
    if (at % before.width === 0) primaries[owner]!++;
  }
  return { copies, primaries };
}
