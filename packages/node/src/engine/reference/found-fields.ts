import type { FoundItem } from '../found-item.ts';
import { createWord64 } from '../word64.ts';
import type { Word64 } from '../word64.ts';
import { bytesOf } from './item.ts';
import type { Item } from './item.ts';

/** The one FoundItem of an engine: a copy of the item's fields at the time of the call. */
export class FoundFields implements FoundItem {
  keyBytes = 0;
  valueBytes = 0;
  totalBytes = 0;
  flags = 0;
  readonly version: Word64 = createWord64();
  expiresAtMs = 0;
  lastAccessMs = 0;
  fetched = false;
  won = false;
  stale = false;

  describe(item: Item): void {
    this.keyBytes = item.keyText.length;
    this.valueBytes = item.value.length;
    this.totalBytes = bytesOf(item);
    this.flags = item.flags;
    this.version.high = item.version.high;
    this.version.low = item.version.low;
    this.expiresAtMs = item.expiresAtMs;
    this.lastAccessMs = item.lastAccessMs;
    this.fetched = item.fetched;
    this.won = item.won;
    this.stale = item.stale;
  }
}
