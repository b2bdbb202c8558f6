import { writeNotOwner } from '@ringway/protocol';
import { partitionOfHash } from '../../engine/key-ref.ts';
import { FailureReason } from '../counters.ts';
import type { Turn } from '../turn.ts';

/**
 * Points the turn's key at bytes[start, end) and asks whether its partition is ours. If so, versions are given in the epoch
 * of that partition from here on; if not, nothing may be done with the key, and `refuseNotOwner` is the reply.
 */
export function claimKey(turn: Turn, bytes: Uint8Array, start: number, end: number): boolean {
  const { key, ownership } = turn;
  const { keyHash } = ownership;
  key.bytes = bytes;
  key.start = start;
  key.end = end;
  key.hashHigh = keyHash.both(bytes, start, end);
  key.hashLow = keyHash.low;
  const partition = partitionOfHash(key.hashHigh, ownership.partitionBits);
  if (!ownership.owns(partition)) return false;
  turn.engine.setOwnershipEpoch(ownership.epochOf(partition));
  return true;
}

/** claimKey of the request's key. */
export function claimRequestKey(turn: Turn): boolean {
  const { keyBytes, keyStart, keyEnd } = turn.request;
  return claimKey(turn, keyBytes, keyStart, keyEnd);
}

/** Answers that the partition of the turn's key is another node's, as far as we know whose. */
export function refuseNotOwner(turn: Turn): void {
  const { ownership, key } = turn;
  turn.counters.fail(turn.request.kind, FailureReason.not_owner);
  writeNotOwner(turn.out, {
    epoch: ownership.epoch,
    member: ownership.memberOf(partitionOfHash(key.hashHigh, ownership.partitionBits)),
  });
}
