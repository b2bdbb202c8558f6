import type { Output } from './output.ts';

/**
 * Base64 of RFC 4648 section 4, padded, for keys that the text protocol cannot carry.
 * Written by hand because this package sees no Buffer and must not make a string of a key.
 * Stricter than memcached's decoder: only the one canonical encoding of a key is accepted (RFC 4648 section 3.5),
 * so that one key has one spelling on the wire.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;
const INVALID = 0xff;

const ENCODE: Uint8Array = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const DECODE: Uint8Array = new Uint8Array(256).fill(INVALID);
for (let value = 0; value < ALPHABET.length; value++) {
  DECODE[ALPHABET.charCodeAt(value)] = value;
}

/** Bytes that byteCount bytes become. */
export function base64Bytes(byteCount: number): number {
  return Math.ceil(byteCount / 3) * 4;
}

/** Writes the encoding of source[start, end). */
export function writeBase64(out: Output, source: Uint8Array, start: number, end: number): void {
  out.reserve(base64Bytes(end - start));
  const target = out.bytes;
  let at = out.length;
  for (let i = start; i < end; i += 3) {
    const count = end - i;
    const bits = (source[i]! << 16) | (count > 1 ? source[i + 1]! << 8 : 0) | (count > 2 ? source[i + 2]! : 0);
    target[at++] = ENCODE[bits >> 18]!;
    target[at++] = ENCODE[(bits >> 12) & 63]!;
    target[at++] = count > 1 ? ENCODE[(bits >> 6) & 63]! : PADDING;
    target[at++] = count > 2 ? ENCODE[bits & 63]! : PADDING;
  }
  out.length = at;
}

/** Decodes source[start, end) to the front of target, which has room for three quarters of it. Returns the count, or -1 when it is no canonical base64 or empty. */
export function decodeBase64(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  const length = end - start;
  if (length === 0 || length % 4 !== 0) {
    return -1;
  }
  const paddingCount = source[end - 1] !== PADDING ? 0 : source[end - 2] !== PADDING ? 1 : 2;
  const symbolCount = length - paddingCount;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < symbolCount; i++) {
    const value = DECODE[source[start + i]!]!;
    if (value === INVALID) {
      return -1;
    }
    bits = (bits << 6) | value;
    if (i % 4 === 3) {
      target[at++] = bits >> 16;
      target[at++] = bits >> 8;
      target[at++] = bits;
      bits = 0;
    }
  }
  const tail = decodeTail(bits, paddingCount, target, at);
  return tail < 0 ? -1 : at + tail;
}

/** Writes the one or two bytes of a padded last group. Returns how many, or -1 when bits are set that no byte uses. */
function decodeTail(bits: number, paddingCount: number, target: Uint8Array, at: number): number {
  if (paddingCount === 0) {
    return 0;
  }
  if (paddingCount === 1) {
    target[at] = bits >> 10;
    target[at + 1] = bits >> 2;
    return (bits & 0b11) === 0 ? 2 : -1;
  }
  target[at] = bits >> 4;
  return (bits & 0b1111) === 0 ? 1 : -1;
}
