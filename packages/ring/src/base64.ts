/** Base64 (RFC 4648 section 4) with padding, in plain JavaScript: Node 24 has no Uint8Array.fromBase64. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = '=';
const invalid = 0xff;
const zeroCode = alphabet.charCodeAt(0);

const values = new Uint8Array(128).fill(invalid);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;

/** Every two characters that 12 bits can become: half the steps of one character at a time. */
const pairs = Array.from({ length: 4096 }, (_, bits) => alphabet[bits >>> 6]! + alphabet[bits & 63]!);

export function toBase64(bytes: Uint8Array): string {
  const wholeBytes = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < wholeBytes; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    text += pairs[group >>> 12]! + pairs[group & 4095]!;
  }
  return text + encodeRest(bytes.subarray(wholeBytes));
}

/** The last one or two bytes. */
function encodeRest(rest: Uint8Array): string {
  if (rest.length === 0) return '';
  const group = (rest[0]! << 16) | ((rest[1] ?? 0) << 8);
  const third = rest.length === 2 ? alphabet[(group >>> 6) & 63]! : padding;
  return alphabet[group >>> 18]! + alphabet[(group >>> 12) & 63]! + third + padding;
}

/** Bytes of a text in the one canonical form: no spaces, full padding, unused bits zero. Otherwise undefined. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const paddingLength = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3);
  let bad = 0;
  let target = 0;
  const end = text.length - paddingLength;
  for (let at = 0; at < text.length; at += 4) {
    let group = 0;
    for (let i = at; i < at + 4; i++) {
      const code = i < end ? text.charCodeAt(i) : zeroCode;
      const value = code < 128 ? values[code]! : invalid;
      bad |= value;
      group = (group << 6) | value;
    }
    bytes[target++] = group >>> 16;
    bytes[target++] = group >>> 8;
    bytes[target++] = group;
  }
  if (bad > 63) return undefined;
  const used = bytes.length - paddingLength;
  for (let at = used; at < bytes.length; at++) if (bytes[at] !== 0) return undefined;
  return bytes.slice(0, used);
}
