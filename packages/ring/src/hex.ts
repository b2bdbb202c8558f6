import { assert } from './assert.ts';

const digits = '0123456789abcdef';

/** Lower-case hexadecimal text of bytes. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits[byte >>> 4]! + digits[byte & 15]!;
  return text;
}

/** Bytes of lower-case hexadecimal text. The caller has checked the text. */
export function fromHex(text: string): Uint8Array {
  assert(/^(?:[0-9a-f]{2})*$/.test(text), 'hexadecimal text has an even number of lower-case digits');
  const bytes = new Uint8Array(text.length >>> 1);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (digits.indexOf(text[i * 2]!) << 4) | digits.indexOf(text[i * 2 + 1]!);
  }
  return bytes;
}
