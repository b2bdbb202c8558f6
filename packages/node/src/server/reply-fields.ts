import type { MetaFields } from '@ringway/protocol';
import type { FoundItem } from '../engine/found-item.ts';
import type { Word64 } from '../engine/word64.ts';
import { remainingSeconds } from './execute/exptime.ts';

/** What the return flags of a meta reply are answered from: one reusable object. */
export class ReplyFields implements MetaFields {
  flags = 0;
  casHigh = 0;
  casLow = 0;
  ttlSeconds = -1;
  valueBytes = 0;
  idleSeconds = 0;
  fetched = false;
  won = false;
  stale = false;
  alreadySent = false;

  describe(found: FoundItem, nowMs: number): this {
    this.flags = found.flags;
    this.casHigh = found.version.high;
    this.casLow = found.version.low;
    this.ttlSeconds = remainingSeconds(found.expiresAtMs, nowMs);
    this.valueBytes = found.valueBytes;
    this.idleSeconds = Math.floor((nowMs - found.lastAccessMs) / 1000);
    this.fetched = found.fetched;
    this.stale = found.stale;
    this.alreadySent = found.won;
    this.won = false;
    return this;
  }

  /** Only the version is known, as after a store. */
  describeStored(version: Readonly<Word64>): this {
    this.casHigh = version.high;
    this.casLow = version.low;
    return this;
  }
}
