import { copySlack } from '../limits.ts';
import { nobody } from '../table.ts';
import type { PartitionTable } from '../table.ts';
import type { Before } from './before.ts';
import type { Roster } from './roster.ts';
import type { Targets } from './shares.ts';

/**
 * The table while it is being planned: places in the layout of a PartitionTable, `copies` wide, counts kept up to
 * date with every change, and what was there before, to know which copies are already on their member.
 */
export class Draft {
  readonly roster: Roster;
  readonly targets: Targets;
  /** Places of a partition. */
  readonly width: number;
  readonly places: Uint16Array;
  /** Copies and primaries of each member in `places`. */
  readonly copies: Int32Array;
  readonly primaries: Int32Array;
  readonly #before: Before;

  constructor(roster: Roster, before: Before, targets: Targets) {
    this.roster = roster;
    this.targets = targets;
    this.width = roster.copies;
    this.places = new Uint16Array(roster.partitions * this.width).fill(nobody);
    this.copies = new Int32Array(roster.ids.length);
    this.primaries = new Int32Array(roster.ids.length);
    this.#before = before;
  }

  /** Puts a member, or nobody, in a place. */
  put(partition: number, place: number, member: number): void {
    const at = partition * this.width + place;
    this.#count(this.places[at]!, place, -1);
    this.#count(member, place, 1);
    this.places[at] = member;
  }

  #count(member: number, place: number, change: number): void {
    if (member === nobody) return;
    this.copies[member]! += change;
    if (place === 0) this.primaries[member]! += change;
  }

  /** Exchanges the roles of two members of a partition. */
  swap(partition: number, place: number, other: number): void {
    const first = this.places[partition * this.width + place]!;
    const second = this.places[partition * this.width + other]!;
    this.put(partition, place, second);
    this.put(partition, other, first);
  }

  /** Whether a member may take a place: not twice in a partition, and no more than the zone's share. */
  accepts(partition: number, place: number, member: number): boolean {
    const at = this.placeOf(partition, member);
    return (at === -1 || at === place) && this.zoneHasRoom(partition, place, this.roster.zoneOf[member]!);
  }

  /** Whether some member of a zone may take a place. */
  zoneHasRoom(partition: number, place: number, zone: number): boolean {
    const first = partition * this.width;
    let copies = 0;
    for (let other = 0; other < this.width; other++) {
      const owner = this.places[first + other]!;
      if (other !== place && owner !== nobody && this.roster.zoneOf[owner] === zone) copies++;
    }
    return copies < this.roster.zoneCopiesMax;
  }

  /** Where a member stands in a partition, or -1. */
  placeOf(partition: number, member: number): number {
    const first = partition * this.width;
    for (let place = 0; place < this.width; place++) if (this.places[first + place] === member) return place;
    return -1;
  }

  /** Whether the member had a copy of the partition before this plan. */
  held(partition: number, member: number): boolean {
    const { owners, width } = this.#before;
    for (let at = partition * width; at < (partition + 1) * width; at++) if (owners[at] === member) return true;
    return false;
  }

  /** Copies to be transferred when a member takes the place of another: none if that one is new too, or this one is not. */
  costs(partition: number, from: number, to: number): 0 | 1 {
    return this.held(partition, from) && !this.held(partition, to) ? 1 : 0;
  }

  /** A mark for each partition whose members are not the ones it had. Only there can an exchange cost nothing. */
  changedPartitions(): Uint8Array {
    return Uint8Array.from({ length: this.roster.partitions }, (_, partition) => (this.#isChanged(partition) ? 1 : 0));
  }

  #isChanged(partition: number): boolean {
    const { owners, width } = this.#before;
    for (let place = 0; place < this.width; place++) {
      if (!this.held(partition, this.places[partition * this.width + place]!)) return true;
    }
    for (let at = partition * width; at < (partition + 1) * width; at++) {
      if (owners[at] !== nobody && this.placeOf(partition, owners[at]!) === -1) return true;
    }
    return false;
  }

  /** The primary before this plan, or nobody. */
  led(partition: number): number {
    return this.#before.width === 0 ? nobody : this.#before.owners[partition * this.#before.width]!;
  }

  /** Copies above the target; negative when below. */
  excess(member: number): number {
    return this.copies[member]! - this.targets.copies[member]!;
  }

  /** Copies above what a member may keep within the slack, when taking them away has a price; 0 when there are none. */
  overload(member: number): number {
    const most = Math.floor(this.targets.copyShares[member]! * (1 + copySlack));
    return Math.max(this.copies[member]! - Math.max(most, this.targets.copies[member]!), 0);
  }

  /** Copies below it. */
  underload(member: number): number {
    const least = Math.ceil(this.targets.copyShares[member]! * (1 - copySlack));
    return Math.max(Math.min(least, this.targets.copies[member]!) - this.copies[member]!, 0);
  }

  primaryExcess(member: number): number {
    return this.primaries[member]! - this.targets.primaries[member]!;
  }

  /** The same for the role that goes with a place. */
  roleExcess(member: number, place: number): number {
    const primaries = this.primaryExcess(member);
    return place === 0 ? primaries : this.excess(member) - primaries;
  }

  toTable(): PartitionTable {
    const { partitions, replicas, ids } = this.roster;
    const owners = new Uint16Array(partitions * replicas).fill(nobody);
    for (let partition = 0; partition < partitions; partition++) {
      const first = partition * this.width;
      owners.set(this.places.subarray(first, first + this.width), partition * replicas);
    }
    return { partitions, replicas, members: ids, owners };
  }
}
