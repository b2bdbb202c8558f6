import type { RingErrorCode } from '../errors.ts';
import type { Topology } from './topology.ts';

/** What to do with a document that was offered. A refusal is an outcome, not an exception: it is counted and logged. */
export type Acceptance =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RingErrorCode; readonly reason: string };

/**
 * Whether a process that uses `current` (undefined: none yet) may take over `next`. The epoch only grows, and what
 * places keys never changes: another cluster, partition count or secret is refused whatever its epoch.
 */
export function acceptTopology(current: Topology | undefined, next: Topology): Acceptance {
  if (next.members.length === 0) return refused('RING_NO_MEMBERS', 'the offered document has no members');
  if (current === undefined) return { kind: 'accepted' };
  if (next.cluster !== current.cluster) {
    return refused('RING_OTHER_CLUSTER', `the offered document is of cluster ${next.cluster}, not ${current.cluster}`);
  }
  if (next.hash.partitions !== current.hash.partitions) {
    const counts = `${next.hash.partitions} partitions, not ${current.hash.partitions}`;
    return refused('RING_OTHER_PARTITIONS', `the offered document has ${counts}`);
  }
  if (next.hash.key !== current.hash.key) {
    return refused('RING_OTHER_SECRET', 'the offered document has another hash secret');
  }
  if (next.epoch < current.epoch) {
    return refused('RING_EPOCH_LOWER', `the offered document is of epoch ${next.epoch}, before ${current.epoch}`);
  }
  if (next.epoch > current.epoch) return { kind: 'accepted' };
  if (next.digest === current.digest) return { kind: 'unchanged' };
  return refused('RING_EPOCH_CONFLICT', `two documents of epoch ${next.epoch}: ${next.digest} and ${current.digest}`);
}

function refused(code: RingErrorCode, reason: string): Acceptance {
  return { kind: 'refused', code, reason };
}
