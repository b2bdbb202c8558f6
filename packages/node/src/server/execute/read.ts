import { Reply, RequestKind, writeValue, writeValueCas } from '@ringway/protocol';
import type { Turn } from '../turn.ts';
import { claimKey, refuseNotOwner } from './claim.ts';
import { deadlineOf } from './exptime.ts';
import { Executed } from './executed.ts';
import { countLookup, writeFoundValue } from './value.ts';

/**
 * get, gets, gat, gats: a VALUE for each key that is there, then END. A reply that grows beyond what the client takes is
 * interrupted between two keys, and goes on with the next one when the command is executed again.
 */
export function executeRead(turn: Turn): Executed {
  const { request, sink } = turn;
  if (turn.keyIndex === 0 && !claimAllKeys(turn)) {
    refuseNotOwner(turn);
    return Executed.done;
  }
  for (let i = turn.keyIndex; i < request.keyCount; i++) {
    readKey(turn, request.keyStarts[i] ?? 0, request.keyEnds[i] ?? 0);
    if (i + 1 < request.keyCount && sink.relieve()) {
      turn.keyIndex = i + 1;
      return Executed.interrupted;
    }
  }
  turn.out.ascii(Reply.end);
  return Executed.done;
}

/** Asks for all keys before the first value is written: an error in the middle of values would be taken for one. */
function claimAllKeys(turn: Turn): boolean {
  const { request, ownership } = turn;
  if (ownership.ownsAll) return true;
  for (let i = 0; i < request.keyCount; i++) {
    if (!claimKey(turn, request.input, request.keyStarts[i] ?? 0, request.keyEnds[i] ?? 0)) return false;
  }
  return true;
}

function readKey(turn: Turn, start: number, end: number): void {
  const { request, engine, counters, out } = turn;
  // A resumed reply can meet a partition that has left meanwhile: its keys are misses.
  const hit = claimKey(turn, request.input, start, end) && engine.find(turn.key, false);
  countLookup(turn, hit);
  const touches = request.kind === RequestKind.gat || request.kind === RequestKind.gats;
  if (touches) {
    if (hit) counters.touchHits++;
    else counters.touchMisses++;
  }
  if (!hit) return;
  if (touches) engine.touch(deadlineOf(request.exptime, turn.nowMs));
  const { flags, valueBytes, version } = engine.found;
  if (request.kind === RequestKind.gets || request.kind === RequestKind.gats) {
    writeValueCas(out, request.input, start, end, flags, valueBytes, version.high, version.low);
  } else {
    writeValue(out, request.input, start, end, flags, valueBytes);
  }
  writeFoundValue(turn);
}
