import { MetaFlag, writeMetaDebugReply, writeMetaStatus, writeMetaValue } from '@ringway/protocol';
import { Mark } from '../../engine/found-item.ts';
import { Status } from '../../engine/status.ts';
import { StoreMode } from '../../engine/store-request.ts';
import type { Turn } from '../turn.ts';
import { claimRequestKey, refuseNotOwner } from './claim.ts';
import { deadlineOf, remainingSeconds } from './exptime.ts';
import { refusalOf, refuseStore } from './refusal.ts';
import { countLookup, writeFoundValue } from './value.ts';

/**
 * mg: the value and what is known of it, and the lease of the item:
 *
 *     absent, N given            -> an empty item is made, this caller has won (W)
 *     stale, nobody has won      -> W X          stale, somebody has    -> Z X
 *     R given, fewer seconds left and nobody has won -> W               -> Z when somebody has
 *
 * The winner is to store a new value, which ends the lease; everybody else may use what is there, or come again.
 */
export function executeMetaGet(turn: Turn): void {
  const { request, engine, out } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  const hit = engine.find(turn.key, request.hasMeta(MetaFlag.noBump));
  countLookup(turn, hit);
  if (hit) return answerHit(turn, false);
  if (request.hasMeta(MetaFlag.ttl)) turn.counters.touchMisses++;
  if (request.hasMeta(MetaFlag.vivify)) return vivify(turn);
  if (!request.hasMeta(MetaFlag.quiet)) writeMetaStatus(out, 'EN', request);
}

function answerHit(turn: Turn, created: boolean): void {
  const { request, engine, counters, out, fields, nowMs } = turn;
  if (request.hasMeta(MetaFlag.ttl)) {
    counters.touchHits++;
    engine.touch(deadlineOf(request.exptime, nowMs));
  }
  fields.describe(engine.found, nowMs);
  if (created || wins(turn)) {
    engine.mark(Mark.won, 0);
    fields.won = true;
  }
  if (!request.hasMeta(MetaFlag.returnValue)) return writeMetaStatus(out, 'HD', request, fields);
  writeMetaValue(out, request, fields);
  writeFoundValue(turn);
}

/** Whether this caller is the one to refill the item that was found. */
function wins({ request, engine, nowMs }: Turn): boolean {
  const { won, stale, expiresAtMs } = engine.found;
  if (won) return false;
  if (stale) return true;
  if (!request.hasMeta(MetaFlag.recache) || expiresAtMs === 0) return false;
  return remainingSeconds(expiresAtMs, nowMs) < request.metaNumber(MetaFlag.recache);
}

function vivify(turn: Turn): void {
  const { request, engine, store, out } = turn;
  store.mode = StoreMode.add;
  store.valueStart = 0;
  store.valueEnd = 0;
  store.flags = 0;
  store.expiresAtMs = deadlineOf(request.metaNumber(MetaFlag.vivify), turn.nowMs);
  store.compare = undefined;
  store.version = undefined;
  const status = engine.store(store);
  if (status === Status.done && engine.find(turn.key, request.hasMeta(MetaFlag.noBump))) return answerHit(turn, true);
  if (status === Status.outOfMemory || status === Status.versionsExhausted) {
    refuseStore(turn, status);
    return out.ascii(refusalOf(status));
  }
  // The time to live that was asked for is over already.
  if (!request.hasMeta(MetaFlag.quiet)) writeMetaStatus(out, 'EN', request);
}

/** me: what is known of the item, for people. The slab class is always 1: there are none. */
export function executeMetaDebug(turn: Turn): void {
  const { request, engine, out, nowMs } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  if (!engine.find(turn.key, true)) return writeMetaStatus(out, 'EN', request);
  const { expiresAtMs, lastAccessMs, version, fetched, totalBytes } = engine.found;
  const cas = (BigInt(version.high) << 32n) | BigInt(version.low);
  const idleSeconds = Math.floor((nowMs - lastAccessMs) / 1000);
  const text = `exp=${remainingSeconds(expiresAtMs, nowMs)} la=${idleSeconds} cas=${cas} fetch=${fetched ? 'yes' : 'no'}`;
  writeMetaDebugReply(out, request, `${text} cls=1 size=${totalBytes}`);
}
