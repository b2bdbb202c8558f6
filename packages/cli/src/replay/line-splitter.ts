import { CliError } from '../errors.ts';
import { TRACE_LINE_BYTES_MAX } from '../limits.ts';

const NEWLINE = 0x0a;

/** Cuts bytes that come in chunks into lines of text, and counts them. A line may end in CR LF. */
export class LineSplitter {
  readonly #file: string;
  #rest: Buffer = Buffer.alloc(0);
  #line = 0;

  /** @param file what errors call it */
  constructor(file: string) {
    this.#file = file;
  }

  /** Number of the line given out last, from 1. */
  get line(): number {
    return this.#line;
  }

  /** @throws {CliError} CLI_TRACE for a line longer than any text would have */
  *split(chunk: Uint8Array): Generator<string> {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield this.#take(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > TRACE_LINE_BYTES_MAX) this.#take(this.#rest);
  }

  /** The last line, if it was not ended. */
  *end(): Generator<string> {
    if (this.#rest.length > 0) yield this.#take(this.#rest);
  }

  /** An error that names the line given out last. */
  refusal(message: string): CliError {
    return new CliError('CLI_TRACE', `${this.#file}:${this.#line}: ${message}`);
  }

  #take(bytes: Buffer): string {
    this.#line++;
    if (bytes.length > TRACE_LINE_BYTES_MAX) {
      throw this.refusal(`the line is longer than ${TRACE_LINE_BYTES_MAX} bytes: this is no text`);
    }
    const line = bytes.toString('utf8');
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }
}
