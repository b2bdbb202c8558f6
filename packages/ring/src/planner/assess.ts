import type { PartitionTable } from '../table.ts';
import { summarizeMoves } from '../moves.ts';
import type { MoveSummary } from '../moves.ts';
import { countBefore, createBefore } from './before.ts';
import { createRoster } from './roster.ts';
import type { PlannerMember } from './roster.ts';
import { createTargets } from './shares.ts';

/** How good a table is and what getting there costs, in figures that do not depend on how it was made. */
export interface Assessment extends MoveSummary {
  /** Greatest ratio, over the members, of copies held to the fair (fractional) share; 1 is perfect. */
  readonly copiesPeak: number;
  /** The same for partitions led. */
  readonly primariesPeak: number;
  /**
   * Copies any table with these members' targets must move: what each member lacks of its target, added up. A lower
   * bound, under the same rules about weights, members and zones.
   */
  readonly copiesMovedLeast: number;
}

/** Assesses the step from `previous` (undefined: none) to `next` for these members. Throws as `plan` does. */
export function assess(
  previous: PartitionTable | undefined,
  next: PartitionTable,
  members: readonly PlannerMember[],
): Assessment {
  const roster = createRoster(members, next);
  const held = countBefore(roster, createBefore(roster, previous));
  const targets = createTargets(roster, held);
  const missing = targets.copies.map((target, member) => Math.max(target - held.copies[member]!, 0));
  const now = countBefore(roster, createBefore(roster, next));
  return {
    ...summarizeMoves(previous, next),
    copiesPeak: peak(now.copies, targets.copyShares),
    primariesPeak: peak(now.primaries, targets.primaryShares),
    copiesMovedLeast: missing.reduce((sum, count) => sum + count, 0),
  };
}

function peak(counts: Int32Array, shares: Float64Array): number {
  return counts.reduce((most, count, member) => (count === 0 ? most : Math.max(most, count / shares[member]!)), 0);
}
