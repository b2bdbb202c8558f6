import { spells } from './byte.ts';
import { MALFORMED, MALFORMED_SIGNED, parseSigned, parseUnsigned } from './decimal.ts';
import { ErrorLine } from './error-line.ts';
import { isKey, takeKey, takeKeys } from './key-argument.ts';
import { BODY_BYTES_MAX, EXPTIME_SECONDS_MAX, EXPTIME_SECONDS_MIN, UINT32_MAX } from './limits.ts';
import { refuse, refuseFatally, refuseWithBody } from './refusal.ts';
import { RequestKind } from './request-kind.ts';
import type { RequestFields } from './request.ts';

/**
 * The commands of the classic text protocol. Each function finds the line cut into arguments, fills the fields and
 * says whether the line is good; when it is not, it has called one of the refusals.
 *
 * The order of checks and the texts of errors are memcached's.
 */

const NOREPLY = 'noreply';
/** `<key> <flags> <exptime> <bytes>` */
const STORE_ARGUMENT_COUNT = 4;

/** `get|gets <key>+` */
export function parseGet(fields: RequestFields): boolean {
  if (fields.line.argumentCount === 0) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  return parseKeys(fields);
}

/** `gat|gats <exptime> <key>+` */
export function parseGetAndTouch(fields: RequestFields): boolean {
  if (fields.line.argumentCount < 2) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  if (!parseExptime(fields, 0)) {
    return false;
  }
  fields.line.dropFirst();
  return parseKeys(fields);
}

/** `stats|shutdown <argument>*` */
export function parseArguments(fields: RequestFields): boolean {
  return parseKeys(fields);
}

function parseKeys(fields: RequestFields): boolean {
  if (fields.line.hasTooMany || fields.line.argumentCount > fields.limits.multiGetKeys) {
    return refuse(fields, ErrorLine.tooManyKeys);
  }
  return takeKeys(fields) || refuse(fields, ErrorLine.badFormat);
}

/**
 * `set|add|replace|append|prepend <key> <flags> <exptime> <bytes> [noreply]`, `cas <key> <flags> <exptime> <bytes> <version> [noreply]`
 *
 * A refused line announces a data block all the same. Its length is believed only when the line has exactly this shape: a key
 * with a space in it makes one argument too many, and then the number in the place of the length is another one,
 * and skipping that many bytes would leave the rest of the payload to run as commands.
 */
export function parseStore(fields: RequestFields): boolean {
  const { input, line } = fields;
  const { argumentStarts, argumentEnds, argumentCount } = line;
  const isCas = fields.kind === RequestKind.cas;
  const wantedCount = isCas ? STORE_ARGUMENT_COUNT + 1 : STORE_ARGUMENT_COUNT;
  if (argumentCount !== wantedCount && argumentCount !== wantedCount + 1) {
    return refuseFatally(fields, ErrorLine.unknownCommand);
  }
  fields.noreply = lastIsNoreply(fields);
  const bodyBytes = parseUnsigned(input, argumentStarts[3]!, argumentEnds[3]!, BODY_BYTES_MAX);
  if (bodyBytes === MALFORMED || fields.noreply !== argumentCount > wantedCount) {
    return refuseFatally(fields, ErrorLine.badFormat);
  }
  fields.flags = parseUnsigned(input, argumentStarts[1]!, argumentEnds[1]!, UINT32_MAX);
  fields.exptime = parseSeconds(input, argumentStarts[2]!, argumentEnds[2]!);
  const numbersGood = fields.flags !== MALFORMED && fields.exptime !== MALFORMED_SIGNED;
  if (!takeKey(fields) || !numbersGood || (isCas && !parseVersion(fields))) {
    return refuseWithBody(fields, bodyBytes, ErrorLine.badFormat);
  }
  if (bodyBytes > fields.limits.valueBytes) {
    return refuseWithBody(fields, bodyBytes, ErrorLine.valueTooLarge);
  }
  fields.bodyBytes = bodyBytes;
  return true;
}

function parseVersion(fields: RequestFields): boolean {
  const { line, number64 } = fields;
  const good = number64.parse(fields.input, line.argumentStarts[4]!, line.argumentEnds[4]!);
  fields.casHigh = number64.high;
  fields.casLow = number64.low;
  return good;
}

/** `incr|decr <key> <delta> [noreply]` */
export function parseArithmetic(fields: RequestFields): boolean {
  const { line, number64 } = fields;
  if (!parseKeyAndOne(fields)) {
    return false;
  }
  if (!number64.parse(fields.input, line.argumentStarts[1]!, line.argumentEnds[1]!)) {
    return refuse(fields, ErrorLine.badDelta);
  }
  fields.deltaHigh = number64.high;
  fields.deltaLow = number64.low;
  return true;
}

/** `touch <key> <exptime> [noreply]` */
export function parseTouch(fields: RequestFields): boolean {
  return parseKeyAndOne(fields) && parseExptime(fields, 1);
}

/** `<key> <argument> [noreply]`; as in memcached a third argument that is not noreply is ignored: no data block depends on it. */
function parseKeyAndOne(fields: RequestFields): boolean {
  const { argumentCount } = fields.line;
  if (argumentCount !== 2 && argumentCount !== 3) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  fields.noreply = lastIsNoreply(fields);
  return takeKey(fields) || refuse(fields, ErrorLine.badFormat);
}

/** `delete <key> [0] [noreply]`; the 0 is a time that old clients send. */
export function parseDelete(fields: RequestFields): boolean {
  const { line } = fields;
  const { argumentCount } = line;
  if (argumentCount < 1 || argumentCount > 3) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  fields.noreply = argumentCount > 1 && lastIsNoreply(fields);
  const hasTime = argumentCount > 1 && spells(fields.input, line.argumentStarts[1]!, line.argumentEnds[1]!, '0');
  if (argumentCount !== 1 + (hasTime ? 1 : 0) + (fields.noreply ? 1 : 0)) {
    return refuse(fields, ErrorLine.badDelete);
  }
  return takeKey(fields) || refuse(fields, ErrorLine.badFormat);
}

/** `flush_all [delay] [noreply]` */
export function parseFlushAll(fields: RequestFields): boolean {
  const { argumentCount } = fields.line;
  if (argumentCount > 2) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  fields.noreply = argumentCount > 0 && lastIsNoreply(fields);
  const hasDelay = argumentCount > (fields.noreply ? 1 : 0);
  return !hasDelay || parseExptime(fields, 0);
}

/** `verbosity <level> [noreply]` */
export function parseVerbosity(fields: RequestFields): boolean {
  const { line } = fields;
  if (line.argumentCount < 1 || line.argumentCount > 2) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  fields.noreply = lastIsNoreply(fields);
  fields.exptime = parseUnsigned(fields.input, line.argumentStarts[0]!, line.argumentEnds[0]!, UINT32_MAX);
  return fields.exptime !== MALFORMED || refuse(fields, ErrorLine.badFormat);
}

/** `rw_hello <cluster> <epoch> <digest>` */
export function parseHello(fields: RequestFields): boolean {
  const { line } = fields;
  if (line.argumentCount !== 3 || !isKey(fields, 0) || !isKey(fields, 2)) {
    return refuse(fields, ErrorLine.badFormat);
  }
  fields.keyCount = line.argumentCount;
  fields.epoch = parseUnsigned(fields.input, line.argumentStarts[1]!, line.argumentEnds[1]!, Number.MAX_SAFE_INTEGER);
  return fields.epoch !== MALFORMED || refuse(fields, ErrorLine.badFormat);
}

function parseExptime(fields: RequestFields, i: number): boolean {
  const { line } = fields;
  fields.exptime = parseSeconds(fields.input, line.argumentStarts[i]!, line.argumentEnds[i]!);
  return fields.exptime !== MALFORMED_SIGNED || refuse(fields, ErrorLine.badExptime);
}

/** Seconds of an expiry time; MALFORMED_SIGNED when they are none. */
export function parseSeconds(input: Uint8Array, start: number, end: number): number {
  return parseSigned(input, start, end, EXPTIME_SECONDS_MIN, EXPTIME_SECONDS_MAX);
}

function lastIsNoreply(fields: RequestFields): boolean {
  const { line } = fields;
  const last = line.argumentCount - 1;
  return spells(fields.input, line.argumentStarts[last]!, line.argumentEnds[last]!, NOREPLY);
}
