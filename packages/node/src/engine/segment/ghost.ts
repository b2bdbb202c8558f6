/** Origins of a dropped item. */
export const Origin = { small: 0, main: 1 } as const;
export type Origin = (typeof Origin)[keyof typeof Origin];

const BUCKET_WORDS = 16;
/** Ages have 7 bits; a cache's worth of drops is so many steps of them. */
const AGE_MASK = 0x7f;
const AGE_STEPS_PER_CACHE = 32;
const ORIGIN_BIT = 0x80;
const PRINT_MASK = ~0xff;

/**
 * Fingerprints of items that were dropped not long ago, so that one which comes back is known to have been dropped too early.
 *
 *     31                        8   7      6         0
 *     +-------------------------+--------+------------+
 *     | fingerprint             | origin | age        |      0 is free
 *     +-------------------------+--------+------------+
 *
 * A bucket is 16 words, the youngest first; what does not fit falls out at the end. The age is that of the drop, in 32nds of the
 * cache, by bytes dropped from the same queue; the bucket is chosen by the hash's top bits, the fingerprint is its low ones.
 */
export class Ghost {
  readonly words: Int32Array;
  readonly #bucketShift: number;
  readonly #stepBytes: number;
  readonly #droppedBytes = new Float64Array(2);

  constructor(bytes: number, cacheBytes: number) {
    this.words = new Int32Array(bytes >> 2);
    this.#bucketShift = 32 - Math.log2(this.words.length / BUCKET_WORDS);
    this.#stepBytes = cacheBytes / AGE_STEPS_PER_CACHE;
  }

  add(hash: number, origin: Origin, bytes: number): void {
    const { words } = this;
    this.#droppedBytes[origin]! += bytes;
    const first = this.#firstOf(hash);
    const print = printOf(hash);
    let at = first;
    while (at < first + BUCKET_WORDS - 1 && words[at] !== 0 && (words[at]! & PRINT_MASK) !== print) at++;
    for (; at > first; at--) words[at] = words[at - 1]!;
    words[first] = print | (origin === Origin.main ? ORIGIN_BIT : 0) | this.#age(origin);
  }

  /** Takes a key out. Its age in caches, as a fraction, plus 2 when it was dropped from MAIN; negative when it is not there. */
  take(hash: number): number {
    const { words } = this;
    const first = this.#firstOf(hash);
    const print = printOf(hash);
    for (let at = first; at < first + BUCKET_WORDS && words[at] !== 0; at++) {
      const word = words[at]!;
      if ((word & PRINT_MASK) !== print) continue;
      for (let i = at; i < first + BUCKET_WORDS - 1; i++) words[i] = words[i + 1]!;
      words[first + BUCKET_WORDS - 1] = 0;
      const origin = (word & ORIGIN_BIT) === 0 ? Origin.small : Origin.main;
      const steps = (this.#age(origin) - word) & AGE_MASK;
      return steps > AGE_STEPS_PER_CACHE ? -1 : steps / AGE_STEPS_PER_CACHE + origin * 2;
    }
    return -1;
  }

  #age(origin: Origin): number {
    return Math.floor(this.#droppedBytes[origin]! / this.#stepBytes) & AGE_MASK;
  }

  #firstOf(hash: number): number {
    return this.words.length === BUCKET_WORDS ? 0 : (hash >>> this.#bucketShift) * BUCKET_WORDS;
  }
}

/** Never 0. */
function printOf(hash: number): number {
  const print = hash << 8;
  return print === 0 ? 0x100 : print;
}
