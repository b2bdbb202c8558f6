import { runChains } from './chains.ts';
import type { ChainProblem, Exchange, Reach } from './chains.ts';
import type { Draft } from './draft.ts';
import { listHoldings } from './holdings.ts';
import type { Holdings } from './holdings.ts';

/**
 * Moves copies along chains. With few and uneven zones a member above its target may have no partition that a member
 * below could take, but a third can stand between: a gives p to b, b gives q to c. Any targets can be reached so:
 * giving every partition target / partitions of each member is within all rules, and a flow with whole capacities has
 * a whole solution where it has a fractional one.
 *
 * `augmentFree` uses the chains that cost no transfer; `augmentPaid` the others, until all members are within the slack.
 */
export function augmentFree(draft: Draft): void {
  if (draft.roster.eligible.every((member) => draft.excess(member) === 0)) return;
  const changed = draft.changedPartitions();
  const holdings = listHoldings(draft, draft.width, changed);
  runChains({ ...copyChains(draft, { holdings, changed }), costMax: 0 });
}

export function augmentPaid(draft: Draft): void {
  if (draft.roster.eligible.every((member) => draft.overload(member) + draft.underload(member) === 0)) return;
  const chains = copyChains(draft, { holdings: listHoldings(draft, draft.width), changed: draft.changedPartitions() });
  runChains({ ...chains, surplus: (member) => draft.overload(member) });
  runChains({ ...chains, lack: (member) => draft.underload(member) });
}

interface Scene {
  readonly holdings: Holdings;
  /** Marks of the partitions where an exchange may cost nothing. */
  readonly changed: Uint8Array;
}

function copyChains(draft: Draft, scene: Scene): ChainProblem {
  return {
    memberCount: draft.roster.ids.length,
    starts: draft.roster.eligible,
    surplus: (member) => draft.excess(member),
    lack: (member) => -draft.excess(member),
    costMax: Number.POSITIVE_INFINITY,
    eachExchange: (from, reach) => eachCopy(draft, scene, from, reach),
    exchange: (kind, countMax) => moveCopies(draft, scene, kind, countMax),
  };
}

/** Goes by zones, as in most partitions most zones are out of the question. */
function eachCopy(draft: Draft, { holdings, changed }: Scene, from: number, reach: Reach): void {
  const forFree = openMembers(draft, (to) => reach.improves(to, 0));
  const forOne = openMembers(draft, (to) => reach.improves(to, 1));
  for (const partition of holdings[from]!) {
    const place = draft.placeOf(partition, from);
    if (place === -1) continue;
    for (const { zone, members } of changed[partition] === 0 ? forOne : forFree) {
      if (!draft.zoneHasRoom(partition, place, zone)) continue;
      for (const to of members) {
        if (!reach.improves(to, 0) || draft.placeOf(partition, to) !== -1) continue;
        const cost = draft.costs(partition, from, to);
        if (reach.improves(to, cost)) reach.add(to, cost);
      }
    }
  }
}

interface ZoneMembers {
  readonly zone: number;
  readonly members: readonly number[];
}

function openMembers(draft: Draft, isOpen: (member: number) => boolean): ZoneMembers[] {
  const zones = draft.roster.zones.map((members, zone) => ({ zone, members: members.filter(isOpen) }));
  return zones.filter(({ members }) => members.length > 0);
}

function moveCopies(
  draft: Draft,
  { holdings, changed }: Scene,
  { from, to, cost }: Exchange,
  countMax: number,
): number {
  let count = 0;
  for (const partition of holdings[from]!) {
    if (count === countMax) break;
    const place = draft.placeOf(partition, from);
    if (place === -1 || draft.costs(partition, from, to) !== cost || !draft.accepts(partition, place, to)) continue;
    draft.put(partition, place, to);
    holdings[to]!.push(partition);
    changed[partition] = 1;
    count++;
  }
  return count;
}
