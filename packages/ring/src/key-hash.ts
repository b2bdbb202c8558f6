import { keyWords } from './half-sip-hash.ts';

/**
 * The hash of every key: HalfSipHash-1-3 with 64 bits of output, keyed by the cluster's secret, so that nobody who
 * can choose keys can aim them at one member. The first word places the key (its top bits are the partition), both
 * words together index it inside a node.
 */
export interface KeyHash {
  /** First 32-bit word, unsigned, of bytes[start, end). */
  high(bytes: Uint8Array, start: number, end: number): number;
  /** The same over a text whose code units are all 0..255. Other texts give a wrong place, not an error. */
  highLatin1(text: string): number;
  /** First word, unsigned; the second is left in `low` until the next call. */
  both(bytes: Uint8Array, start: number, end: number): number;
  readonly low: number;
}

/** Makes the hash of an 8-byte secret. Throws RING_OPTION on any other length. */
export function createKeyHash(key: Uint8Array): KeyHash {
  return new HalfSipKeyHash(key);
}

class HalfSipKeyHash implements KeyHash {
  /** The two words of the secret, and the second word of the last output. */
  readonly #words: Int32Array;

  constructor(key: Uint8Array) {
    this.#words = Int32Array.of(...keyWords(key), 0);
  }

  high(bytes: Uint8Array, start: number, end: number): number {
    return hashBytes(this.#words, bytes, start, end, firstWordRounds);
  }

  highLatin1(text: string): number {
    return hashLatin1(this.#words, text);
  }

  both(bytes: Uint8Array, start: number, end: number): number {
    return hashBytes(this.#words, bytes, start, end, bothWordsRounds);
  }

  get low(): number {
    return this.#words[2]! >>> 0;
  }
}

/*
 * The three loops below write the SipHash round out in full: the state must live in local variables, a function
 * cannot return four of them without allocating, and a table or an array for the state costs half as much again.
 * `| 0` and the shifted pair are what the compiler turns into one addition and one rotation.
 */

/** The last compression and the 1-3 finalisation are the same round, run 1 + 3 times for one word and 3 more for two. */
const firstWordRounds = 4;
const bothWordsRounds = 7;

function hashBytes(words: Int32Array, bytes: Uint8Array, start: number, end: number, rounds: number): number {
  let v0 = words[0]!;
  let v1 = words[1]! ^ 0xee;
  let v2 = words[0]! ^ 0x6c79_6765;
  let v3 = words[1]! ^ 0x7465_6462;
  const length = end - start;
  const tail = end - (length & 3);
  for (let at = start; at < tail; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  let word = length << 24;
  if (tail < end) word |= bytes[tail]!;
  if (tail + 1 < end) word |= bytes[tail + 1]! << 8;
  if (tail + 2 < end) word |= bytes[tail + 2]! << 16;
  return finish(words, v0, v1, v2, v3, word, rounds);
}

function hashLatin1(words: Int32Array, text: string): number {
  let v0 = words[0]!;
  let v1 = words[1]! ^ 0xee;
  let v2 = words[0]! ^ 0x6c79_6765;
  let v3 = words[1]! ^ 0x7465_6462;
  const end = text.length;
  const tail = end - (end & 3);
  for (let at = 0; at < tail; at += 4) {
    const word =
      text.charCodeAt(at) |
      (text.charCodeAt(at + 1) << 8) |
      (text.charCodeAt(at + 2) << 16) |
      (text.charCodeAt(at + 3) << 24);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  let word = end << 24;
  if (tail < end) word |= text.charCodeAt(tail);
  if (tail + 1 < end) word |= text.charCodeAt(tail + 1) << 8;
  if (tail + 2 < end) word |= text.charCodeAt(tail + 2) << 16;
  return finish(words, v0, v1, v2, v3, word, firstWordRounds);
}

function finish(
  words: Int32Array,
  v0: number,
  v1: number,
  v2: number,
  v3: number,
  word: number,
  rounds: number,
): number {
  let high = 0;
  v3 ^= word;
  for (let round = 1; round <= rounds; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    if (round === 1) {
      v0 ^= word;
      v2 ^= 0xee;
    } else if (round === firstWordRounds) {
      high = v1 ^ v3;
      v1 ^= 0xdd;
    }
  }
  if (rounds === bothWordsRounds) words[2] = v1 ^ v3;
  return high >>> 0;
}
