import { assert } from './assert.ts';

/** One byte for each character of a text whose code units are all 0..255. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    assert(code <= 0xff, 'text is latin1');
    bytes[i] = code;
  }
  return bytes;
}
