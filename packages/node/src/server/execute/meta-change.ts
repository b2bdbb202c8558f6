import { MetaFlag, MetaMode, writeMetaStatus, writeMetaValue } from '@ringway/protocol';
import { DECIMAL_DIGITS_MAX, writeDecimal } from '../../engine/decimal64.ts';
import { Mark } from '../../engine/found-item.ts';
import { Status } from '../../engine/status.ts';
import type { StampStatus } from '../../engine/status.ts';
import { StoreMode } from '../../engine/store-request.ts';
import { compareWords } from '../../engine/word64.ts';
import type { Word64 } from '../../engine/word64.ts';
import type { Turn } from '../turn.ts';
import { claimRequestKey, refuseNotOwner } from './claim.ts';
import { deadlineOf } from './exptime.ts';
import { countArithmetic } from './item.ts';
import { countRefusal, refusalOf } from './refusal.ts';

/** md: removes the item or, with I, makes it stale, so that the next mg wins. q keeps HD back. */
export function executeMetaDelete(turn: Turn): void {
  const { request, engine, counters, out } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  if (!engine.find(turn.key, true)) {
    counters.deleteMisses++;
    return writeMetaStatus(out, 'NF', request);
  }
  if (!hasComparedVersion(turn)) return writeMetaStatus(out, 'EX', request);
  if (request.hasMeta(MetaFlag.invalidate)) {
    const status = invalidate(turn);
    if (status !== Status.done) return out.ascii(refusalOf(status));
  } else {
    engine.remove();
  }
  counters.deleteHits++;
  if (!request.hasMeta(MetaFlag.quiet)) writeMetaStatus(out, 'HD', request);
}

function invalidate(turn: Turn): StampStatus {
  const { request, engine } = turn;
  const status = engine.stamp(explicitVersion(turn));
  if (status !== Status.done) return status;
  if (request.hasMeta(MetaFlag.ttl)) engine.touch(deadlineOf(request.exptime, turn.nowMs));
  engine.mark(Mark.stale, Mark.won);
  return status;
}

/** ma: counts up or down or, with N, makes the counter that is not there. q keeps HD and VA back. */
export function executeMetaArithmetic(turn: Turn): void {
  const { request, engine, out, delta } = turn;
  if (!claimRequestKey(turn)) return refuseNotOwner(turn);
  const decrement = request.mode === MetaMode.decrement;
  const found = engine.find(turn.key, true);
  countArithmetic(turn, decrement, found);
  if (!found && !request.hasMeta(MetaFlag.vivify)) return writeMetaStatus(out, 'NF', request);
  if (!found) return createCounter(turn);
  if (!hasComparedVersion(turn)) return writeMetaStatus(out, 'EX', request);
  delta.high = request.deltaHigh;
  delta.low = request.deltaLow;
  const status = engine.arithmetic(delta, decrement, explicitVersion(turn));
  if (status !== Status.done) {
    countRefusal(turn, status);
    return out.ascii(refusalOf(status));
  }
  if (request.hasMeta(MetaFlag.ttl)) engine.touch(deadlineOf(request.exptime, turn.nowMs));
  answerNumber(turn, engine.number);
}

const digits = new Uint8Array(DECIMAL_DIGITS_MAX);

/** Stores the initial value, to which the delta is not applied. */
function createCounter(turn: Turn): void {
  const { request, engine, store, delta, out } = turn;
  delta.high = request.initialHigh;
  delta.low = request.initialLow;
  store.mode = StoreMode.add;
  store.valueBytes = digits;
  store.valueStart = 0;
  store.valueEnd = writeDecimal(digits, 0, delta);
  store.flags = 0;
  store.expiresAtMs = deadlineOf(request.metaNumber(MetaFlag.vivify), turn.nowMs);
  store.compare = undefined;
  store.version = explicitVersion(turn);
  const status = engine.store(store);
  if (status === Status.done && engine.find(turn.key, true)) return answerNumber(turn, delta);
  if (status === Status.outOfMemory || status === Status.versionsExhausted) {
    countRefusal(turn, status);
    return out.ascii(refusalOf(status));
  }
  writeMetaStatus(out, 'NS', request);
}

function answerNumber(turn: Turn, number: Readonly<Word64>): void {
  const { request, engine, out, fields } = turn;
  if (request.hasMeta(MetaFlag.quiet)) return;
  fields.describe(engine.found, turn.nowMs);
  if (!request.hasMeta(MetaFlag.returnValue)) return writeMetaStatus(out, 'HD', request, fields);
  fields.valueBytes = writeDecimal(digits, 0, number);
  writeMetaValue(out, request, fields);
  out.copy(digits, 0, fields.valueBytes);
  out.crlf();
}

/** Whether the found item has the version of flag C, or there is none. */
function hasComparedVersion({ request, engine, compare }: Turn): boolean {
  if (!request.hasMeta(MetaFlag.compareCas)) return true;
  compare.high = request.casHigh;
  compare.low = request.casLow;
  return compareWords(compare, engine.found.version) === 0;
}

/** The version of flag E, if given. */
function explicitVersion({ request, version }: Turn): Readonly<Word64> | undefined {
  if (!request.hasMeta(MetaFlag.newCas)) return undefined;
  version.high = request.newCasHigh;
  version.low = request.newCasLow;
  return version;
}
