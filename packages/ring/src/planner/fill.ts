import { assert } from '../assert.ts';
import { nobody } from '../table.ts';
import type { Draft } from './draft.ts';
import { tieRank } from './tie.ts';

/**
 * Second step: give every empty place to the member that lacks most of its target, relative to it, in that role.
 *
 * The lack is compared in coarse steps with ties broken by rank. An exact comparison would fill members in lockstep
 * and put the same ones together again and again; then the load of a member that dies would fall on a few.
 *
 * A place is never left empty for want of a member below its target: one above takes it and the next steps level
 * that out, which costs nothing as the copy is new anyway.
 */
export function fill(draft: Draft): void {
  const lacks: Lacks = {
    primary: new Int32Array(draft.copies.length),
    replica: new Int32Array(draft.copies.length),
  };
  for (const member of draft.roster.eligible) updateLacks(lacks, draft, member);
  const musts = findMusts(draft);
  for (let at = 0; at < draft.places.length; at++) {
    if (draft.places[at] !== nobody) continue;
    const place = at % draft.width;
    const partition = (at - place) / draft.width;
    const roleLacks = place === 0 ? lacks.primary : lacks.replica;
    let member = neediest(draft, candidatesFor(draft, musts, partition, place), roleLacks, partition, place);
    if (member === nobody) member = neediest(draft, draft.roster.eligible, roleLacks, partition, place);
    assert(member !== nobody, 'some member fits every empty place');
    draft.put(partition, place, member);
    updateLacks(lacks, draft, member);
  }
}

/**
 * What each member lacks of its target in a role, in steps: 1..lackSteps below the target of copies, 0 when only the
 * role is full, negative above.
 */
interface Lacks {
  readonly primary: Int32Array;
  readonly replica: Int32Array;
}

const lackSteps = 32;

function updateLacks(lacks: Lacks, draft: Draft, member: number): void {
  const target = draft.targets.copies[member]!;
  const primaries = draft.targets.primaries[member]!;
  const missing = -draft.excess(member);
  if (missing <= 0) {
    lacks.primary[member] = lacks.replica[member] = Math.floor((missing * lackSteps) / Math.max(target, 1)) - 1;
    return;
  }
  lacks.primary[member] = steps(-draft.roleExcess(member, 0), primaries);
  lacks.replica[member] = steps(-draft.roleExcess(member, 1), target - primaries);
}

function steps(missing: number, target: number): number {
  return missing <= 0 ? 0 : Math.ceil((missing * lackSteps) / target);
}

/** Members of which every partition needs so many: a zone, or a single member, whose target leaves no partition out. */
interface Must {
  readonly members: readonly number[];
  readonly copies: number;
}

function findMusts({ roster, targets }: Draft): Must[] {
  const { partitions, zones, zoneCopiesMax } = roster;
  const isFull = (members: readonly number[], copies: number): boolean => {
    return members.reduce((sum, member) => sum + targets.copies[member]!, 0) === copies * partitions;
  };
  return zones
    .filter((zone) => zone.length > 0)
    .flatMap((zone): Must[] => {
      if (isFull(zone, zoneCopiesMax)) return [{ members: zone, copies: zoneCopiesMax }];
      return zone.filter((member) => isFull([member], 1)).map((member) => ({ members: [member], copies: 1 }));
    });
}

/** Everyone, unless the places left in the partition are just enough for those it must have. */
function candidatesFor(draft: Draft, musts: readonly Must[], partition: number, place: number): readonly number[] {
  if (musts.length === 0) return draft.roster.eligible;
  const places = draft.places.subarray(partition * draft.width, (partition + 1) * draft.width);
  let left = places.subarray(place).reduce((count, member) => (member === nobody ? count + 1 : count), 0);
  let wanting: Must | undefined;
  for (const must of musts) {
    const missing =
      must.copies - places.reduce((count, member) => (must.members.includes(member) ? count + 1 : count), 0);
    if (missing > 0) wanting = must;
    left -= missing;
  }
  return wanting !== undefined && left <= 0 ? wanting.members : draft.roster.eligible;
}

/** Of the candidates that may take the place, the one that lacks most; nobody when kept copies rule all of them out. */
function neediest(
  draft: Draft,
  candidates: readonly number[],
  lacks: Int32Array,
  partition: number,
  place: number,
): number {
  const { seeds } = draft.roster;
  let best = nobody;
  let bestLack = Number.NEGATIVE_INFINITY;
  let bestRank = -1;
  for (const member of candidates) {
    const lack = lacks[member]!;
    if (lack < bestLack) continue;
    const rank = tieRank(partition, seeds[member]!);
    if (lack === bestLack && rank <= bestRank) continue;
    if (!draft.accepts(partition, place, member)) continue;
    best = member;
    bestLack = lack;
    bestRank = rank;
  }
  return best;
}
