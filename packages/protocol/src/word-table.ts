import { spells } from './byte.ts';

const SLOT_COUNT = 128;
/** Words that differ where it matters are kept apart long before this. */
const MULTIPLIER_MAX = 1 << 20;
/** The slot is taken from high bits of the product, where all of its bits have met. */
const SLOT_SHIFT = 20;

interface Entry<Value> {
  readonly word: string;
  readonly value: Value;
}

/** What tells the words of one table apart: first and second byte and length. */
function fingerprint(first: number, second: number, length: number): number {
  return first | (second << 8) | (length << 16);
}

/**
 * ASCII words of two and more letters and what each stands for. A lookup is one multiplication, one slot and one comparison:
 * the multiplier is searched at load, so that no two words share a slot.
 */
export class WordTable<Value> {
  readonly #slots: readonly (Entry<Value> | undefined)[];
  readonly #multiplier: number;

  constructor(words: readonly (readonly [word: string, value: Value])[]) {
    for (let multiplier = 1; multiplier < MULTIPLIER_MAX; multiplier += 2) {
      const slots = WordTable.#fill(words, multiplier);
      if (slots !== undefined) {
        this.#slots = slots;
        this.#multiplier = multiplier;
        return;
      }
    }
    throw new Error('two words of the table have the same first two letters and length');
  }

  /** Value of the word input[start, end); undefined when the table does not hold it. */
  find(input: Uint8Array, start: number, end: number): Value | undefined {
    const length = end - start;
    if (length < 2) {
      return undefined;
    }
    const entry = this.#slots[WordTable.#slot(fingerprint(input[start]!, input[start + 1]!, length), this.#multiplier)];
    return entry !== undefined && spells(input, start, end, entry.word) ? entry.value : undefined;
  }

  static #slot(print: number, multiplier: number): number {
    return (Math.imul(print, multiplier) >>> SLOT_SHIFT) & (SLOT_COUNT - 1);
  }

  /** The slots under that multiplier; undefined when two words fall into one. */
  static #fill<Value>(
    words: readonly (readonly [word: string, value: Value])[],
    multiplier: number,
  ): readonly (Entry<Value> | undefined)[] | undefined {
    const slots = Array.from<Entry<Value> | undefined>({ length: SLOT_COUNT });
    for (const [word, value] of words) {
      const print = fingerprint(word.charCodeAt(0), word.charCodeAt(1), word.length);
      const slot = WordTable.#slot(print, multiplier);
      if (slots[slot] !== undefined) {
        return undefined;
      }
      slots[slot] = { word, value };
    }
    return slots;
  }
}
