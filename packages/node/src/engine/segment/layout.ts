/**
 * Every layout of the segment engine. All numbers are little-endian 32-bit words; nothing outside this file knows an offset.
 *
 * **Location**: the number of an 8-byte granule, so 32 bits reach 32 GiB. 0 is no location: segment 0 belongs to the index.
 *
 *     31                     arenaShift - 3                     0
 *     +-------------------------------+--------------------------+
 *     | arena                         | granule in the arena     |
 *     +-------------------------------+--------------------------+
 *     | segment                 | granule in the segment         |
 *     +-------------------------+--------------------------------+
 *                       segmentShift - 3
 *
 * **Record**, at a multiple of 8 bytes:
 *
 *     word   31                                    8 7          0
 *        0   +--------------------------------------+------------+
 *            | last access, seconds modulo 2^24     | key bytes  |   key bytes 0: a filler, room that no item owns
 *        1   +-----+---------+-------+-----+--------+------------+
 *            | ... | fetched | stale | won | value bytes (27)    |   of a filler: all its bytes
 *        2   +-----+---------+-------+-----+---------------------+
 *            | deadline: whole seconds + 1, 0 is never           |
 *        3   | version, low word                                 |
 *        4   | version, high word                                |
 *        5   | client flags                                      |
 *        6   | hashHigh of the key                               |
 *            +---------------------------------------------------+
 *       28   | key, value or its inline part, padding to 8       |
 *
 * A value too large for a record stands in a chain of whole segments; its record then holds the rest of it (see chainCount),
 * behind the key, padded to 4, and the number of the first segment.
 *
 * **Bucket**, 64 bytes, one cache line: eight tags, then the eight locations they belong to.
 *
 *     tag    31                    4   3       2      1     0
 *            +----------------------+-----------+---+---------+
 *            | low 28 bits of hash  | displaced | o | freq    |     free when its location is 0
 *            +----------------------+-----------+---+---------+
 *
 *     o, of slot 0: an entry whose home this bucket is may stand in its other bucket
 */

export const GRANULE_BYTES = 8;
export const RECORD_HEADER_BYTES = 28;
const CHAIN_WORD_BYTES = 4;
export const VALUE_BYTES_LIMIT: number = 2 ** 27 - 1;

const KEY_BYTES_MASK = 0xff;
const VALUE_BYTES_MASK = 0x7ff_ffff;
export const WON_BIT: number = 1 << 27;
export const STALE_BIT: number = 1 << 28;
export const FETCHED_BIT: number = 1 << 29;
const ACCESS_SECONDS_MASK = 0xff_ffff;
const DEADLINE_MAX = 0xffff_ffff;

export const BUCKET_BYTES = 64;
export const BUCKET_SLOTS = 8;
export const BUCKET_WORDS = 16;
export const TAG_SHIFT = 4;
export const TAG_MASK: number = ~0xf;
export const DISPLACED_BIT = 8;
export const OVERFLOW_BIT = 4;
export const FREQUENCY_MASK = 3;
/** Bits of the hash that a tag does not hold: the place of a bucket must tell them. */
export const TAG_LACKS_BITS = 4;

/** Bytes of a record with so much of the value in it, padding included. */
export function recordBytes(keyBytes: number, valueBytes: number, isChained: boolean): number {
  const chainBytes = isChained ? ((keyBytes + 3) & ~3) - keyBytes + CHAIN_WORD_BYTES : 0;
  return (RECORD_HEADER_BYTES + keyBytes + chainBytes + valueBytes + GRANULE_BYTES - 1) & ~(GRANULE_BYTES - 1);
}

/** Offset in a record of the value, or of its inline part. */
export function valueOffset(keyBytes: number, isChained: boolean): number {
  return isChained ? chainOffset(keyBytes) + CHAIN_WORD_BYTES : RECORD_HEADER_BYTES + keyBytes;
}

function chainOffset(keyBytes: number): number {
  return RECORD_HEADER_BYTES + ((keyBytes + 3) & ~3);
}

/**
 * Segments that a value takes beside its record: none while the record fits half a segment; otherwise whole ones, and the
 * rest of the value is in the record when it fits there, or has a segment of its own when it does not.
 */
export function chainCount(keyBytes: number, valueBytes: number, segmentBytes: number): number {
  if (recordBytes(keyBytes, valueBytes, false) <= segmentBytes >>> 1) return 0;
  const whole = Math.floor(valueBytes / segmentBytes);
  const rest = valueBytes - whole * segmentBytes;
  const fits = whole > 0 && recordBytes(keyBytes, rest, true) <= segmentBytes >>> 1;
  return fits ? whole : whole + (rest > 0 ? 1 : 0);
}

/** Bytes of a value that stand in its record. */
export function inlineBytes(valueBytes: number, chains: number, segmentBytes: number): number {
  return Math.max(0, valueBytes - chains * segmentBytes);
}

/** `at` is the index of a record's first word, here and below. */
export function keyBytesAt(words: Int32Array, at: number): number {
  return words[at]! & KEY_BYTES_MASK;
}

export function valueBytesAt(words: Int32Array, at: number): number {
  return words[at + 1]! & VALUE_BYTES_MASK;
}

export function bitsAt(words: Int32Array, at: number): number {
  return words[at + 1]! & ~VALUE_BYTES_MASK;
}

export function setValueBytesAndBits(words: Int32Array, at: number, valueBytes: number, bits: number): void {
  words[at + 1] = valueBytes | bits;
}

export function setKeyBytesAndAccess(words: Int32Array, at: number, keyBytes: number, seconds: number): void {
  words[at] = keyBytes | (seconds << 8);
}

/** Notes a read. Most reads of a hot item change nothing, and then nothing is written: its line stays clean. */
export function setRead(words: Int32Array, at: number, seconds: number): void {
  const access = (words[at]! & KEY_BYTES_MASK) | (seconds << 8);
  if (words[at] !== access) words[at] = access;
  const values = words[at + 1]!;
  if ((values & FETCHED_BIT) === 0) words[at + 1] = values | FETCHED_BIT;
}

/** The last access, given a time after it by less than 2^24 seconds (194 days). */
export function accessSecondsAt(words: Int32Array, at: number, nowSeconds: number): number {
  return nowSeconds - ((nowSeconds - (words[at]! >>> 8)) & ACCESS_SECONDS_MASK);
}

export function deadlineAt(words: Int32Array, at: number): number {
  return words[at + 2]! >>> 0;
}

export function setDeadline(words: Int32Array, at: number, deadline: number): void {
  words[at + 2] = deadline;
}

/** A moment in milliseconds, 0 for never, as a deadline: rounded down. */
export function deadlineOfMs(expiresAtMs: number): number {
  if (expiresAtMs === 0) return 0;
  return Math.min(DEADLINE_MAX, Math.max(0, Math.floor(expiresAtMs / 1000)) + 1);
}

/** Never 0 for what does expire, not even for a deadline in the first second of the scale. */
export function deadlineToMs(deadline: number): number {
  return deadline === 0 ? 0 : Math.max(1, (deadline - 1) * 1000);
}

export function versionLowAt(words: Int32Array, at: number): number {
  return words[at + 3]! >>> 0;
}

export function versionHighAt(words: Int32Array, at: number): number {
  return words[at + 4]! >>> 0;
}

export function setVersion(words: Int32Array, at: number, high: number, low: number): void {
  words[at + 3] = low;
  words[at + 4] = high;
}

export function flagsAt(words: Int32Array, at: number): number {
  return words[at + 5]! >>> 0;
}

export function setFlags(words: Int32Array, at: number, flags: number): void {
  words[at + 5] = flags;
}

/** int32. */
export function hashAt(words: Int32Array, at: number): number {
  return words[at + 6]!;
}

export function setHash(words: Int32Array, at: number, hash: number): void {
  words[at + 6] = hash;
}

export function chainAt(words: Int32Array, at: number): number {
  return words[at + (chainOffset(keyBytesAt(words, at)) >> 2)]!;
}

/** After the key's length is set. */
export function setChain(words: Int32Array, at: number, segment: number): void {
  words[at + (chainOffset(keyBytesAt(words, at)) >> 2)] = segment;
}

export function isFiller(words: Int32Array, at: number): boolean {
  return (words[at]! & KEY_BYTES_MASK) === 0;
}

export function fillerBytesAt(words: Int32Array, at: number): number {
  return words[at + 1]!;
}

/** Makes a filler of `bytes`, a multiple of 8. */
export function setFiller(words: Int32Array, at: number, bytes: number): void {
  words[at] = 0;
  words[at + 1] = bytes;
}
