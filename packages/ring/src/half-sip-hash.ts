import { RingError } from './errors.ts';
import { hashKeyBytes } from './limits.ts';

/**
 * HalfSipHash: the 32-bit sibling of SipHash, a keyed pseudo-random function made of additions, rotations and xors
 * on four 32-bit words (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", 2012, and their
 * reference halfsiphash.c, 2016).
 *
 * This is the plain form with every parameter open, so that the published vectors of HalfSipHash-2-4 check the same
 * code that defines our HalfSipHash-1-3. Requests use key-hash.ts, which a test holds equal to this.
 */
export interface HalfSipHashOptions {
  /** Rounds for each 4-byte word of input. */
  readonly compressionRounds: number;
  /** Rounds before each word of output. */
  readonly finalizationRounds: number;
  readonly outputBits: 32 | 64;
}

/** Returns the output as one or two 32-bit words, first word first; bytes on the wire are little-endian. */
export function halfSipHash(options: HalfSipHashOptions, key: Uint8Array, input: Uint8Array): Uint32Array {
  const { compressionRounds, finalizationRounds, outputBits } = options;
  const wide = outputBits === 64;
  const state = createState(key, wide);
  const wordCount = input.length >>> 2;
  for (let i = 0; i < wordCount; i++) compress(state, readWord(input, i * 4), compressionRounds);
  compress(state, lastWord(input), compressionRounds);

  const output = new Uint32Array(wide ? 2 : 1);
  state[2]! ^= wide ? 0xee : 0xff;
  permute(state, finalizationRounds);
  output[0] = state[1]! ^ state[3]!;
  if (wide) {
    state[1]! ^= 0xdd;
    permute(state, finalizationRounds);
    output[1] = state[1]! ^ state[3]!;
  }
  return output;
}

/** The two words of a secret. */
export function keyWords(key: Uint8Array): readonly [number, number] {
  if (key.length !== hashKeyBytes) {
    throw new RingError('RING_OPTION', `the hash key has ${hashKeyBytes} bytes, not ${key.length}`);
  }
  return [readWord(key, 0), readWord(key, 4)];
}

function createState(key: Uint8Array, wide: boolean): Int32Array {
  const [k0, k1] = keyWords(key);
  return Int32Array.of(k0, k1 ^ (wide ? 0xee : 0), 0x6c79_6765 ^ k0, 0x7465_6462 ^ k1);
}

function compress(state: Int32Array, word: number, rounds: number): void {
  state[3]! ^= word;
  permute(state, rounds);
  state[0]! ^= word;
}

function permute(state: Int32Array, rounds: number): void {
  let v0 = state[0]!;
  let v1 = state[1]!;
  let v2 = state[2]!;
  let v3 = state[3]!;
  for (let round = 0; round < rounds; round++) {
    v0 = (v0 + v1) | 0;
    v1 = rotate(v1, 5) ^ v0;
    v0 = rotate(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotate(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotate(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotate(v1, 13) ^ v2;
    v2 = rotate(v2, 16);
  }
  state.set([v0, v1, v2, v3]);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The 0..3 bytes left over, and the length modulo 256 in the top byte. */
function lastWord(bytes: Uint8Array): number {
  let word = bytes.length << 24;
  for (let at = bytes.length & ~3; at < bytes.length; at++) word |= bytes[at]! << ((at & 3) * 8);
  return word;
}
