import type { Reservation } from '../../engine/large-value.ts';
import { Status } from '../../engine/status.ts';
import type { Turn } from '../turn.ts';
import { claimRequestKey, refuseNotOwner } from './claim.ts';
import { refusalOf, refuseStore } from './refusal.ts';
import { prepareStore } from './store-request.ts';

/**
 * Makes room for the large value of the storage command in the turn, before its bytes are read. Undefined: it was refused and
 * the reply is written, so the value is to be read and thrown away. Whether the command's condition holds is asked when
 * the value is there.
 */
export function admitUpload(turn: Turn): Reservation | undefined {
  const { request, engine, out } = turn;
  if (!claimRequestKey(turn)) {
    refuseNotOwner(turn);
    return undefined;
  }
  const reservation = engine.reserve(request.keyEnd - request.keyStart, request.bodyBytes);
  if (reservation === undefined) {
    prepareStore(turn);
    const status = request.bodyBytes > engine.valueBytesMax ? Status.tooLarge : Status.outOfMemory;
    refuseStore(turn, status);
    out.ascii(refusalOf(status));
  }
  return reservation;
}
