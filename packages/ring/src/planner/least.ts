import { nobody } from '../table.ts';
import type { PartitionTable } from '../table.ts';
import { countBefore, createBefore } from './before.ts';
import { Draft } from './draft.ts';
import { createRoster } from './roster.ts';
import type { PlannerMember } from './roster.ts';
import { createTargets } from './shares.ts';

/**
 * Proves that no table with the same number of copies on every member can be reached from `previous` by moving fewer
 * copies than `next` does. The sum of what members lack (Assessment.copiesMovedLeast) is a lower bound, but with few
 * or uneven zones no table reaches it, so a plan above it is either poor or forced; this tells which.
 *
 * Any better table differs from `next` by closed chains of exchanges, a gives p to b, b gives q to a, of which one
 * saves copies: a cycle of negative cost among the members (M. Klein, "A primal method for minimal cost flows", 1967).
 * There being none is the proof. True is certain; false can be a cycle that needs one partition twice.
 *
 * Slow (members x members x places): for tests, benchmarks and a curious operator.
 */
export function isLeastMovement(
  previous: PartitionTable,
  next: PartitionTable,
  members: readonly PlannerMember[],
): boolean {
  const roster = createRoster(members, next);
  const before = createBefore(roster, previous);
  const draft = new Draft(roster, before, createTargets(roster, countBefore(roster, before)));
  const after = createBefore(roster, next);
  for (const [at, member] of after.owners.entries()) {
    const place = at % after.width;
    if (member !== nobody) draft.put((at - place) / after.width, place, member);
  }
  return !hasNegativeCycle(cheapestExchanges(draft), roster.ids.length);
}

const impossible = 2;

/** Cost of the cheapest exchange between each two members: -1, 0 or 1, or impossible. */
function cheapestExchanges(draft: Draft): Int8Array {
  const memberCount = draft.roster.ids.length;
  const costs = new Int8Array(memberCount * memberCount).fill(impossible);
  const changed = draft.changedPartitions();
  for (let partition = 0; partition < draft.roster.partitions; partition++) {
    for (let place = 0; place < draft.width; place++) {
      const from = draft.places[partition * draft.width + place]!;
      if (from === nobody) continue;
      for (const to of draft.roster.eligible) {
        const known = costs[from * memberCount + to]!;
        if (known === -1 || (changed[partition] === 0 && known <= 1) || !draft.accepts(partition, place, to)) continue;
        const cost = Number(draft.held(partition, from)) - Number(draft.held(partition, to));
        if (from !== to && cost < known) costs[from * memberCount + to] = cost;
      }
    }
  }
  return costs;
}

/** Bellman and Ford: distances still fall after as many rounds as there are members only if a cycle is negative. */
function hasNegativeCycle(costs: Int8Array, memberCount: number): boolean {
  const distances = new Int32Array(memberCount);
  for (let round = 0; round <= memberCount; round++) {
    let fell = false;
    for (let from = 0; from < memberCount; from++) {
      for (let to = 0; to < memberCount; to++) {
        const cost = costs[from * memberCount + to]!;
        if (cost === impossible || distances[from]! + cost >= distances[to]!) continue;
        distances[to] = distances[from]! + cost;
        fell = true;
      }
    }
    if (!fell) return false;
  }
  return true;
}
