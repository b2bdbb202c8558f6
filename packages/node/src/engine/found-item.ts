import type { Word64 } from './word64.ts';

/** Why the last `find` found nothing. An engine that has freed the item already says `absent`. */
export const MissCause = {
  absent: 0,
  expired: 1,
  flushed: 2,
} as const;
export type MissCause = (typeof MissCause)[keyof typeof MissCause];

/** Bits of an item that `mark` sets and clears. */
export const Mark = {
  /** A caller was told to refill the item, and has not yet done so. */
  won: 1,
  /** The value is to be replaced, and may be used meanwhile. */
  stale: 2,
} as const;

/**
 * The item the cursor is on: one reusable object, overwritten by the next find.
 * `fetched` and `lastAccessMs` are as they were before the find that counted as an access.
 */
export interface FoundItem {
  readonly keyBytes: number;
  readonly valueBytes: number;
  /** What the item costs of the memory limit: key, value, overhead. */
  readonly totalBytes: number;
  /** Client flags, uint32. */
  readonly flags: number;
  readonly version: Readonly<Word64>;
  /** Absolute deadline; 0 is never. */
  readonly expiresAtMs: number;
  readonly lastAccessMs: number;
  /** Whether it was read since it was stored. */
  readonly fetched: boolean;
  readonly won: boolean;
  readonly stale: boolean;
}
