/** Limits of the segment engine, with their units. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const SEGMENT_BYTES_MIN: number = KIB;
/** A segment is emptied, and a chunk of the index split, in one go, so its size is the pause: 860 records of 152 bytes, 16 Ki slots. */
export const SEGMENT_BYTES_MAX: number = 128 * KIB;
/** Segments wished for: with fewer than 64, FIFO by segments misses half a point more than FIFO by items. */
export const SEGMENTS_WANTED = 128;

/** What locations reach. */
export const MEMORY_BYTES_MAX: number = 32 * 1024 * MIB;

export const ARENA_BYTES_MAX: number = 64 * MIB;
/** Arenas wished for, so that a lowered limit finds empty ones to give back. */
export const ARENAS_WANTED = 8;

/** Segments kept available: survivors of the segment that is being emptied go there. */
export const SPARE_SEGMENTS = 1;

/** Least and greatest part of the segments, one in so many, that the index may have. Beyond it, items give way to items. */
export const INDEX_SHARE = 3;

/** One byte of the limit in so many is for the ghost. */
export const GHOST_SHARE = 64;
export const GHOST_BYTES_MIN = 64;

export const TTL_QUEUES_MAX = 8;
/** One TTL queue for so many segments: each holds one that is not full. */
export const SEGMENTS_PER_TTL_QUEUE = 8;
/** The first TTL queue takes lifetimes up to this, each next one up to twice as much, seconds. */
export const TTL_FIRST_SECONDS = 8;
/** An item is short-lived when its lifetime is at most one in so many of how long items stay. */
export const RESIDENCE_SHARE = 2;
