import { Reply, RequestKind, writeNumber } from '@ringway/protocol';
import { Status } from '../../engine/status.ts';
import type { Turn } from '../turn.ts';
import { claimRequestKey, refuseNotOwner } from './claim.ts';
import { deadlineOf } from './exptime.ts';
import { countRefusal, refusalOf } from './refusal.ts';

/** incr, decr */
export function executeArithmetic(turn: Turn): void {
  const { request, engine, out, delta } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  const decrement = request.kind === RequestKind.decr;
  const found = engine.find(turn.key, true);
  countArithmetic(turn, decrement, found);
  if (!found) return out.ascii(Reply.notFound);
  delta.high = request.deltaHigh;
  delta.low = request.deltaLow;
  const status = engine.arithmetic(delta, decrement);
  if (status === Status.done) return writeNumber(out, engine.number.high, engine.number.low);
  countRefusal(turn, status);
  return out.ascii(refusalOf(status));
}

export function countArithmetic({ counters }: Turn, decrement: boolean, hit: boolean): void {
  if (decrement) {
    if (hit) counters.decrementHits++;
    else counters.decrementMisses++;
  } else if (hit) counters.incrementHits++;
  else counters.incrementMisses++;
}

/** touch */
export function executeTouch(turn: Turn): void {
  const { request, engine, counters, out } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  if (!engine.find(turn.key, false)) {
    counters.touchMisses++;
    return out.ascii(Reply.notFound);
  }
  counters.touchHits++;
  engine.touch(deadlineOf(request.exptime, turn.nowMs));
  return out.ascii(Reply.touched);
}

/** delete */
export function executeDelete(turn: Turn): void {
  const { engine, counters, out } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  if (!engine.find(turn.key, true)) {
    counters.deleteMisses++;
    return out.ascii(Reply.notFound);
  }
  counters.deleteHits++;
  engine.remove();
  return out.ascii(Reply.deleted);
}
