/** Text of bytes[start, end), one character a byte: for words of the protocol, never for keys or values. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
