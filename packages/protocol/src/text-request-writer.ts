import { BODY_BYTES_MAX, EXPTIME_SECONDS_MAX, EXPTIME_SECONDS_MIN, UINT32_MAX } from './limits.ts';
import type { Output } from './output.ts';
import { assertInteger, assertTextKey, assertWord } from './wire-token.ts';

/**
 * Requests of the classic text protocol, for tools and tests; proxies speak meta.
 * All of them throw before a byte is written: PROTOCOL_KEY for a key that text cannot carry, PROTOCOL_TOKEN for impossible numbers or words.
 */

export type GetVerb = 'get' | 'gets';
export type GetAndTouchVerb = 'gat' | 'gats';
/** Verbs with a data block, `cas` aside. */
export type StoreVerb = 'set' | 'add' | 'replace' | 'append' | 'prepend';
export type ArithmeticVerb = 'incr' | 'decr';

/** A 64-bit number as two uint32 words. */
export interface Words64 {
  readonly high: number;
  readonly low: number;
}

export interface StoreOptions {
  /** Client flags, uint32. */
  readonly flags: number;
  /** Signed seconds. */
  readonly exptime: number;
  readonly noreply?: boolean | undefined;
}

/** `get|gets <key>+` */
export function writeGet(out: Output, verb: GetVerb, keys: readonly Uint8Array[]): void {
  assertKeys(keys);
  out.ascii(verb);
  writeKeys(out, keys);
}

/** `gat|gats <exptime> <key>+` */
export function writeGetAndTouch(
  out: Output,
  verb: GetAndTouchVerb,
  exptime: number,
  keys: readonly Uint8Array[],
): void {
  assertExptime(exptime);
  assertKeys(keys);
  out.ascii(`${verb} `);
  writeSigned(out, exptime);
  writeKeys(out, keys);
}

/** `set|add|replace|append|prepend <key> <flags> <exptime> <bytes> [noreply]` and the data block. */
export function writeStore(
  out: Output,
  verb: StoreVerb,
  key: Uint8Array,
  value: Uint8Array,
  options: StoreOptions,
): void {
  writeStoreLine(out, verb, key, value, options);
  endStore(out, value, options.noreply);
}

/** `cas <key> <flags> <exptime> <bytes> <version> [noreply]` and the data block. */
export function writeCas(
  out: Output,
  key: Uint8Array,
  value: Uint8Array,
  version: Words64,
  options: StoreOptions,
): void {
  assertWords(version);
  writeStoreLine(out, 'cas', key, value, options);
  out.ascii(' ');
  out.unsigned64(version.high, version.low);
  endStore(out, value, options.noreply);
}

/** `incr|decr <key> <delta> [noreply]` */
export function writeArithmetic(
  out: Output,
  verb: ArithmeticVerb,
  key: Uint8Array,
  delta: Words64,
  noreply = false,
): void {
  assertWords(delta);
  assertTextKey(key, 0, key.length);
  out.ascii(`${verb} `);
  out.copy(key, 0, key.length);
  out.ascii(' ');
  out.unsigned64(delta.high, delta.low);
  endLine(out, noreply);
}

/** `touch <key> <exptime> [noreply]` */
export function writeTouch(out: Output, key: Uint8Array, exptime: number, noreply = false): void {
  assertExptime(exptime);
  assertTextKey(key, 0, key.length);
  out.ascii('touch ');
  out.copy(key, 0, key.length);
  out.ascii(' ');
  writeSigned(out, exptime);
  endLine(out, noreply);
}

/** `delete <key> [noreply]` */
export function writeDelete(out: Output, key: Uint8Array, noreply = false): void {
  assertTextKey(key, 0, key.length);
  out.ascii('delete ');
  out.copy(key, 0, key.length);
  endLine(out, noreply);
}

/** `flush_all <delay> [noreply]`; the delay is in seconds, 0 is at once. */
export function writeFlushAll(out: Output, delay = 0, noreply = false): void {
  assertExptime(delay);
  out.ascii('flush_all ');
  writeSigned(out, delay);
  endLine(out, noreply);
}

/** `verbosity <level> [noreply]` */
export function writeVerbosity(out: Output, level: number, noreply = false): void {
  assertInteger(level, 0, UINT32_MAX, 'verbosity');
  out.ascii('verbosity ');
  out.unsigned(level);
  endLine(out, noreply);
}

/** `stats|shutdown <argument>*` */
export function writeWithArguments(out: Output, verb: 'stats' | 'shutdown', words: readonly string[] = []): void {
  for (const word of words) {
    assertWord(word, 'argument');
  }
  out.ascii([verb, ...words].join(' '));
  out.crlf();
}

/** `version` or `quit` */
export function writeBare(out: Output, verb: 'version' | 'quit'): void {
  out.ascii(verb);
  out.crlf();
}

function writeStoreLine(out: Output, verb: string, key: Uint8Array, value: Uint8Array, options: StoreOptions): void {
  assertTextKey(key, 0, key.length);
  assertInteger(options.flags, 0, UINT32_MAX, 'client flags');
  assertExptime(options.exptime);
  assertInteger(value.length, 0, BODY_BYTES_MAX, 'value length');
  out.ascii(`${verb} `);
  out.copy(key, 0, key.length);
  out.ascii(' ');
  out.unsigned(options.flags);
  out.ascii(' ');
  writeSigned(out, options.exptime);
  out.ascii(' ');
  out.unsigned(value.length);
}

function endStore(out: Output, value: Uint8Array, noreply: boolean | undefined): void {
  endLine(out, noreply === true);
  out.copy(value, 0, value.length);
  out.crlf();
}

function endLine(out: Output, noreply: boolean): void {
  out.ascii(noreply ? ' noreply\r\n' : '\r\n');
}

function assertKeys(keys: readonly Uint8Array[]): void {
  assertInteger(keys.length, 1, Number.MAX_SAFE_INTEGER, 'number of keys');
  for (const key of keys) {
    assertTextKey(key, 0, key.length);
  }
}

function writeKeys(out: Output, keys: readonly Uint8Array[]): void {
  for (const key of keys) {
    out.ascii(' ');
    out.copy(key, 0, key.length);
  }
  out.crlf();
}

function assertExptime(exptime: number): void {
  assertInteger(exptime, EXPTIME_SECONDS_MIN, EXPTIME_SECONDS_MAX, 'expiry time');
}

function assertWords(words: Words64): void {
  assertInteger(words.high, 0, UINT32_MAX, 'high word');
  assertInteger(words.low, 0, UINT32_MAX, 'low word');
}

function writeSigned(out: Output, value: number): void {
  if (value < 0) {
    out.ascii('-');
  }
  out.unsigned(Math.abs(value));
}
