import { LineSplitter } from './line-splitter.ts';
import type { TraceDecoder } from './trace-format.ts';

/** Text, one key a line. */
export function createKeysDecoder(file: string): TraceDecoder {
  return new KeysDecoder(file);
}

class KeysDecoder implements TraceDecoder {
  readonly #lines: LineSplitter;

  constructor(file: string) {
    this.#lines = new LineSplitter(file);
  }

  decode(chunk: Uint8Array): Iterable<string> {
    return this.#check(this.#lines.split(chunk));
  }

  end(): Iterable<string> {
    return this.#check(this.#lines.end());
  }

  *#check(lines: Iterable<string>): Generator<string> {
    for (const line of lines) {
      if (line === '') throw this.#lines.refusal('the line is empty; expected one key a line');
      yield line;
    }
  }
}
