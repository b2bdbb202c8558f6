import { CliError } from '../errors.ts';
import type { TraceDecoder } from './trace-format.ts';

const INTEGER_BYTES = 4;

/** One signed 32-bit big-endian integer a request, without separators. The key is the integer in decimal. */
export function createI32beDecoder(file: string): TraceDecoder {
  return new I32beDecoder(file);
}

class I32beDecoder implements TraceDecoder {
  readonly #file: string;
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *decode(chunk: Uint8Array): Generator<string> {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const end = bytes.length - (bytes.length % INTEGER_BYTES);
    for (let i = 0; i < end; i += INTEGER_BYTES) yield String(bytes.readInt32BE(i));
    this.#rest = bytes.subarray(end);
    this.#offset += end;
  }

  end(): Iterable<string> {
    if (this.#rest.length === 0) return [];
    throw new CliError(
      'CLI_TRACE',
      `${this.#file}: ends ${this.#rest.length} bytes into the integer at offset ${this.#offset}; ` +
        `expected a multiple of ${INTEGER_BYTES} bytes: it is cut short, or no i32be trace`,
    );
  }
}
