/** Share of the cache that SMALL may have, in 256ths. */
const SHARE_FIRST = 26;
const SHARE_MIN = 3;
const SHARE_MAX = 128;
/** Age of a drop, in caches, up to which its return counts. */
const AGE_MAX = 0.1;
const COUNT_MIN = 100;
const RATIO_MIN = 2;
const DECAY = 0.8;

/**
 * The target share of SMALL, which follows the mistakes: an item that comes back soon after it was dropped from SMALL says that
 * SMALL is too small, one dropped from MAIN that MAIN is. The counted rule of S3-FIFO-D (libCacheSim), with at most a half for SMALL.
 */
export class SmallShare {
  share: number = SHARE_FIRST;
  #fromSmall = 0;
  #fromMain = 0;

  /** An item came back, `age` caches after it was dropped. */
  noteReturn(fromMain: boolean, age: number): void {
    if (age > AGE_MAX) return;
    if (fromMain) this.#fromMain++;
    else this.#fromSmall++;
    if (this.#fromSmall + this.#fromMain <= COUNT_MIN) return;
    if (this.#fromSmall > this.#fromMain * RATIO_MIN) this.share = Math.min(SHARE_MAX, this.share + 1);
    else if (this.#fromMain > this.#fromSmall * RATIO_MIN) this.share = Math.max(SHARE_MIN, this.share - 1);
    else return;
    this.#fromSmall *= DECAY;
    this.#fromMain *= DECAY;
  }
}
