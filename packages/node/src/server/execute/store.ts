import { MetaFlag, Reply, RequestKind, writeMetaStatus } from '@ringway/protocol';
import { Status } from '../../engine/status.ts';
import type { StoreStatus } from '../../engine/status.ts';
import { StoreMode } from '../../engine/store-request.ts';
import type { Turn } from '../turn.ts';
import { claimRequestKey, refuseNotOwner } from './claim.ts';
import { deadlineOf } from './exptime.ts';
import { refusalOf, refuseStore } from './refusal.ts';
import { prepareStore } from './store-request.ts';

/** set, add, replace, append, prepend, cas: the value is in the turn. */
export function executeStore(turn: Turn): void {
  if (!claimForStore(turn)) return;
  const status = putValue(turn);
  switch (status) {
    case Status.done:
      return turn.out.ascii(Reply.stored);
    case Status.notStored:
      return turn.out.ascii(Reply.notStored);
    case Status.exists:
      return turn.out.ascii(Reply.exists);
    case Status.notFound:
      return turn.out.ascii(Reply.notFound);
    default:
      return turn.out.ascii(refusalOf(status));
  }
}

/** ms: the same with meta's words; q keeps HD back. */
export function executeMetaSet(turn: Turn): void {
  if (!claimForStore(turn)) return;
  const { request, out } = turn;
  const status = putValue(turn);
  switch (status) {
    case Status.done:
      if (request.hasMeta(MetaFlag.quiet)) return;
      return writeMetaStatus(out, 'HD', request, turn.fields.describeStored(turn.engine.version));
    case Status.notStored:
      return writeMetaStatus(out, 'NS', request);
    case Status.exists:
      return writeMetaStatus(out, 'EX', request);
    case Status.notFound:
      return writeMetaStatus(out, 'NF', request);
    default:
      return out.ascii(refusalOf(status));
  }
}

function claimForStore(turn: Turn): boolean {
  turn.counters.stores++;
  if (claimRequestKey(turn)) {
    prepareStore(turn);
    return true;
  }
  turn.reservation?.abort();
  turn.reservation = undefined;
  refuseNotOwner(turn);
  return false;
}

function putValue(turn: Turn): StoreStatus {
  const { engine, store, reservation } = turn;
  turn.reservation = undefined;
  if (vivifies(turn)) prepareVivify(turn);
  const status = reservation === undefined ? engine.store(store) : engine.storeReserved(store, reservation);
  if (store.compare !== undefined) countCas(turn, status);
  if (status === Status.tooLarge || status === Status.outOfMemory || status === Status.versionsExhausted) {
    refuseStore(turn, status);
  }
  return status;
}

/** Append and prepend with N create the item that is not there (memcached 1.6.19). */
function vivifies({ request, engine, store, key }: Turn): boolean {
  const joins = store.mode === StoreMode.append || store.mode === StoreMode.prepend;
  return joins && request.hasMeta(MetaFlag.vivify) && !engine.find(key, true);
}

function prepareVivify({ request, store, nowMs }: Turn): void {
  store.mode = StoreMode.add;
  store.expiresAtMs = deadlineOf(request.metaNumber(MetaFlag.vivify), nowMs);
}

function countCas({ counters, request }: Turn, status: Status): void {
  if (request.kind === RequestKind.metaSet && request.mode !== 0) return;
  if (status === Status.done) counters.casHits++;
  else if (status === Status.exists) counters.casBadValue++;
  else if (status === Status.notFound) counters.casMisses++;
}
