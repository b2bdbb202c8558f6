import { createKeyRef } from './key-ref.ts';
import type { KeyRef } from './key-ref.ts';
import type { Word64 } from './word64.ts';

/** Condition and effect of a store. */
export const StoreMode = {
  /** Always. */
  set: 0,
  /** Only when there is no item. */
  add: 1,
  /** Only when there is one. */
  replace: 2,
  /** Value behind the present one; flags and deadline stay. */
  append: 3,
  /** Value in front of the present one; flags and deadline stay. */
  prepend: 4,
} as const;
export type StoreMode = (typeof StoreMode)[keyof typeof StoreMode];

/** What to store. One reusable object per caller; the engine keeps nothing of it. */
export interface StoreRequest {
  readonly key: KeyRef;
  mode: StoreMode;
  /** The value is valueBytes[valueStart, valueEnd); ignored by storeReserved. */
  valueBytes: Uint8Array;
  valueStart: number;
  valueEnd: number;
  /** Client flags, uint32. */
  flags: number;
  /** Absolute deadline on the scale of `advance`; 0 is never. A deadline that has passed stores an item that nobody can read. */
  expiresAtMs: number;
  /** Store only over an item of this version. Ignored by add. */
  compare: Readonly<Word64> | undefined;
  /**
   * With `compare`: when it is older than the item's version, store all the same, but as stale: the value is replaced, the
   * deadline and the won bit stay, and the stale bit is set (memcached's meta flag I).
   */
  staleIfOlder: boolean;
  /** Version to give the item in place of the next one (memcached's meta flag E; later the feed). */
  version: Readonly<Word64> | undefined;
}

const NO_BYTES = new Uint8Array(0);

export function createStoreRequest(key: KeyRef = createKeyRef()): StoreRequest {
  return {
    key,
    mode: StoreMode.set,
    valueBytes: NO_BYTES,
    valueStart: 0,
    valueEnd: 0,
    flags: 0,
    expiresAtMs: 0,
    compare: undefined,
    staleIfOlder: false,
    version: undefined,
  };
}
