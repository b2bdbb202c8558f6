import { CR, DIGIT_0, LF } from './byte.ts';

/** Growing output buffer: everything a turn has to say is gathered here and written once. */
export interface Output {
  /** Backing store; replaced when it grows, so read it anew after every write. */
  readonly bytes: Uint8Array;
  /** Bytes used. Writable, so that a caller can take back what it has just written. */
  length: number;
  /** Makes room for that many more bytes. */
  reserve(byteCount: number): void;
  /** Writes text of code units 0..255 as latin1 bytes. */
  ascii(text: string): void;
  /** Writes one byte. */
  byte(value: number): void;
  /** Writes source[start, end). */
  copy(source: Uint8Array, start: number, end: number): void;
  /** Writes an integer 0..2^53-1 in decimal. */
  unsigned(value: number): void;
  /** Writes the 64-bit number high * 2^32 + low in decimal; both are uint32. */
  unsigned64(high: number, low: number): void;
  crlf(): void;
  /** Forgets the content and keeps the store. */
  clear(): void;
}

/** Below this many bytes a loop is faster than making the view that TypedArray.set needs. */
const LOOP_COPY_BYTES_MAX = 64;
const UNSIGNED_DIGIT_COUNT_MAX = 20;
const INT32_LIMIT = 2 ** 31;
const BILLION = 1_000_000_000;
const BILLION_DIGITS = 9;
const HALF_WORD = 2 ** 16;
const WORD = 2 ** 32;
const SAFE_HIGH = 2 ** 21;

function digitCount(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) {
    count++;
  }
  return count;
}

class GrowingOutput implements Output {
  bytes: Uint8Array;
  length = 0;
  readonly #allocate: (bytes: number) => Uint8Array;

  constructor(capacityBytes: number, allocate: (bytes: number) => Uint8Array) {
    this.#allocate = allocate;
    this.bytes = allocate(capacityBytes);
  }

  reserve(byteCount: number): void {
    const needed = this.length + byteCount;
    if (needed > this.bytes.length) {
      const grown = this.#allocate(Math.max(needed, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
  }

  ascii(text: string): void {
    const count = text.length;
    this.reserve(count);
    const { bytes, length } = this;
    for (let i = 0; i < count; i++) {
      bytes[length + i] = text.charCodeAt(i);
    }
    this.length = length + count;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    const { bytes, length } = this;
    if (count <= LOOP_COPY_BYTES_MAX) {
      for (let i = 0; i < count; i++) {
        bytes[length + i] = source[start + i]!;
      }
    } else {
      bytes.set(source.subarray(start, end), length);
    }
    this.length = length + count;
  }

  unsigned(value: number): void {
    this.reserve(UNSIGNED_DIGIT_COUNT_MAX);
    if (value < INT32_LIMIT) {
      this.#digits(value, digitCount(value));
      return;
    }
    // At most 2^53 / 10^9 = 9007199 in front of nine digits.
    const front = Math.floor(value / BILLION);
    this.#digits(front, digitCount(front));
    this.#digits(value - front * BILLION, BILLION_DIGITS);
  }

  unsigned64(high: number, low: number): void {
    if (high < SAFE_HIGH) {
      this.unsigned(high * WORD + low);
      return;
    }
    // Long division by 10^9 in steps of 16 bits, so that every intermediate stays below 2^53.
    const front = Math.floor(high / BILLION);
    const upper = (high - front * BILLION) * HALF_WORD + (low >>> 16);
    const upperQuotient = Math.floor(upper / BILLION);
    const lower = (upper - upperQuotient * BILLION) * HALF_WORD + (low & (HALF_WORD - 1));
    const lowerQuotient = Math.floor(lower / BILLION);
    this.unsigned(front * WORD + upperQuotient * HALF_WORD + lowerQuotient);
    this.reserve(BILLION_DIGITS);
    this.#digits(lower - lowerQuotient * BILLION, BILLION_DIGITS);
  }

  crlf(): void {
    this.reserve(2);
    this.bytes[this.length++] = CR;
    this.bytes[this.length++] = LF;
  }

  clear(): void {
    this.length = 0;
  }

  /** Writes exactly `count` digits of an int32; the room is there. */
  #digits(value: number, count: number): void {
    const { bytes, length } = this;
    let rest = value | 0;
    for (let i = length + count - 1; i >= length; i--) {
      const quotient = (rest / 10) | 0;
      bytes[i] = DIGIT_0 + rest - quotient * 10;
      rest = quotient;
    }
    this.length = length + count;
  }
}

/** Makes an output of that capacity; `allocate` is asked for every backing store (Node passes Buffer.allocUnsafeSlow). */
export function createOutput(
  capacityBytes: number,
  allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes),
): Output {
  return new GrowingOutput(capacityBytes, allocate);
}
