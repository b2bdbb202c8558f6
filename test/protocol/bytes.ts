/** Latin1 text as bytes: every code unit is one byte, so hostile bytes can be written as escapes. */
export function bytes(latin1: string): Uint8Array {
  return Buffer.from(latin1, 'latin1');
}

/** Bytes as latin1 text. */
export function text(source: Uint8Array, start = 0, end = source.length): string {
  return Buffer.from(source.subarray(start, end)).toString('latin1');
}

/** Two uint32 words as one number. */
export function bigintOf(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A 64-bit number as two uint32 words. */
export function wordsOf(value: bigint): { high: number; low: number } {
  return { high: Number(value >> 32n), low: Number(value & 0xffff_ffffn) };
}

/** Every way to cut the input in two, and the input byte by byte. */
export function cuts(input: Uint8Array): Uint8Array[][] {
  const halves = Array.from({ length: input.length + 1 }, (_, at) => [input.subarray(0, at), input.subarray(at)]);
  const single = Array.from(input, (_, at) => input.subarray(at, at + 1));
  return [...halves, single];
}
