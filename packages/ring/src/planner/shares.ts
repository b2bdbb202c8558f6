import { assert } from '../assert.ts';
import type { Counts } from './before.ts';
import type { Roster } from './roster.ts';

/**
 * How much each member should hold.
 *
 * Fair shares are the weighted max-min allocation by water-filling: the level rises by weight until a member holds
 * one copy of every partition, or a zone as many as it may; what they cannot take goes to the others.
 *
 * Whole numbers come from d'Hondt's rule: the next copy goes to the member with the greatest weight / (copies + 1).
 * Of all ways to round it makes the greatest ratio of load to share least, which is what "peak / target" measures, and
 * a member that joins never raises another's target, so rounding causes no movement. Largest remainder has neither
 * property (M. Balinski, H. Young, "Fair Representation", 1982).
 */
export interface Targets {
  /** Fair shares of copies and of primaries, fractional. */
  readonly copyShares: Float64Array;
  readonly primaryShares: Float64Array;
  /** Copies each member ends with. */
  readonly copies: Int32Array;
  /** Partitions each member should lead. */
  readonly primaries: Int32Array;
}

/** `held` is what members hold now: between equals, who has one more keeps it. */
export function createTargets(roster: Roster, held: Counts): Targets {
  const copyShares = shareCopies(roster);
  const copies = roundCopies(roster, copyShares, held.copies);
  const primaryShares = sharePrimaries(roster, copies);
  const primaries = roundPrimaries(roster, copies, primaryShares, held.primaries);
  return { copyShares, primaryShares, copies, primaries };
}

/** They add up to partitions x copies. */
function shareCopies(roster: Roster): Float64Array {
  const shares = new Float64Array(roster.ids.length);
  const memberCap = new Float64Array(roster.ids.length).fill(roster.partitions);
  const zoneCap = roster.partitions * roster.zoneCopiesMax;
  let open = roster.zones;
  let amount = roster.partitions * roster.copies;
  for (;;) {
    pour(roster.weights, open.flat(), amount, memberCap, shares);
    const full = open.filter((zone) => sumOf(shares, zone) > zoneCap * (1 + rounding));
    if (full.length === 0) return shares;
    for (const zone of full) pour(roster.weights, zone, zoneCap, memberCap, shares);
    open = open.filter((zone) => !full.includes(zone));
    amount -= zoneCap * full.length;
  }
}

/** Room for the errors of a few hundred additions. */
const rounding = 1e-12;

/** Divides an amount among members by weight, none above its cap. */
function pour(
  weights: Float64Array,
  members: readonly number[],
  amount: number,
  caps: Float64Array,
  shares: Float64Array,
): void {
  let open = members;
  let rest = amount;
  for (;;) {
    const level = rest / sumOf(weights, open);
    const full = open.filter((member) => weights[member]! * level >= caps[member]!);
    if (full.length === 0) {
      for (const member of open) shares[member] = weights[member]! * level;
      return;
    }
    for (const member of full) shares[member] = caps[member]!;
    rest -= sumOf(caps, full);
    open = open.filter((member) => !full.includes(member));
  }
}

function sumOf(values: Float64Array, members: readonly number[]): number {
  return members.reduce((sum, member) => sum + values[member]!, 0);
}

function roundCopies(roster: Roster, shares: Float64Array, held: Int32Array): Int32Array {
  const targets = floors(shares);
  const zoneRoom = Int32Array.from(roster.zones, (zone) => {
    return zone.reduce((room, member) => room - targets[member]!, roster.partitions * roster.zoneCopiesMax);
  });
  const left = roster.partitions * roster.copies - targets.reduce((sum, target) => sum + target, 0);
  for (let i = 0; i < left; i++) {
    const member = nextByDivisor(roster, targets, held, (candidate) => {
      return targets[candidate]! < roster.partitions && zoneRoom[roster.zoneOf[candidate]!]! > 0;
    });
    targets[member]!++;
    zoneRoom[roster.zoneOf[member]!]!--;
  }
  return targets;
}

/** By weight too, but nobody leads more partitions than it has copies. */
function sharePrimaries(roster: Roster, copies: Int32Array): Float64Array {
  const shares = new Float64Array(roster.ids.length);
  pour(roster.weights, roster.eligible, roster.partitions, Float64Array.from(copies), shares);
  return shares;
}

function roundPrimaries(roster: Roster, copies: Int32Array, shares: Float64Array, led: Int32Array): Int32Array {
  const targets = floors(shares);
  const left = roster.partitions - targets.reduce((sum, target) => sum + target, 0);
  for (let i = 0; i < left; i++) {
    targets[nextByDivisor(roster, targets, led, (candidate) => targets[candidate]! < copies[candidate]!)]!++;
  }
  return targets;
}

/** D'Hondt gives everyone at least the whole part of the fair share, so it can start there. */
function floors(shares: Float64Array): Int32Array {
  return Int32Array.from(shares, (share) => Math.floor(share * (1 - rounding)));
}

/** The member that gets the next copy: greatest quotient, then one that already holds it, then the tie rank. */
function nextByDivisor(
  roster: Roster,
  targets: Int32Array,
  held: Int32Array,
  allowed: (member: number) => boolean,
): number {
  let best = -1;
  let bestQuotient = 0;
  let bestHolds = false;
  for (const member of roster.eligible) {
    const quotient = roster.weights[member]! / (targets[member]! + 1);
    if (quotient < bestQuotient || !allowed(member)) continue;
    const holds = held[member]! > targets[member]!;
    const better = holds === bestHolds ? best === -1 || roster.seeds[member]! > roster.seeds[best]! : holds;
    if (quotient > bestQuotient || better) {
      best = member;
      bestQuotient = quotient;
      bestHolds = holds;
    }
  }
  assert(best !== -1, 'the copies of all partitions fit the members');
  return best;
}
