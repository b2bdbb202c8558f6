import { DIGIT_0, MINUS } from './byte.ts';

/** What parseUnsigned returns for anything that is not digits alone or is above its maximum. */
export const MALFORMED = -1;
/** What parseSigned returns for anything that is not digits with at most one minus, or is out of its range. */
export const MALFORMED_SIGNED: number = -(2 ** 53);

/** Digits of 2^64 - 1. More are refused, leading zeros included. */
const DIGIT_COUNT_MAX = 20;
/** Numbers of so many digits are exact in a double. */
const DIGIT_COUNT_EXACT = 15;
const WORD = 2 ** 32;

/**
 * Decimal number input[start, end), 0..max with max < 2^53: digits only, no sign, no space.
 * A number too long to be exact is rounded here, but then it is above every max.
 */
export function parseUnsigned(input: Uint8Array, start: number, end: number, max: number): number {
  if (end <= start || end - start > DIGIT_COUNT_MAX) {
    return MALFORMED;
  }
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = input[i]! - DIGIT_0;
    if (digit < 0 || digit > 9) {
      return MALFORMED;
    }
    value = value * 10 + digit;
  }
  return value <= max ? value : MALFORMED;
}

/** Decimal number input[start, end) in min..max, |min| and max < 2^53: digits with at most one minus in front. */
export function parseSigned(input: Uint8Array, start: number, end: number, min: number, max: number): number {
  const negative = start < end && input[start] === MINUS;
  const magnitude = parseUnsigned(input, negative ? start + 1 : start, end, negative ? -min : max);
  if (magnitude === MALFORMED) {
    return MALFORMED_SIGNED;
  }
  return negative && magnitude > 0 ? -magnitude : magnitude;
}

/** A 64-bit unsigned number as two uint32 words, filled in place: JavaScript numbers end at 2^53 and a BigInt is an allocation. */
export class Unsigned64 {
  high = 0;
  low = 0;

  /** Reads the decimal number input[start, end), 0..2^64-1, digits only. False, with unspecified words, for anything else. */
  parse(input: Uint8Array, start: number, end: number): boolean {
    if (end - start > DIGIT_COUNT_EXACT) {
      return this.#parseLong(input, start, end);
    }
    const value = parseUnsigned(input, start, end, Number.MAX_SAFE_INTEGER);
    if (value === MALFORMED) {
      return false;
    }
    this.high = Math.floor(value / WORD);
    this.low = value >>> 0;
    return true;
  }

  #parseLong(input: Uint8Array, start: number, end: number): boolean {
    if (end - start > DIGIT_COUNT_MAX) {
      return false;
    }
    let high = 0;
    let low = 0;
    for (let i = start; i < end; i++) {
      const digit = input[i]! - DIGIT_0;
      if (digit < 0 || digit > 9) {
        return false;
      }
      low = low * 10 + digit;
      const carry = Math.floor(low / WORD);
      low -= carry * WORD;
      high = high * 10 + carry;
    }
    this.high = high;
    this.low = low;
    return high < WORD;
  }
}
