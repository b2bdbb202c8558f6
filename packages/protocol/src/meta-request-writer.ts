import type { Output } from './output.ts';
import { assertFlags, assertInteger, KeyForm, metaKeyForm, writeKey } from './wire-token.ts';
import { BODY_BYTES_MAX } from './limits.ts';

/**
 * Meta requests. `flags` are flags as they stand on the line (`'v f c t'`, `'T30 F5 MA'`), without b: a key that is not plain
 * printable ASCII is written in base64 with b of its own accord.
 *
 * All of them throw before a byte is written: PROTOCOL_KEY for an impossible key, PROTOCOL_TOKEN for impossible flags.
 */

/** `mg <key> <flag>*` */
export function writeMetaGet(out: Output, key: Uint8Array, start: number, end: number, flags: string): void {
  writeLine(out, 'mg ', key, start, end, flags);
}

/** `md <key> <flag>*` */
export function writeMetaDelete(out: Output, key: Uint8Array, start: number, end: number, flags: string): void {
  writeLine(out, 'md ', key, start, end, flags);
}

/** `ma <key> <flag>*` */
export function writeMetaArithmetic(out: Output, key: Uint8Array, start: number, end: number, flags: string): void {
  writeLine(out, 'ma ', key, start, end, flags);
}

/** `me <key>` */
export function writeMetaDebug(out: Output, key: Uint8Array, start: number, end: number): void {
  writeLine(out, 'me ', key, start, end, '');
}

/** `mn`: its reply ends those of all requests before it. */
export function writeMetaNoop(out: Output): void {
  out.ascii('mn\r\n');
}

/** `ms <key> <datalen> <flag>*`, the value [valueStart, valueEnd) and CRLF. */
export function writeMetaSet(
  out: Output,
  key: Uint8Array,
  start: number,
  end: number,
  value: Uint8Array,
  valueStart: number,
  valueEnd: number,
  flags: string,
): void {
  writeMetaSetHeader(out, key, start, end, valueEnd - valueStart, flags);
  out.copy(value, valueStart, valueEnd);
  out.crlf();
}

/** The line of `ms` alone. The caller sends exactly valueBytes bytes and CRLF after it. */
export function writeMetaSetHeader(
  out: Output,
  key: Uint8Array,
  start: number,
  end: number,
  valueBytes: number,
  flags: string,
): void {
  const form = metaKeyForm(key, start, end);
  assertFlags(flags);
  assertInteger(valueBytes, 0, BODY_BYTES_MAX, 'value length');
  out.ascii('ms ');
  writeKey(out, key, start, end, form);
  out.ascii(' ');
  out.unsigned(valueBytes);
  writeFlags(out, form, flags);
}

function writeLine(out: Output, command: string, key: Uint8Array, start: number, end: number, flags: string): void {
  const form = metaKeyForm(key, start, end);
  assertFlags(flags);
  out.ascii(command);
  writeKey(out, key, start, end, form);
  writeFlags(out, form, flags);
}

function writeFlags(out: Output, form: KeyForm, flags: string): void {
  if (flags !== '') {
    out.ascii(' ');
    out.ascii(flags);
  }
  out.ascii(form === KeyForm.base64 ? ' b\r\n' : '\r\n');
}
