import { isToken, DELETE, MINUS } from './byte.ts';
import { MALFORMED, MALFORMED_SIGNED, parseUnsigned } from './decimal.ts';
import { ErrorLine } from './error-line.ts';
import { decodeKey, takeKey } from './key-argument.ts';
import { BODY_BYTES_MAX, OPAQUE_BYTES_MAX, UINT32_MAX } from './limits.ts';
import { isLetter, MetaFlag, MetaMode, REQUEST_FLAG_SYNTAX, TokenSyntax } from './meta-flag.ts';
import { refuse, refuseFatally, refuseWithBody } from './refusal.ts';
import type { RequestFields } from './request.ts';
import { parseSeconds } from './text-request.ts';

/**
 * The meta commands: `m? <key> [<datalen>] <flag>*`, a flag being a letter with its token glued to it.
 *
 * As in memcached the first unknown or repeated letter ends the reading of flags, a bad token does not, and of several
 * errors the last is told. Tokens behind flags that take none are ignored.
 */

const PLUS = 0x2b;

/** `mg <key> <flag>*` */
export function parseMetaGet(fields: RequestFields): boolean {
  if (!parseMetaKey(fields)) {
    return false;
  }
  const error = parseFlags(fields, 1) || opaqueError(fields);
  return error === '' || refuse(fields, error);
}

/** `md <key> <flag>*` */
export function parseMetaDelete(fields: RequestFields): boolean {
  if (!parseMetaKey(fields)) {
    return false;
  }
  const error = oneForAll(parseFlags(fields, 1)) || opaqueError(fields);
  return error === '' || refuse(fields, error);
}

/** `ma <key> <flag>*` */
export function parseMetaArithmetic(fields: RequestFields): boolean {
  if (!parseMetaKey(fields)) {
    return false;
  }
  fields.deltaLow = 1;
  const error = oneForAll(parseFlags(fields, 1)) || arithmeticModeError(fields) || opaqueError(fields);
  return error === '' || refuse(fields, error);
}

/** md and ma have one text for every bad flag. */
function oneForAll(error: string): string {
  return error === '' ? '' : ErrorLine.unknownOrDuplicateFlag;
}

/** `ms <key> <datalen> <flag>*` */
export function parseMetaSet(fields: RequestFields): boolean {
  const { line } = fields;
  if (line.argumentCount < 2) {
    return refuseFatally(fields, line.argumentCount === 0 ? ErrorLine.unknownCommand : ErrorLine.badFormat);
  }
  const bodyBytes = parseUnsigned(fields.input, line.argumentStarts[1]!, line.argumentEnds[1]!, BODY_BYTES_MAX);
  if (bodyBytes === MALFORMED) {
    return refuseFatally(fields, ErrorLine.badFormat);
  }
  fields.bodyBytes = bodyBytes;
  const error = metaSetError(fields);
  return error === '' || refuseMetaSet(fields, bodyBytes, error);
}

function metaSetError(fields: RequestFields): string {
  if (!takeKey(fields)) {
    return ErrorLine.badFormat;
  }
  const error = parseFlags(fields, 2) || setModeError(fields) || opaqueError(fields);
  if (error !== '') {
    return error;
  }
  return fields.bodyBytes > fields.limits.valueBytes ? ErrorLine.valueTooLarge : '';
}

/**
 * Refuses an ms line. Its data block is skipped only when no other number can be its length: were the key sent with a space in it,
 * the true length would stand among the flags, where nothing begins with anything but a letter; and flag S says the length again.
 */
function refuseMetaSet(fields: RequestFields, bodyBytes: number, error: string): false {
  const { input, line, metaList } = fields;
  fields.bodyBytes = -1;
  let lengthIsSure = !line.hasTooMany;
  for (let i = 2; i < line.argumentCount; i++) {
    lengthIsSure &&= isLetter(input[line.argumentStarts[i]!]!);
  }
  lengthIsSure &&= !metaList.has(MetaFlag.valueBytes) || metaList.number(MetaFlag.valueBytes) === bodyBytes;
  return lengthIsSure ? refuseWithBody(fields, bodyBytes, error) : refuseFatally(fields, error);
}

/** `me <key> [b]`; whatever else is on the line is ignored. */
export function parseMetaDebug(fields: RequestFields): boolean {
  const { input, line } = fields;
  if (line.argumentCount === 0 || !takeKey(fields)) {
    return refuse(fields, ErrorLine.badFormat);
  }
  if (line.argumentCount === 1) {
    return true;
  }
  const start = line.argumentStarts[1]!;
  const end = line.argumentEnds[1]!;
  if (end - start !== 1 || input[start] !== MetaFlag.binaryKey) {
    return true;
  }
  fields.metaList.add(MetaFlag.binaryKey, end, end);
  return decodeKey(fields) || refuse(fields, ErrorLine.badFormat);
}

function parseMetaKey(fields: RequestFields): boolean {
  if (fields.line.argumentCount === 0) {
    return refuse(fields, ErrorLine.unknownCommand);
  }
  return takeKey(fields) || refuse(fields, ErrorLine.badFormat);
}

/** Reads the flags from argument `first` on. Returns the text of the error to tell, or ''. */
function parseFlags(fields: RequestFields, first: number): string {
  const { input, line, metaList } = fields;
  const { argumentStarts, argumentEnds, argumentCount } = line;
  let error = '';
  for (let i = first; i < argumentCount; i++) {
    const letter = input[argumentStarts[i]!]!;
    if (letter >= DELETE) {
      return ErrorLine.duplicateFlag;
    }
    const syntax = REQUEST_FLAG_SYNTAX[letter]!;
    if (syntax === TokenSyntax.unknown) {
      return ErrorLine.unknownFlag;
    }
    if (metaList.has(letter)) {
      return ErrorLine.duplicateFlag;
    }
    const start = argumentStarts[i]! + 1;
    const end = argumentEnds[i]!;
    metaList.add(letter, start, end);
    if (syntax !== TokenSyntax.none) {
      error = laterError(error, parseToken(fields, letter, syntax, start, end));
    } else if (letter === MetaFlag.binaryKey && !decodeKey(fields)) {
      error = ErrorLine.badBase64;
    }
  }
  return error;
}

/** The later of two errors, unless it is that of flag F, which in memcached has no words of its own. */
function laterError(earlier: string, later: string): string {
  return later === '' || (later === ErrorLine.badFormat && earlier !== '') ? earlier : later;
}

function parseToken(fields: RequestFields, letter: number, syntax: number, start: number, end: number): string {
  switch (syntax) {
    case TokenSyntax.seconds:
      return parseSecondsToken(fields, letter, start, end);
    case TokenSyntax.unsigned64:
      return parseToken64(fields, letter, start, end);
    case TokenSyntax.unsigned32:
      fields.flags = parseUnsigned(fields.input, start, end, UINT32_MAX);
      fields.metaList.setNumber(letter, fields.flags);
      return fields.flags === MALFORMED ? ErrorLine.badFormat : '';
    case TokenSyntax.unsigned53:
      return parseSizeToken(fields, letter, start, end);
    case TokenSyntax.letter:
      fields.mode = end - start === 1 ? fields.input[start]! : 0;
      return fields.mode === 0 ? ErrorLine.badModeLength : '';
    default:
      fields.metaList.setNumber(letter, end - start);
      return fields.line.hasControl && !isToken(fields.input, start, end) ? ErrorLine.badToken : '';
  }
}

function parseSecondsToken(fields: RequestFields, letter: number, start: number, end: number): string {
  const seconds = parseSeconds(fields.input, start, end);
  if (seconds === MALFORMED_SIGNED) {
    return ErrorLine.badToken;
  }
  fields.metaList.setNumber(letter, seconds);
  if (letter === MetaFlag.ttl) {
    fields.exptime = seconds;
  }
  return '';
}

/** Flag S: of ms it must say what datalen says. */
function parseSizeToken(fields: RequestFields, letter: number, start: number, end: number): string {
  const size = parseUnsigned(fields.input, start, end, Number.MAX_SAFE_INTEGER);
  fields.metaList.setNumber(letter, size);
  return size === MALFORMED || (fields.bodyBytes >= 0 && size !== fields.bodyBytes) ? ErrorLine.badToken : '';
}

function parseToken64(fields: RequestFields, letter: number, start: number, end: number): string {
  const { number64 } = fields;
  const good = number64.parse(fields.input, start, end);
  const { high, low } = number64;
  switch (letter) {
    case MetaFlag.delta:
      fields.deltaHigh = high;
      fields.deltaLow = low;
      return good ? '' : ErrorLine.badMetaDelta;
    case MetaFlag.initial:
      fields.initialHigh = high;
      fields.initialLow = low;
      return good ? '' : ErrorLine.badMetaInitial;
    case MetaFlag.compareCas:
      fields.casHigh = high;
      fields.casLow = low;
      return good ? '' : ErrorLine.badToken;
    default:
      fields.newCasHigh = high;
      fields.newCasLow = low;
      return good ? '' : ErrorLine.badToken;
  }
}

function opaqueError(fields: RequestFields): string {
  return fields.metaList.number(MetaFlag.opaque) > OPAQUE_BYTES_MAX ? ErrorLine.opaqueTooLong : '';
}

function setModeError(fields: RequestFields): string {
  switch (fields.mode) {
    case 0:
    case MetaMode.set:
    case MetaMode.add:
    case MetaMode.append:
    case MetaMode.prepend:
    case MetaMode.replace:
      return '';
    default:
      return ErrorLine.badSetMode;
  }
}

/** Checks the mode of ma and turns its aliases + and - into letters. */
function arithmeticModeError(fields: RequestFields): string {
  switch (fields.mode) {
    case 0:
    case MetaMode.increment:
    case MetaMode.decrement:
      return '';
    case PLUS:
      fields.mode = MetaMode.increment;
      return '';
    case MINUS:
      fields.mode = MetaMode.decrement;
      return '';
    default:
      return ErrorLine.badArithmeticMode;
  }
}
