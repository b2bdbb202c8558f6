import { assert } from './assert.ts';
import { OWNERSHIP_EPOCH_MAX, VERSION_COUNTER_MAX } from './limits.ts';
import { createWord64 } from './word64.ts';
import type { Word64 } from './word64.ts';

/**
 * Gives the versions of items:
 *
 *     high word                              low word
 *     31                      8 7          0 31                                 0
 *     +------------------------+------------+------------------------------------+
 *     | ownership epoch (24)   | counter 39..32  |        counter 31..0           |
 *     +------------------------+------------+------------------------------------+
 *
 * The counter does not start again with a new epoch: partitions of different epochs take turns in one engine, and only a
 * counter that never goes back keeps the versions of each of them growing.
 */
export class VersionCounter {
  /** The last version given. */
  readonly last: Word64 = createWord64();
  #epoch = 0;
  #counter: number;

  constructor(counter: number) {
    assert(Number.isInteger(counter) && counter >= 0 && counter <= VERSION_COUNTER_MAX, 'version counter out of range');
    this.#counter = counter;
  }

  get counter(): number {
    return this.#counter;
  }

  get exhausted(): boolean {
    return this.#counter >= VERSION_COUNTER_MAX;
  }

  setEpoch(epoch: number): void {
    assert(Number.isInteger(epoch) && epoch >= 0 && epoch <= OWNERSHIP_EPOCH_MAX, 'ownership epoch out of range');
    this.#epoch = epoch;
  }

  /** The next version, or the explicit one, as `last`. Not to be called when exhausted without an explicit one. */
  next(explicit?: Readonly<Word64>): Readonly<Word64> {
    if (explicit !== undefined) {
      this.last.high = explicit.high;
      this.last.low = explicit.low;
      return this.last;
    }
    assert(!this.exhausted, 'version counter exhausted');
    this.#counter++;
    this.last.high = this.#epoch * 0x100 + Math.floor(this.#counter / 0x1_0000_0000);
    this.last.low = this.#counter % 0x1_0000_0000;
    return this.last;
  }
}
