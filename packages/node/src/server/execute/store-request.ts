import { MetaFlag, MetaMode, RequestKind } from '@ringway/protocol';
import { StoreMode } from '../../engine/store-request.ts';
import type { Turn } from '../turn.ts';
import { deadlineOf } from './exptime.ts';

/** Fills the turn's store request, all but the value, from a text or meta storage command. */
export function prepareStore(turn: Turn): void {
  const { request, store } = turn;
  store.mode = request.kind === RequestKind.metaSet ? modeOfLetter(request.mode) : modeOfKind(request.kind);
  store.flags = request.flags;
  store.expiresAtMs = deadlineOf(request.exptime, turn.nowMs);
  store.staleIfOlder = request.hasMeta(MetaFlag.invalidate);
  store.compare = undefined;
  store.version = undefined;
  if (request.kind === RequestKind.cas || request.hasMeta(MetaFlag.compareCas)) {
    turn.compare.high = request.casHigh;
    turn.compare.low = request.casLow;
    store.compare = turn.compare;
  }
  if (request.hasMeta(MetaFlag.newCas)) {
    turn.version.high = request.newCasHigh;
    turn.version.low = request.newCasLow;
    store.version = turn.version;
  }
}

function modeOfKind(kind: RequestKind): StoreMode {
  switch (kind) {
    case RequestKind.add:
      return StoreMode.add;
    case RequestKind.replace:
      return StoreMode.replace;
    case RequestKind.append:
      return StoreMode.append;
    case RequestKind.prepend:
      return StoreMode.prepend;
    default:
      return StoreMode.set;
  }
}

function modeOfLetter(letter: number): StoreMode {
  switch (letter) {
    case MetaMode.add:
      return StoreMode.add;
    case MetaMode.replace:
      return StoreMode.replace;
    case MetaMode.append:
      return StoreMode.append;
    case MetaMode.prepend:
      return StoreMode.prepend;
    default:
      return StoreMode.set;
  }
}
