import { NUMBER_TEXT_BYTES_MAX } from './limits.ts';
import type { Word64 } from './word64.ts';

/** Unsigned 64-bit numbers as decimal text and as two uint32 words. Every product below stays under 2^53, so doubles are exact. */

const TWO_32 = 0x1_0000_0000;
const BILLION = 1_000_000_000;
const ZERO = 0x30;
const SPACE = 0x20;
/** Digits of 2^64 - 1. */
export const DECIMAL_DIGITS_MAX = 20;

/**
 * Reads a number: spaces, digits, spaces. False when it is anything else, or 2^64 and above, or longer than
 * NUMBER_TEXT_BYTES_MAX. memcached also takes a plus sign and ignores what follows the first space; we refuse both.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number, result: Word64): boolean {
  if (end - start > NUMBER_TEXT_BYTES_MAX) return false;
  let from = start;
  let to = end;
  while (from < to && bytes[from] === SPACE) from++;
  while (to > from && bytes[to - 1] === SPACE) to--;
  if (from === to) return false;
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return false;
    const product = low * 10 + digit;
    low = product % TWO_32;
    high = high * 10 + (product - low) / TWO_32;
    if (high >= TWO_32) return false;
  }
  result.high = high;
  result.low = low;
  return true;
}

/** a + b modulo 2^64 into a. */
export function addWords(a: Word64, b: Readonly<Word64>): void {
  const low = a.low + b.low;
  a.high = (a.high + b.high + (low >= TWO_32 ? 1 : 0)) % TWO_32;
  a.low = low % TWO_32;
}

/** a - b into a, 0 when b is larger. */
export function subtractWords(a: Word64, b: Readonly<Word64>): void {
  const borrow = a.low < b.low ? 1 : 0;
  const high = a.high - b.high - borrow;
  a.low = high < 0 ? 0 : a.low - b.low + borrow * TWO_32;
  a.high = Math.max(0, high);
}

/**
 * Writes the number's digits so that they end before `end`, and returns the offset of the first.
 * Division by 10^9, 16 bits at a time (schoolbook), gives three numbers of at most nine digits.
 */
function writeDigitsBefore(target: Uint8Array, end: number, high: number, low: number): number {
  let offset = end;
  let top = high;
  let rest = low;
  while (top !== 0 || rest >= BILLION) {
    const topQuotient = Math.floor(top / BILLION);
    const upper = (top % BILLION) * 0x1_0000 + (rest >>> 16);
    const upperQuotient = Math.floor(upper / BILLION);
    const lower = (upper % BILLION) * 0x1_0000 + (rest & 0xffff);
    top = topQuotient;
    rest = upperQuotient * 0x1_0000 + Math.floor(lower / BILLION);
    offset = writeNineDigitsBefore(target, offset, lower % BILLION);
  }
  do {
    target[--offset] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  } while (rest !== 0);
  return offset;
}

function writeNineDigitsBefore(target: Uint8Array, end: number, value: number): number {
  let rest = value;
  for (let i = 1; i <= 9; i++) {
    target[end - i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return end - 9;
}

const digits = new Uint8Array(DECIMAL_DIGITS_MAX);

/** Writes the number in decimal at target[offset] and returns how many digits it has, at most DECIMAL_DIGITS_MAX. */
export function writeDecimal(target: Uint8Array, offset: number, number: Readonly<Word64>): number {
  const first = writeDigitsBefore(digits, DECIMAL_DIGITS_MAX, number.high, number.low);
  for (let i = first; i < DECIMAL_DIGITS_MAX; i++) target[offset + i - first] = digits[i]!;
  return DECIMAL_DIGITS_MAX - first;
}
