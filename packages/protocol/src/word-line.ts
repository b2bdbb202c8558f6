import { CR, DELETE, LF, SPACE } from './byte.ts';
import { ParseResult } from './parse-result.ts';

const WORD_CAPACITY = 16;

/**
 * One command line cut at its spaces, in one pass over its bytes: the command word and its arguments, as offsets into the input.
 * The pass also sees control bytes, so that no later one has to look for them. Reused from line to line.
 */
export class WordLine {
  commandStart = 0;
  commandEnd = 0;
  argumentCount = 0;
  argumentStarts: Int32Array = new Int32Array(WORD_CAPACITY);
  argumentEnds: Int32Array = new Int32Array(WORD_CAPACITY);
  /** There are more arguments than may be; the first argumentCountMax of them are kept. */
  hasTooMany = false;
  /** Somewhere on the line is a control byte or DEL. */
  hasControl = false;
  start = 0;
  /** End without the newline. */
  end = 0;
  readonly #argumentCountMax: number;

  constructor(argumentCountMax: number) {
    this.#argumentCountMax = argumentCountMax;
  }

  /** Cuts the line that begins at input[start]. Returns the offset just after its newline (LF or CRLF), or ParseResult.needMore. */
  cut(input: Uint8Array, start: number, end: number): number {
    this.start = start;
    this.hasTooMany = false;
    this.hasControl = false;
    let count = -1;
    let wordStart = start;
    for (let at = start; at < end; at++) {
      let byte = 0;
      while (at < end && (byte = input[at]!) > SPACE && byte !== DELETE) {
        at++;
      }
      const isNewline = byte === LF || (byte === CR && at + 1 < end && input[at + 1] === LF);
      if (byte === SPACE || isNewline) {
        if (at > wordStart) {
          count = this.#add(count, wordStart, at);
        }
        if (isNewline) {
          this.#finish(count, at);
          return byte === LF ? at + 1 : at + 2;
        }
        wordStart = at + 1;
      } else {
        this.hasControl = true;
      }
    }
    return ParseResult.needMore;
  }

  /** Forgets the first argument: it was no key. */
  dropFirst(): void {
    this.argumentStarts.copyWithin(0, 1, this.argumentCount);
    this.argumentEnds.copyWithin(0, 1, this.argumentCount);
    this.argumentCount--;
  }

  /** Adds `distance` to every offset: the line was moved. */
  shift(distance: number): void {
    for (let i = 0; i < this.argumentCount; i++) {
      this.argumentStarts[i]! += distance;
      this.argumentEnds[i]! += distance;
    }
    this.commandStart += distance;
    this.commandEnd += distance;
    this.start += distance;
    this.end += distance;
  }

  /** Takes a word: the command when count is -1, else argument number `count`. Returns the next count. */
  #add(count: number, start: number, end: number): number {
    if (count < 0) {
      this.commandStart = start;
      this.commandEnd = end;
      return 0;
    }
    if (count === this.argumentStarts.length && !this.#grow()) {
      this.hasTooMany = true;
      return count;
    }
    this.argumentStarts[count] = start;
    this.argumentEnds[count] = end;
    return count + 1;
  }

  #finish(count: number, end: number): void {
    if (count < 0) {
      this.commandStart = end;
      this.commandEnd = end;
    }
    this.argumentCount = Math.max(count, 0);
    this.end = end;
  }

  /** Makes room for more arguments; false when there may be no more. */
  #grow(): boolean {
    const capacity = this.argumentStarts.length;
    const grown = Math.min(capacity * 2, this.#argumentCountMax);
    if (grown <= capacity) {
      return false;
    }
    const starts = new Int32Array(grown);
    starts.set(this.argumentStarts);
    this.argumentStarts = starts;
    const ends = new Int32Array(grown);
    ends.set(this.argumentEnds);
    this.argumentEnds = ends;
    return true;
  }
}
