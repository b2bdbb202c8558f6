import type { FoundItem } from '../found-item.ts';
import { createWord64 } from '../word64.ts';
import type { Word64 } from '../word64.ts';
import {
  accessSecondsAt,
  bitsAt,
  BUCKET_SLOTS,
  BUCKET_BYTES,
  deadlineAt,
  deadlineToMs,
  FETCHED_BIT,
  flagsAt,
  keyBytesAt,
  STALE_BIT,
  valueBytesAt,
  versionHighAt,
  versionLowAt,
  WON_BIT,
} from './layout.ts';

/** The one FoundItem of an engine: the fields of a record at the time of the call. */
export class FoundRecord implements FoundItem {
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

  /** `bytes` is what record and chain take. */
  describe(words: Int32Array, at: number, bytes: number, nowSeconds: number): void {
    const bits = bitsAt(words, at);
    this.keyBytes = keyBytesAt(words, at);
    this.valueBytes = valueBytesAt(words, at);
    this.totalBytes = bytes + BUCKET_BYTES / BUCKET_SLOTS;
    this.flags = flagsAt(words, at);
    this.version.high = versionHighAt(words, at);
    this.version.low = versionLowAt(words, at);
    this.expiresAtMs = deadlineToMs(deadlineAt(words, at));
    this.lastAccessMs = accessSecondsAt(words, at, nowSeconds) * 1000;
    this.fetched = (bits & FETCHED_BIT) !== 0;
    this.won = (bits & WON_BIT) !== 0;
    this.stale = (bits & STALE_BIT) !== 0;
  }
}
