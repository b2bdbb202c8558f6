import { spells } from './byte.ts';

/** Four times the longest list of words, so that chains stay at one or two entries. */
const SLOT_COUNT = 128;
/** The golden ratio as a 32-bit fraction: Knuth's multiplicative hashing (The Art of Computer Programming, 6.4). */
const MULTIPLIER = 0x9e37_79b1;
/** The slot is the top seven bits of the product, where all bits of the fingerprint have met. */
const SLOT_SHIFT = 25;

interface Entry<Value> {
  readonly word: string;
  readonly value: Value;
}

/** Where a word is looked for first: from its first two bytes and its length. */
function slotOf(first: number, second: number, length: number): number {
  return Math.imul(first | (second << 8) | (length << 16), MULTIPLIER) >>> SLOT_SHIFT;
}

/**
 * ASCII words of two and more letters and what each stands for: a hash table with open addressing. A lookup is one
 * multiplication and, nearly always, one comparison; it makes no string of the input.
 */
export class WordTable<Value> {
  readonly #slots: (Entry<Value> | undefined)[] = Array.from({ length: SLOT_COUNT });

  constructor(words: readonly (readonly [word: string, value: Value])[]) {
    for (const [word, value] of words) {
      let slot = slotOf(word.charCodeAt(0), word.charCodeAt(1), word.length);
      while (this.#slots[slot] !== undefined) slot = (slot + 1) % SLOT_COUNT;
      this.#slots[slot] = { word, value };
    }
  }

  /** Value of the word input[start, end); undefined when the table does not hold it. */
  find(input: Uint8Array, start: number, end: number): Value | undefined {
    const length = end - start;
    if (length < 2) return undefined;
    let slot = slotOf(input[start]!, input[start + 1]!, length);
    for (;;) {
      const entry = this.#slots[slot];
      if (entry === undefined || spells(input, start, end, entry.word)) return entry?.value;
      slot = (slot + 1) % SLOT_COUNT;
    }
  }
}
