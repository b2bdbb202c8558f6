import { nobody, ownersOf, type PartitionTable, type PlannerMember } from '@ringway/ring';
import fc from 'fast-check';

/** A made-up cluster and what happens to it. */
export interface Scenario {
  readonly replicas: number;
  readonly members: readonly PlannerMember[];
  readonly events: readonly Event[];
}

export type Event =
  | { readonly kind: 'join'; readonly zone: string; readonly weight: number }
  | { readonly kind: 'leave'; readonly nth: number }
  | { readonly kind: 'drain'; readonly nth: number }
  | { readonly kind: 'reweigh'; readonly nth: number; readonly weight: number };

/** Zones are uneven on purpose: most members are in the first ones. */
const zone = fc.tuple(fc.nat(4), fc.nat(4)).map(([a, b]) => `zone-${Math.min(a, b)}`);
const weight = fc.constantFrom(1, 1, 2, 4);
const nth = fc.nat(1000);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('join' as const), zone, weight }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('leave' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reweigh' as const), nth, weight }) },
);

export function scenarios(eventCount: number): fc.Arbitrary<Scenario> {
  return fc.record({
    replicas: fc.integer({ min: 1, max: 3 }),
    members: fc
      .array(fc.record({ zone, weight }), { minLength: 1, maxLength: 12 })
      .map((members) => members.map((member, i) => ({ id: `node-${i}`, ...member }))),
    events: fc.array(event, { minLength: 1, maxLength: eventCount }),
  });
}

/** The members after an event; the `i`th event gives its newcomer a name of its own. Somebody always stays. */
export function happen(members: readonly PlannerMember[], happening: Event, i: number): PlannerMember[] {
  if (happening.kind === 'join') {
    return [...members, { id: `new-${i}`, zone: happening.zone, weight: happening.weight }];
  }
  const chosen = happening.nth % members.length;
  const after =
    happening.kind === 'leave'
      ? members.toSpliced(chosen, 1)
      : members.with(chosen, { ...members[chosen]!, weight: happening.kind === 'drain' ? 0 : happening.weight });
  return after.some((member) => member.weight > 0) ? after : [...members];
}

/** Every rule of placement that the table breaks, in words. */
export function brokenRules(table: PartitionTable, members: readonly PlannerMember[]): string[] {
  const eligible = new Map(members.filter((member) => member.weight > 0).map((member) => [member.id, member.zone]));
  const zoneCount = new Set(eligible.values()).size;
  const copies = Math.min(table.replicas, eligible.size);
  const broken: string[] = [];
  for (let partition = 0; partition < table.partitions; partition++) {
    const owners = ownersOf(table, partition);
    const zones = new Set(owners.map((owner) => eligible.get(owner)));
    if (owners.length !== copies) broken.push(`${partition}: ${owners.length} copies`);
    if (new Set(owners).size !== owners.length) broken.push(`${partition}: a member twice`);
    if (owners.some((owner) => !eligible.has(owner))) broken.push(`${partition}: a member that may own nothing`);
    if (zones.size < Math.min(copies, zoneCount)) broken.push(`${partition}: ${zones.size} zones of ${zoneCount}`);
    const rest = table.owners.subarray(partition * table.replicas + owners.length, (partition + 1) * table.replicas);
    if (rest.some((place) => place !== nobody)) broken.push(`${partition}: a gap`);
  }
  return broken;
}
