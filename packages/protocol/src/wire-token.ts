import { base64Bytes, writeBase64 } from './base64.ts';
import { isToken, DELETE, SPACE } from './byte.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { MetaFlag } from './meta-flag.ts';
import type { Output } from './output.ts';
import { ProtocolError, ProtocolErrorCode } from './protocol-error.ts';

/**
 * The only way a key, a name or a list of flags gets onto the wire. Each function checks all of its argument before the first byte is
 * written: a space or a newline that slips through is a second argument or a second command.
 */

/** How a key is spelled on the wire. */
export const KeyForm = { plain: 0, base64: 1 } as const;
export type KeyForm = (typeof KeyForm)[keyof typeof KeyForm];

const KEY_BYTES_MAX = DEFAULT_LIMITS.keyBytes;
/** Bytes 0x21..0x7e, which every memcached takes in a key: printable ASCII without the space. */
const PLAIN_FIRST = 0x21;
const PLAIN_COUNT = 0x7e - PLAIN_FIRST + 1;

function keyError(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.key, message);
}

/** Form in which a meta command carries the key: base64 as soon as one byte is outside 0x21..0x7e. Throws PROTOCOL_KEY when it is empty or too long in that form. */
export function metaKeyForm(key: Uint8Array, start: number, end: number): KeyForm {
  let at = start;
  while (at < end && (key[at]! - PLAIN_FIRST) >>> 0 < PLAIN_COUNT) {
    at++;
  }
  const form = at === end ? KeyForm.plain : KeyForm.base64;
  const wireBytes = form === KeyForm.plain ? end - start : base64Bytes(end - start);
  if (wireBytes < 1 || wireBytes > KEY_BYTES_MAX) {
    throw keyError(`a key must have 1 to ${KEY_BYTES_MAX} bytes as written, not ${wireBytes}`);
  }
  return form;
}

/** Writes a key in the form that metaKeyForm() found for it. */
export function writeKey(out: Output, key: Uint8Array, start: number, end: number, form: KeyForm): void {
  if (form === KeyForm.plain) {
    out.copy(key, start, end);
  } else {
    writeBase64(out, key, start, end);
  }
}

/** Throws PROTOCOL_KEY for a key that a text command cannot carry: empty, too long, or with a control byte, a space or DEL. */
export function assertTextKey(key: Uint8Array, start: number, end: number): void {
  if (end <= start || end - start > KEY_BYTES_MAX) {
    throw keyError(`a key must have 1 to ${KEY_BYTES_MAX} bytes, not ${end - start}`);
  }
  if (!isToken(key, start, end)) {
    throw keyError('a key of a text command cannot hold control bytes or spaces');
  }
}

/** Throws PROTOCOL_TOKEN unless the text is one word of printable ASCII, short enough to be a key. */
export function assertWord(text: string, what: string): void {
  if (!/^[\x21-\x7e]+$/u.test(text) || text.length > KEY_BYTES_MAX) {
    throw new ProtocolError(ProtocolErrorCode.token, `${what} must be 1 to ${KEY_BYTES_MAX} printable characters`);
  }
}

/** Throws PROTOCOL_TOKEN unless the text is printable ASCII, spaces allowed: it cannot end its line early. */
export function assertText(text: string, what: string): void {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code >= DELETE) {
      throw new ProtocolError(ProtocolErrorCode.token, `${what} must be printable characters`);
    }
  }
}

/** Throws PROTOCOL_TOKEN unless the text is a list of meta flags that one line can carry, without b, which belongs to the key. */
export function assertFlags(flags: string): void {
  let previous = SPACE;
  for (let i = 0; i < flags.length; i++) {
    const code = flags.charCodeAt(i);
    if (code < SPACE || code >= DELETE) {
      throw new ProtocolError(ProtocolErrorCode.token, 'meta flags must be printable characters');
    }
    if (code === MetaFlag.binaryKey && previous === SPACE) {
      throw new ProtocolError(ProtocolErrorCode.token, 'meta flag b is written with the key that needs it');
    }
    previous = code;
  }
}

/** Throws PROTOCOL_TOKEN unless the value is an integer in min..max. */
export function assertInteger(value: number, min: number, max: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new ProtocolError(ProtocolErrorCode.token, `${what} must be an integer from ${min} to ${max}`);
  }
}
