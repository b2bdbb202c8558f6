import { primarySlack } from '../limits.ts';
import { nobody } from '../table.ts';
import { runChains } from './chains.ts';
import type { Exchange, Reach } from './chains.ts';
import type { Draft } from './draft.ts';
import { listHoldings } from './holdings.ts';
import type { Holdings } from './holdings.ts';

/**
 * Last step: who leads. Copies stay where they are; members of a partition exchange roles until nobody leads more
 * than its target and the slack.
 *
 * A partition that changes its primary anyway is free to choose another of its members. In all others a swap is a
 * hand-off of writes although no data moves, so there are only as many as the cap needs.
 */
export function assignRoles(draft: Draft): void {
  if (draft.width === 1) return;
  swapDirectly(draft, (partition, primary) => isFree(draft, partition) && draft.primaryExcess(primary) > 0);
  swapDirectly(draft, (_, primary) => aboveCap(draft, primary) > 0);
  swapAlongChains(draft);
}

function isFree(draft: Draft, partition: number): boolean {
  return draft.places[partition * draft.width] !== draft.led(partition);
}

/** Partitions a member leads beyond what it may. */
function aboveCap(draft: Draft, member: number): number {
  return draft.primaries[member]! - Math.floor(draft.targets.primaries[member]! * (1 + primarySlack));
}

/** A newcomer may lead once it has copied, but not where the primary was lost and another has the data now. */
function mayLead(draft: Draft, partition: number, member: number, primary: number): boolean {
  if (member === nobody) return false;
  return draft.held(partition, member) || !draft.held(partition, primary) || !isFree(draft, partition);
}

function swapDirectly(draft: Draft, wanted: (partition: number, primary: number) => boolean): void {
  for (let partition = 0; partition < draft.roster.partitions; partition++) {
    const first = partition * draft.width;
    const primary = draft.places[first]!;
    if (!wanted(partition, primary)) continue;
    let best = 0;
    let bestExcess = 0;
    for (let place = 1; place < draft.width; place++) {
      const member = draft.places[first + place]!;
      if (!mayLead(draft, partition, member, primary) || draft.primaryExcess(member) >= bestExcess) continue;
      best = place;
      bestExcess = draft.primaryExcess(member);
    }
    if (best !== 0) draft.swap(partition, 0, best);
  }
}

/** For members that lead too much and share no partition with one that leads too little. */
function swapAlongChains(draft: Draft): void {
  if (draft.roster.eligible.every((member) => aboveCap(draft, member) <= 0)) return;
  const holdings = listHoldings(draft, 1);
  runChains({
    memberCount: draft.roster.ids.length,
    starts: draft.roster.eligible,
    surplus: (member) => aboveCap(draft, member),
    lack: (member) => -draft.primaryExcess(member),
    costMax: Number.POSITIVE_INFINITY,
    eachExchange: (from, reach) => eachLead(draft, holdings, from, reach),
    exchange: (kind, countMax) => handLeads(draft, holdings, kind, countMax),
  });
}

function eachLead(draft: Draft, holdings: Holdings, from: number, reach: Reach): void {
  for (const partition of holdings[from]!) {
    const first = partition * draft.width;
    if (draft.places[first] !== from) continue;
    const cost = isFree(draft, partition) ? 0 : 1;
    for (let place = 1; place < draft.width; place++) {
      const member = draft.places[first + place]!;
      if (reach.improves(member, cost) && mayLead(draft, partition, member, from)) reach.add(member, cost);
    }
  }
}

function handLeads(draft: Draft, holdings: Holdings, { from, to, cost }: Exchange, countMax: number): number {
  let count = 0;
  for (const partition of holdings[from]!) {
    if (count === countMax) break;
    const place = draft.placeOf(partition, to);
    if (place === -1 || draft.places[partition * draft.width] !== from) continue;
    if ((isFree(draft, partition) ? 0 : 1) !== cost || !mayLead(draft, partition, to, from)) continue;
    draft.swap(partition, 0, place);
    holdings[to]!.push(partition);
    count++;
  }
  return count;
}
