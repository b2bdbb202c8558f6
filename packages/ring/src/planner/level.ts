import { nobody } from '../table.ts';
import type { Draft } from './draft.ts';

/**
 * Moves copies straight from members above their target to members below, first those whose role both sides want to
 * change, so that no primary has to be swapped later.
 *
 * `levelFree` makes the moves that cost no transfer. `levelPaid` makes the others, but only for members outside the
 * slack: bringing everyone exactly to the target can cost a tenth more copies than the change itself, to gain a few
 * thousandths of balance.
 */
export function levelFree(draft: Draft): void {
  const changed = draft.changedPartitions();
  level(draft, {
    partitionCounts: (partition) => changed[partition] === 1,
    exchangeCounts: (partition, from, to) => draft.costs(partition, from, to) === 0,
  });
}

export function levelPaid(draft: Draft): void {
  const outside = Uint8Array.from(draft.roster.ids, (_, member) => {
    return draft.overload(member) + draft.underload(member) > 0 ? 1 : 0;
  });
  if (!outside.includes(1)) return;
  level(draft, {
    partitionCounts: () => true,
    exchangeCounts: (_, from, to) => outside[from] === 1 || outside[to] === 1,
  });
}

/** Which moves are wanted. */
interface Scope {
  partitionCounts(partition: number): boolean;
  exchangeCounts(partition: number, from: number, to: number): boolean;
}

function level(draft: Draft, scope: Scope): void {
  for (const onlyWantedRoles of [true, false]) {
    for (const member of draft.roster.eligible) {
      if (draft.excess(member) < 0) pull(draft, member, scope, onlyWantedRoles);
    }
  }
}

/** An odd step visits every partition of a power of two once, in an order that differs from member to member. */
const stride = 0x9e37_79b1;

function pull(draft: Draft, member: number, scope: Scope, onlyWantedRoles: boolean): void {
  const { partitions, seeds } = draft.roster;
  for (let i = 0; i < partitions && draft.excess(member) < 0; i++) {
    const partition = (seeds[member]! + Math.imul(i, stride)) & (partitions - 1);
    if (!scope.partitionCounts(partition)) continue;
    for (let place = 0; place < draft.width; place++) {
      const owner = draft.places[partition * draft.width + place]!;
      if (!gives(draft, owner, member, onlyWantedRoles ? place : undefined)) continue;
      if (!scope.exchangeCounts(partition, owner, member) || !draft.accepts(partition, place, member)) continue;
      draft.put(partition, place, member);
      break;
    }
  }
}

/** Whether the owner has copies to spare, and when a place is given, whether its role is what both have to change. */
function gives(draft: Draft, owner: number, member: number, place: number | undefined): boolean {
  if (owner === nobody || draft.excess(owner) <= 0) return false;
  return place === undefined || (draft.roleExcess(owner, place) > 0 && draft.roleExcess(member, place) < 0);
}
