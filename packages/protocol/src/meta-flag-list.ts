import { META_FLAG_COUNT_MAX } from './limits.ts';

const CASE_BIT = 0x20;
const ALPHABET_MASK = 31;
/** Letters A-Z and a-z differ in their low six bits. */
const LETTER_SLOT_COUNT = 64;
const LETTER_SLOT_MASK = LETTER_SLOT_COUNT - 1;

/** The flags of one meta line: letters and tokens in order of appearance, with O(1) questions by letter. Reused from line to line. */
export class MetaFlagList {
  count = 0;
  readonly letters: Uint8Array = new Uint8Array(META_FLAG_COUNT_MAX);
  readonly tokenStarts: Int32Array = new Int32Array(META_FLAG_COUNT_MAX);
  readonly tokenEnds: Int32Array = new Int32Array(META_FLAG_COUNT_MAX);
  /** Numbers by letter. A letter's number is set with every flag that has one, so only those of letters present mean anything. */
  readonly #numbers = new Float64Array(LETTER_SLOT_COUNT);
  #upperMask = 0;
  #lowerMask = 0;

  clear(): void {
    this.count = 0;
    this.#upperMask = 0;
    this.#lowerMask = 0;
  }

  /** Whether the flag, A-Z or a-z, is in the list. */
  has(letter: number): boolean {
    const mask = (letter & CASE_BIT) === 0 ? this.#upperMask : this.#lowerMask;
    return ((mask >>> (letter & ALPHABET_MASK)) & 1) === 1;
  }

  /** Appends a flag. The caller has seen that the letter is a letter and not in the list. */
  add(letter: number, tokenStart: number, tokenEnd: number): void {
    const i = this.count++;
    this.letters[i] = letter;
    this.tokenStarts[i] = tokenStart;
    this.tokenEnds[i] = tokenEnd;
    const bit = 1 << (letter & ALPHABET_MASK);
    if ((letter & CASE_BIT) === 0) {
      this.#upperMask |= bit;
    } else {
      this.#lowerMask |= bit;
    }
  }

  setNumber(letter: number, value: number): void {
    this.#numbers[letter & LETTER_SLOT_MASK] = value;
  }

  /** Number of the letter's token; 0 when the flag is absent. */
  number(letter: number): number {
    return this.has(letter) ? this.#numbers[letter & LETTER_SLOT_MASK]! : 0;
  }

  /** Adds `distance` to every token offset: the line was moved. */
  shift(distance: number): void {
    for (let i = 0; i < this.count; i++) {
      this.tokenStarts[i]! += distance;
      this.tokenEnds[i]! += distance;
    }
  }
}
