import { NAMESPACE_BYTES_MAX, WIRE_KEY_BYTES_MAX } from '../limits.ts';
import { Problem } from './problems.ts';

/**
 * The key of an item on the wire and in the nodes is namespace, '/', key. A namespace has no '/', so no two pairs
 * meet in one wire key.
 *
 * A key reaches us in one of two forms, both meaning bytes:
 *   /v1/kv/{namespace}/{key}      one path segment, percent-encoded where needed
 *   /v1/kv64/{namespace}/{key}    base64url without padding (for '.', '..' and binary keys)
 * The first is turned into the second before routing when it holds a '%' (see `base64Target`), because a router that
 * decodes would refuse what is not UTF-8.
 */
const SLASH = 0x2f;
const NAMESPACE = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._~-]{0,${NAMESPACE_BYTES_MAX - 1}}$`);
const BASE64URL = /^[A-Za-z0-9_-]+$/;

export function checkNamespace(namespace: string): void {
  if (NAMESPACE.test(namespace)) return;
  throw new Problem(
    'namespace-invalid',
    `A namespace is 1 to ${NAMESPACE_BYTES_MAX} characters of A-Z a-z 0-9 . _ ~ - and begins with a letter or digit.`,
  );
}

/**
 * Writes the wire key of a plain path segment into `target`; returns its length in bytes.
 * Code units are bytes here: an HTTP request target holds nothing above 0xff.
 */
export function writePlainKey(target: Uint8Array, namespace: string, key: string): number {
  checkNamespace(namespace);
  if (key.length === 0) throw emptyKey();
  let at = 0;
  // A printable key of this length does not fit even unencoded: no need to look at its bytes.
  if (namespace.length + 1 + key.length > WIRE_KEY_BYTES_MAX) throw keyTooLong(namespace.length + 1 + key.length);
  for (let i = 0; i < namespace.length; i++) target[at++] = namespace.charCodeAt(i);
  target[at++] = SLASH;
  for (let i = 0; i < key.length; i++) target[at++] = key.charCodeAt(i);
  checkWireLength(target, at);
  return at;
}

/** Writes the wire key of a base64url segment into `target`; returns its length in bytes. */
export function writeBase64Key(target: Uint8Array, namespace: string, encoded: string): number {
  checkNamespace(namespace);
  if (encoded.length === 0) throw emptyKey();
  if (!BASE64URL.test(encoded) || encoded.length % 4 === 1) {
    throw new Problem('key-malformed', 'A key under /v1/kv64 is base64url (A-Z a-z 0-9 - _) without padding.');
  }
  const bytes = Buffer.from(encoded, 'base64url');
  const length = namespace.length + 1 + bytes.length;
  if (length > WIRE_KEY_BYTES_MAX) throw keyTooLong(length);
  let at = 0;
  for (let i = 0; i < namespace.length; i++) target[at++] = namespace.charCodeAt(i);
  target[at++] = SLASH;
  target.set(bytes, at);
  checkWireLength(target, length);
  return length;
}

const KV_PREFIX = '/v1/kv/';

/**
 * The target to route instead of `target`: the same unless it is a keyed one with a percent sign in its key, whose
 * key is then decoded here, byte for byte, once, and handed on as base64url. A malformed percent-encoding is left as
 * it is, for the router to refuse.
 */
export function base64Target(target: string): string {
  if (target.indexOf('%') === -1 || !target.startsWith(KV_PREFIX)) return target;
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  const keyStart = path.indexOf('/', KV_PREFIX.length) + 1;
  if (keyStart === 0 || path.indexOf('%') < keyStart || path.indexOf('/', keyStart) !== -1) return target;
  const bytes = percentDecode(path.slice(keyStart));
  if (bytes === undefined) return target;
  const namespace = path.slice(KV_PREFIX.length, keyStart - 1);
  return `/v1/kv64/${namespace}/${bytes.toString('base64url')}${query === -1 ? '' : target.slice(query)}`;
}

/** Bytes of a percent-encoded segment (RFC 3986 2.1). Undefined when a '%' is not followed by two hexadecimal digits. */
function percentDecode(text: string): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit !== 0x25) {
      bytes[length++] = unit;
      continue;
    }
    const digits = text.slice(i + 1, i + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined;
    bytes[length++] = Number.parseInt(digits, 16);
    i += 2;
  }
  return bytes.subarray(0, length);
}

/** A key with a byte that memcached's protocol cannot carry travels as base64, a third longer; the limit holds after that. */
function checkWireLength(key: Uint8Array, length: number): void {
  for (let i = 0; i < length; i++) {
    const byte = key[i] ?? 0;
    if (byte > 0x20 && byte < 0x7f) continue;
    const encoded = Math.ceil(length / 3) * 4;
    if (encoded > WIRE_KEY_BYTES_MAX) throw keyTooLong(encoded);
    return;
  }
}

function emptyKey(): Problem {
  return new Problem('key-empty', 'Name a key after the namespace: /v1/kv/{namespace}/{key}.');
}

function keyTooLong(bytes: number): Problem {
  return new Problem(
    'key-too-long',
    `Namespace, '/' and key are ${bytes} bytes as sent to a node (binary keys travel as base64); at most ${WIRE_KEY_BYTES_MAX} fit. Hash long keys.`,
  );
}
