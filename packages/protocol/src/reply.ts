import { SPACE } from './byte.ts';
import { MetaFlag } from './meta-flag.ts';
import type { Output } from './output.ts';
import { RequestKind } from './request-kind.ts';
import type { RequestParser } from './request.ts';
import { assertText, assertWord, KeyForm, writeKey } from './wire-token.ts';

/** Replies that are one fixed line, CRLF included. */
export const Reply = {
  stored: 'STORED\r\n',
  notStored: 'NOT_STORED\r\n',
  exists: 'EXISTS\r\n',
  notFound: 'NOT_FOUND\r\n',
  deleted: 'DELETED\r\n',
  touched: 'TOUCHED\r\n',
  ok: 'OK\r\n',
  reset: 'RESET\r\n',
  end: 'END\r\n',
  metaNoop: 'MN\r\n',
  error: 'ERROR\r\n',
  badDataChunk: 'CLIENT_ERROR bad data chunk\r\n',
  nonNumeric: 'CLIENT_ERROR cannot increment or decrement non-numeric value\r\n',
  tooLarge: 'SERVER_ERROR object too large for cache\r\n',
  outOfMemory: 'SERVER_ERROR out of memory storing object\r\n',
  busy: 'SERVER_ERROR busy\r\n',
} as const;

/** Words that begin the reply to a meta command, a value's `VA` aside. */
export type MetaStatus = 'HD' | 'EN' | 'NS' | 'EX' | 'NF';

/** The item that return flags of a meta reply are answered from. */
export interface MetaFields {
  /** Client flags, uint32. */
  readonly flags: number;
  readonly casHigh: number;
  readonly casLow: number;
  /** Seconds to live; -1 does not expire. */
  readonly ttlSeconds: number;
  readonly valueBytes: number;
  /** Seconds since the access before this one. */
  readonly idleSeconds: number;
  /** Whether the item was read before this access. */
  readonly fetched: boolean;
  readonly won: boolean;
  readonly stale: boolean;
  readonly alreadySent: boolean;
}

/** `VALUE <key> <flags> <bytes>`; the value and CRLF are the caller's to write. */
export function writeValue(
  out: Output,
  key: Uint8Array,
  start: number,
  end: number,
  flags: number,
  valueBytes: number,
): void {
  writeValueFields(out, key, start, end, flags, valueBytes);
  out.crlf();
}

/** `VALUE <key> <flags> <bytes> <version>`; the value and CRLF are the caller's to write. */
export function writeValueCas(
  out: Output,
  key: Uint8Array,
  start: number,
  end: number,
  flags: number,
  valueBytes: number,
  casHigh: number,
  casLow: number,
): void {
  writeValueFields(out, key, start, end, flags, valueBytes);
  out.byte(SPACE);
  out.unsigned64(casHigh, casLow);
  out.crlf();
}

function writeValueFields(
  out: Output,
  key: Uint8Array,
  start: number,
  end: number,
  flags: number,
  valueBytes: number,
): void {
  out.ascii('VALUE ');
  out.copy(key, start, end);
  out.byte(SPACE);
  out.unsigned(flags);
  out.byte(SPACE);
  out.unsigned(valueBytes);
}

/** `VA <bytes> <flag>*` with the flags that the request asked for; the value and CRLF are the caller's to write. */
export function writeMetaValue(out: Output, request: RequestParser, fields: MetaFields): void {
  out.ascii('VA ');
  out.unsigned(fields.valueBytes);
  writeReturnFlags(out, request, fields);
}

/** `HD|EN|NS|EX|NF <flag>*` with the flags that the request asked for. Without fields, where there is no item, only key and opaque are returned. */
export function writeMetaStatus(out: Output, status: MetaStatus, request: RequestParser, fields?: MetaFields): void {
  out.ascii(status);
  writeReturnFlags(out, request, fields);
}

/** Return flags in the order asked for, then Z, X and W: memcached's order. */
function writeReturnFlags(out: Output, request: RequestParser, fields: MetaFields | undefined): void {
  const { metaFlagCount, metaFlags, kind } = request;
  for (let i = 0; i < metaFlagCount; i++) {
    const letter = metaFlags[i]!;
    if (letter === MetaFlag.returnKey) {
      writeReturnKey(out, request);
    } else if (letter === MetaFlag.opaque) {
      writeLetter(out, letter);
      out.copy(request.input, request.metaTokenStarts[i]!, request.metaTokenEnds[i]!);
    } else if (fields !== undefined && returns(kind, letter)) {
      writeReturnFlag(out, letter, fields);
    } else if (letter === MetaFlag.returnCas && kind === RequestKind.metaSet) {
      // memcached answers version 0 for a value that it did not store.
      out.ascii(' c0');
    }
  }
  if (fields !== undefined && kind === RequestKind.metaGet) {
    writeLeaseFlags(out, fields);
  }
  out.crlf();
}

/** Whether replies to a command of that kind carry the return flag. As in memcached, others are accepted and not answered. */
function returns(kind: RequestKind, letter: number): boolean {
  if (kind === RequestKind.metaArithmetic) {
    return letter === MetaFlag.returnTtl || letter === MetaFlag.returnCas;
  }
  return kind === RequestKind.metaGet || (kind === RequestKind.metaSet && letter === MetaFlag.returnCas);
}

function writeReturnFlag(out: Output, letter: number, fields: MetaFields): void {
  switch (letter) {
    case MetaFlag.returnTtl:
      writeLetter(out, letter);
      if (fields.ttlSeconds < 0) {
        out.ascii('-1');
      } else {
        out.unsigned(fields.ttlSeconds);
      }
      return;
    case MetaFlag.returnCas:
      writeLetter(out, letter);
      out.unsigned64(fields.casHigh, fields.casLow);
      return;
    case MetaFlag.returnClientFlags:
      writeLetter(out, letter);
      out.unsigned(fields.flags);
      return;
    case MetaFlag.returnSize:
      writeLetter(out, letter);
      out.unsigned(fields.valueBytes);
      return;
    case MetaFlag.returnIdle:
      writeLetter(out, letter);
      out.unsigned(fields.idleSeconds);
      return;
    case MetaFlag.returnFetched:
      out.ascii(fields.fetched ? ' h1' : ' h0');
      return;
    default:
  }
}

function writeLetter(out: Output, letter: number): void {
  out.byte(SPACE);
  out.byte(letter);
}

function writeReturnKey(out: Output, request: RequestParser): void {
  const { keyBytes, keyStart, keyEnd, keyBinary } = request;
  writeLetter(out, MetaFlag.returnKey);
  writeKey(out, keyBytes, keyStart, keyEnd, keyBinary ? KeyForm.base64 : KeyForm.plain);
  if (keyBinary) {
    writeLetter(out, MetaFlag.binaryKey);
  }
}

function writeLeaseFlags(out: Output, fields: MetaFields): void {
  if (fields.alreadySent) {
    writeLetter(out, MetaFlag.alreadySent);
  }
  if (fields.stale) {
    writeLetter(out, MetaFlag.stale);
  }
  if (fields.won) {
    writeLetter(out, MetaFlag.won);
  }
}

/** `ME <key> <text>`, the key in the form of the request. The text is the caller's list of `name=value`. */
export function writeMetaDebugReply(out: Output, request: RequestParser, text: string): void {
  assertText(text, 'meta debug text');
  out.ascii('ME ');
  writeKey(out, request.keyBytes, request.keyStart, request.keyEnd, request.keyBinary ? KeyForm.base64 : KeyForm.plain);
  out.ascii(` ${text}\r\n`);
}

/** `<number>`: the reply of incr and decr. */
export function writeNumber(out: Output, high: number, low: number): void {
  out.unsigned64(high, low);
  out.crlf();
}

/** `STAT <name> <value>`. Throws PROTOCOL_TOKEN for a name that is no word and a value that is not printable. */
export function writeStat(out: Output, name: string, value: string | number): void {
  const text = String(value);
  assertWord(name, 'statistic');
  assertText(text, 'value of a statistic');
  out.ascii(`STAT ${name} ${text}\r\n`);
}

/** `VERSION <text>` */
export function writeVersion(out: Output, text: string): void {
  assertText(text, 'version');
  out.ascii(`VERSION ${text}\r\n`);
}

/** An error line without CRLF (RequestParser.errorLine, or words of the caller) and CRLF; nothing for an empty line. */
export function writeErrorLine(out: Output, line: string): void {
  assertText(line, 'error line');
  if (line !== '') {
    out.ascii(line);
    out.crlf();
  }
}
