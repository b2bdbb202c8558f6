/** Limits of every engine, with their units. */

/** Longest key, as in memcached. */
export const KEY_BYTES_MAX = 250;

/** Largest value when the options say nothing. */
export const VALUE_BYTES_MAX_DEFAULT: number = 8 * 1024 * 1024;

/**
 * Longest value that arithmetic looks at. 2^64 - 1 has 20 digits; the rest is room for leading zeros and for the spaces
 * that earlier decrements left. Without it one `incr` of a large value would scan all of it.
 */
export const NUMBER_TEXT_BYTES_MAX = 64;

/** Ownership epochs have 24 bits of the version. */
export const OWNERSHIP_EPOCH_MAX: number = 2 ** 24 - 1;

/** The counter has the other 40 bits: at a million mutations a second it lasts 12.7 days, then stores are refused. */
export const VERSION_COUNTER_MAX: number = 2 ** 40 - 1;
