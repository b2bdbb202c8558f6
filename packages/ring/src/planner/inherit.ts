import { nobody } from '../table.ts';
import type { Before, Counts } from './before.ts';
import type { Draft } from './draft.ts';
import type { Roster } from './roster.ts';

/**
 * First step: carry over every copy that may stay.
 *
 *   a member that is gone      its place closes up, so a surviving replica becomes the primary
 *   a member that is draining  its place stays, empty: a newcomer takes over the same role
 *   more copies than asked, or more in one zone than allowed    the member most over its target gives way
 *
 * Afterwards every place of the draft holds a member that may stay, or nobody. `held` counts what may be carried over.
 */
export function inherit(draft: Draft, before: Before, held: Counts): void {
  if (before.width === 0) return;
  const excess = held.copies.map((copies, member) => copies - draft.targets.copies[member]!);
  for (let partition = 0; partition < draft.roster.partitions; partition++) {
    const places = keptPlaces(draft.roster, before, partition);
    while (!isWithinRules(draft.roster, places)) {
      const surplus = surplusPlaces(draft.roster, places);
      const heaviest = surplus.reduce((a, b) => (excess[places[b]!]! > excess[places[a]!]! ? b : a));
      const [member] = places.splice(heaviest, 1);
      if (member !== nobody) excess[member!]!--;
    }
    for (let place = 0; place < places.length; place++) draft.put(partition, place, places[place]!);
  }
}

function keptPlaces(roster: Roster, before: Before, partition: number): number[] {
  const places: number[] = [];
  for (let at = partition * before.width; at < (partition + 1) * before.width; at++) {
    const member = before.owners[at]!;
    if (member !== nobody) places.push(roster.weights[member] === 0 ? nobody : member);
  }
  return places;
}

function isWithinRules(roster: Roster, places: readonly number[]): boolean {
  if (places.length > roster.copies) return false;
  if (places.length <= roster.zoneCopiesMax) return true;
  return places.every((_, place) => zoneCopies(roster, places, place) <= roster.zoneCopiesMax);
}

/** Places of which one has to go. A primary is never among them. */
function surplusPlaces(roster: Roster, places: readonly number[]): number[] {
  const replicas = [...places.keys()].slice(1);
  if (places.length <= roster.copies) {
    return replicas.filter((place) => zoneCopies(roster, places, place) > roster.zoneCopiesMax);
  }
  const empty = places.lastIndexOf(nobody);
  return empty === -1 ? replicas : [empty];
}

/** Copies in the zone of the member in a place; 0 for an empty place. */
function zoneCopies(roster: Roster, places: readonly number[], place: number): number {
  if (places[place] === nobody) return 0;
  const zone = roster.zoneOf[places[place]!];
  let copies = 0;
  for (const member of places) if (member !== nobody && roster.zoneOf[member] === zone) copies++;
  return copies;
}
