import type { KeyRef } from '../key-ref.ts';
import type { Word64 } from '../word64.ts';

/**
 * What an item costs beside its key and value: the object, its entry in the Map and the header of its array, as measured
 * for a Map of objects with an own buffer each (about 300 bytes of heap with 24-byte keys and 100-byte values). Part of the
 * definition of this engine: tests count with it.
 */
export const ITEM_OVERHEAD_BYTES = 200;

/** One item. Its size never changes: what grows is replaced by another item. */
export interface Item {
  readonly keyText: string;
  readonly hashHigh: number;
  readonly value: Uint8Array;
  readonly flags: number;
  /** Order of storing, over all items: what flushes and scans compare. */
  readonly serial: number;
  expiresAtMs: number;
  version: Readonly<Word64>;
  lastAccessMs: number;
  fetched: boolean;
  won: boolean;
  stale: boolean;
  /** Holds by pinValue that are not released. */
  pins: number;
}

export function itemBytes(keyBytes: number, valueBytes: number): number {
  return keyBytes + valueBytes + ITEM_OVERHEAD_BYTES;
}

export function bytesOf(item: Item): number {
  return itemBytes(item.keyText.length, item.value.length);
}

/** The key's bytes as a string of code units 0..255: what a Map can compare. */
export function keyTextOf(key: KeyRef): string {
  const text: string = Reflect.apply(String.fromCharCode, undefined, key.bytes.subarray(key.start, key.end));
  return text;
}
