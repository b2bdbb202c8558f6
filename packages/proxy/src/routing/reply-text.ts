/** Bytes [start, end) of a reply as text, one code unit a byte: for messages and names, never for values. */
export function replyText(input: Uint8Array, start: number, end: number): string {
  return Buffer.from(input.buffer, input.byteOffset + start, end - start).toString('latin1');
}
