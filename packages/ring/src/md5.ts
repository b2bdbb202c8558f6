/**
 * MD5 (RFC 1321) in 32-bit arithmetic. Not for security: ketama places servers and keys with it, and a lookup hashes
 * one key of at most 55 bytes, a single block, faster than a call into node:crypto.
 *
 * Result: the four state words, in order; as bytes each is little-endian, so word 0 is the first "ketama" point.
 */
export function md5(bytes: Uint8Array, start: number, end: number, target: Int32Array): void {
  target.set(initialState);
  let at = start;
  for (; at + blockBytes <= end; at += blockBytes) {
    for (let i = 0; i < 16; i++) block[i] = readWord(bytes, at + i * 4);
    mixBlock(target);
  }
  const rest = end - at;
  block.fill(0);
  for (let i = 0; i < rest; i++) block[i >>> 2]! |= bytes[at + i]! << ((i & 3) * 8);
  block[rest >>> 2]! |= 0x80 << ((rest & 3) * 8);
  if (rest >= blockBytes - 8) {
    mixBlock(target);
    block.fill(0);
  }
  const length = end - start;
  block[14] = length << 3;
  block[15] = length >>> 29;
  mixBlock(target);
}

/** The digest's 16 bytes. */
export function md5Digest(bytes: Uint8Array): Uint8Array {
  const words = new Int32Array(4);
  md5(bytes, 0, bytes.length, words);
  return Uint8Array.from({ length: 16 }, (_, i) => words[i >>> 2]! >>> ((i & 3) * 8));
}

const blockBytes = 64;
const initialState = Int32Array.of(0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476);

/** floor(2^32 x |sin(i + 1)|), the published table. Math.sin is not specified to the last bit, but 32 bits of it are safe. */
const sines = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

const block = new Int32Array(16);

function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function mixBlock(state: Int32Array): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, d ^ (b & (c ^ d)), block[i]!, sines[i]!, 7);
    d = step(d, a, c ^ (a & (b ^ c)), block[i + 1]!, sines[i + 1]!, 12);
    c = step(c, d, b ^ (d & (a ^ b)), block[i + 2]!, sines[i + 2]!, 17);
    b = step(b, c, a ^ (c & (d ^ a)), block[i + 3]!, sines[i + 3]!, 22);
  }
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, c ^ (d & (b ^ c)), block[(i * 5 + 1) & 15]!, sines[16 + i]!, 5);
    d = step(d, a, b ^ (c & (a ^ b)), block[(i * 5 + 6) & 15]!, sines[17 + i]!, 9);
    c = step(c, d, a ^ (b & (d ^ a)), block[(i * 5 + 11) & 15]!, sines[18 + i]!, 14);
    b = step(b, c, d ^ (a & (c ^ d)), block[(i * 5) & 15]!, sines[19 + i]!, 20);
  }
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, b ^ c ^ d, block[(i * 3 + 5) & 15]!, sines[32 + i]!, 4);
    d = step(d, a, a ^ b ^ c, block[(i * 3 + 8) & 15]!, sines[33 + i]!, 11);
    c = step(c, d, d ^ a ^ b, block[(i * 3 + 11) & 15]!, sines[34 + i]!, 16);
    b = step(b, c, c ^ d ^ a, block[(i * 3 + 14) & 15]!, sines[35 + i]!, 23);
  }
  for (let i = 0; i < 16; i += 4) {
    a = step(a, b, c ^ (b | ~d), block[(i * 7) & 15]!, sines[48 + i]!, 6);
    d = step(d, a, b ^ (a | ~c), block[(i * 7 + 7) & 15]!, sines[49 + i]!, 10);
    c = step(c, d, a ^ (d | ~b), block[(i * 7 + 14) & 15]!, sines[50 + i]!, 15);
    b = step(b, c, d ^ (c | ~a), block[(i * 7 + 5) & 15]!, sines[51 + i]!, 21);
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

/** Adds the mixed word, rotates, adds the neighbour: the line all 64 steps share. */
function step(word: number, neighbour: number, mixed: number, input: number, sine: number, bits: number): number {
  const sum = (word + mixed + input + sine) | 0;
  return (((sum << bits) | (sum >>> (32 - bits))) + neighbour) | 0;
}
