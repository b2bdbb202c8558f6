/**
 * A 64-bit number as two uint32 words: versions, and the results of arithmetic. Not a bigint, because bigints are
 * allocated, and not a number, because a double is exact only to 2^53. One object is made once and reused.
 */
export interface Word64 {
  high: number;
  low: number;
}

export function createWord64(high = 0, low = 0): Word64 {
  return { high, low };
}

/** Order of a and b as unsigned 64-bit numbers: negative, 0 or positive. Of versions this is (epoch, counter), lexicographic. */
export function compareWords(a: Readonly<Word64>, b: Readonly<Word64>): number {
  return a.high === b.high ? a.low - b.low : a.high - b.high;
}
