import { RingError } from '../errors.ts';
import { memberCountMax, memberWeightMax } from '../limits.ts';
import { checkShape } from '../table.ts';
import { textSeed } from './tie.ts';

/** What the planner needs to know of a member. */
export interface PlannerMember {
  /** Opaque and stable: an address may change, the id may not. */
  readonly id: string;
  /** Failure domain. Copies of a partition go to different zones as far as there are any. */
  readonly zone: string;
  /** Share of capacity, a whole number. 0: the member is draining and gives everything away. */
  readonly weight: number;
}

export interface PlanOptions {
  readonly partitions: number;
  /** Copies of each partition, the primary included. */
  readonly replicas: number;
}

/** The members in one order, as numbers: the planner works on indexes into it. */
export interface Roster {
  readonly partitions: number;
  readonly replicas: number;
  /** Copies a partition can really have: `replicas`, or every eligible member when there are fewer. */
  readonly copies: number;
  /** Most copies of one partition in one zone: the least for which `copies` fit. 1 when there are enough zones. */
  readonly zoneCopiesMax: number;
  /** Ascending, whatever order the members came in. */
  readonly ids: readonly string[];
  readonly weights: Float64Array;
  /** Number of each member's zone. */
  readonly zoneOf: Uint16Array;
  /** Eligible members (weight above 0) of each zone. */
  readonly zones: readonly (readonly number[])[];
  /** Eligible members. */
  readonly eligible: readonly number[];
  /** A number made of each id, for breaking ties. */
  readonly seeds: Uint32Array;
}

/** Throws RING_OPTION for members or options out of range and RING_NO_MEMBERS when no weight is above 0. */
export function createRoster(members: readonly PlannerMember[], options: PlanOptions): Roster {
  checkShape(options.partitions, options.replicas);
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  checkMembers(sorted);
  const eligible = [...sorted.keys()].filter((i) => sorted[i]!.weight > 0);
  if (eligible.length === 0) throw new RingError('RING_NO_MEMBERS', 'no member has a weight above 0');

  const zoneNames = [...new Set(sorted.map((member) => member.zone))].toSorted();
  const zoneOf = Uint16Array.from(sorted, (member) => zoneNames.indexOf(member.zone));
  const zones = zoneNames.map((_, zone) => eligible.filter((member) => zoneOf[member] === zone));
  const copies = Math.min(options.replicas, eligible.length);
  return {
    ...options,
    copies,
    zoneCopiesMax: leastZoneCopies(zones, copies),
    ids: sorted.map((member) => member.id),
    weights: Float64Array.from(sorted, (member) => member.weight),
    zoneOf,
    zones,
    eligible,
    seeds: Uint32Array.from(sorted, (member) => textSeed(member.id)),
  };
}

function checkMembers(sorted: readonly PlannerMember[]): void {
  if (sorted.length > memberCountMax) {
    throw new RingError('RING_OPTION', `${sorted.length} members are more than ${memberCountMax}`);
  }
  for (const [i, member] of sorted.entries()) {
    if (member.id === sorted[i - 1]?.id) throw new RingError('RING_OPTION', `member ${member.id} is listed twice`);
    if (!Number.isInteger(member.weight) || member.weight < 0 || member.weight > memberWeightMax) {
      const range = `an integer from 0 to ${memberWeightMax}`;
      throw new RingError('RING_OPTION', `the weight of member ${member.id} is ${range}, not ${member.weight}`);
    }
  }
}

/** With three zones and two copies this is 1; with two zones and three copies 2; with a single zone, all of them. */
function leastZoneCopies(zones: Roster['zones'], copies: number): number {
  for (let most = 1; ; most++) {
    const room = zones.reduce((sum, zone) => sum + Math.min(most, zone.length), 0);
    if (room >= copies) return most;
  }
}
