import { RingError } from '../errors.ts';
import type { PartitionTable } from '../table.ts';
import { augmentFree, augmentPaid } from './augment.ts';
import { countBefore, createBefore } from './before.ts';
import { Draft } from './draft.ts';
import { fill } from './fill.ts';
import { inherit } from './inherit.ts';
import { levelFree, levelPaid } from './level.ts';
import { assignRoles } from './roles.ts';
import { createRoster } from './roster.ts';
import type { PlanOptions, PlannerMember } from './roster.ts';
import { createTargets } from './shares.ts';

/**
 * The next table: balanced by weight, with distinct members and as many zones as there are in every partition, and
 * as few copies moved from `previous` as that allows. `undefined` plans a new cluster.
 *
 * A pure function of its arguments; the order of `members` does not matter. History does: a member that leaves and
 * comes back need not get its old partitions, so tables are published, not recomputed.
 *
 * A member missing from `members` is gone with its data, one of weight 0 is still there to copy from. Fewer members
 * than replicas: as many copies as members. Throws RING_OPTION and RING_NO_MEMBERS.
 */
export function plan(
  previous: PartitionTable | undefined,
  members: readonly PlannerMember[],
  options: PlanOptions,
): PartitionTable {
  const roster = createRoster(members, options);
  if (previous !== undefined && previous.partitions !== options.partitions) {
    const counts = `${previous.partitions} to ${options.partitions}`;
    throw new RingError(
      'RING_OPTION',
      `the number of partitions cannot change from ${counts}: keys would change place`,
    );
  }
  const before = createBefore(roster, previous);
  const held = countBefore(roster, before);
  const draft = new Draft(roster, before, createTargets(roster, held));
  inherit(draft, before, held);
  fill(draft);
  levelFree(draft);
  augmentFree(draft);
  levelPaid(draft);
  augmentPaid(draft);
  assignRoles(draft);
  return draft.toTable();
}
