import {
  createTopology,
  hashKeyBytes,
  MemberState,
  partitionCountDefault,
  plan,
  reviseTopology,
  type Member,
  type MemberInput,
  type Topology,
} from '@ringway/ring';
import { CLUSTER_NAME_BYTES, RECOVERY_EPOCH_GAP, REPLICAS } from '../limits.ts';
import type { MemberView } from './member-view.ts';

/** What is drawn once for a cluster and never changes. */
export interface ClusterSeed {
  readonly cluster: string;
  /** The secret of the key hash, hexadecimal. */
  readonly hashKey: string;
}

export function createSeed(randomBytes: (count: number) => Uint8Array): ClusterSeed {
  const hex = (count: number): string => Buffer.from(randomBytes(count)).toString('hex');
  return { cluster: `ringway-${hex(CLUSTER_NAME_BYTES)}`, hashKey: hex(hashKeyBytes) };
}

export interface DocumentInputs {
  /** The document to go on from. */
  readonly stored: Topology | undefined;
  /** It is not in the store any more: a newer one may be lost, whose epoch must not be used again. */
  readonly isRecovery: boolean;
  readonly seed: ClusterSeed;
  readonly members: readonly MemberView[];
}

/**
 * What the document should say, given what the members say; undefined if it says so already.
 *
 * Data cannot be moved yet, so ownership follows the configuration alone. A member that does not answer is marked, and
 * keeps its partitions: giving them away would lose what it holds if it is only slow. A member that is new, or that the
 * configuration no longer names, changes the table; what changes owner starts empty there.
 */
export function nextDocument({ stored, isRecovery, seed, members: views }: DocumentInputs): Topology | undefined {
  const members = wantedMembers(stored, views);
  if (members.length === 0) return undefined;
  if (stored === undefined) {
    const table = plan(undefined, members, { partitions: partitionCountDefault, replicas: REPLICAS });
    return createTopology({ ...seed, members, table });
  }
  if (!isRecovery && sameMembers(stored.members, members, everyField)) return undefined;
  const table = sameMembers(stored.members, members, ['id', 'zone', 'weight'])
    ? stored.table
    : plan(stored.table, members, { partitions: stored.hash.partitions, replicas: stored.replicas });
  const base = isRecovery ? { ...stored, epoch: stored.epoch + RECOVERY_EPOCH_GAP } : stored;
  return reviseTopology(base, { members, table });
}

/** Members in the document's order. One that was never seen has no incarnation, and so no place in a document. */
function wantedMembers(stored: Topology | undefined, views: readonly MemberView[]): MemberInput[] {
  const known = new Map(stored?.members.map((member) => [member.id, member]));
  return views
    .flatMap(({ spec, status, incarnation = known.get(spec.id)?.incarnation }): MemberInput[] => {
      if (incarnation === undefined) return [];
      const isThere = status === 'answering' || status === 'announced';
      return [{ ...spec, incarnation, state: isThere ? MemberState.active : MemberState.down }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const everyField = ['id', 'zone', 'weight', 'data', 'admin', 'incarnation', 'state'] as const;

function sameMembers(
  before: readonly Member[],
  after: readonly MemberInput[],
  fields: readonly (keyof MemberInput)[],
): boolean {
  return (
    before.length === after.length &&
    before.every((member, i) => fields.every((field) => member[field] === after[i]?.[field]))
  );
}

export interface Change {
  readonly level: 'info' | 'warn';
  readonly fields: object;
  readonly message: string;
}

/** What a new document changes, for the log. */
export function changesBetween(before: Topology | undefined, after: Topology): Change[] {
  const { cluster, epoch } = after;
  const changes: Change[] = [];
  const tell = (level: Change['level'], message: string, fields: object = {}): void => {
    changes.push({ level, fields: { epoch, ...fields }, message });
  };
  if (before === undefined) tell('info', `cluster ${cluster} is created`);
  const former = new Map(before?.members.map((member) => [member.id, member]));
  for (const { id, state, incarnation } of after.members) {
    const previous = former.get(id);
    former.delete(id);
    if (previous?.incarnation !== incarnation) tell('info', `${id} is admitted`, { incarnation });
    else if (previous.state !== state && state === MemberState.down)
      tell('warn', `${id} is down; it keeps its partitions`);
    else if (previous.state !== state) tell('info', `${id} is ${state} again`);
  }
  for (const id of former.keys()) tell('warn', `${id} is no longer a member; its partitions start empty elsewhere`);
  return changes;
}
