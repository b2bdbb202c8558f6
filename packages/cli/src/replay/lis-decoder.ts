import { TRACE_LINE_BLOCKS_MAX } from '../limits.ts';
import { LineSplitter } from './line-splitter.ts';
import type { TraceDecoder } from './trace-format.ts';

const linePattern = /^\s*(?<start>\d+)\s+(?<count>\d+)\s+\d+\s+\d+\s*$/;

/**
 * The format of the ARC traces: text, four integers a line, `start_block number_of_blocks ignored request_number`.
 * A line asks for number_of_blocks blocks, from start_block on, one request each. The key is the block's number.
 *
 * Megiddo and Modha, "ARC: A Self-Tuning, Low Overhead Replacement Cache", FAST 2003.
 */
export function createLisDecoder(file: string): TraceDecoder {
  return new LisDecoder(file);
}

class LisDecoder implements TraceDecoder {
  readonly #lines: LineSplitter;

  constructor(file: string) {
    this.#lines = new LineSplitter(file);
  }

  decode(chunk: Uint8Array): Iterable<string> {
    return this.#expand(this.#lines.split(chunk));
  }

  end(): Iterable<string> {
    return this.#expand(this.#lines.end());
  }

  *#expand(lines: Iterable<string>): Generator<string> {
    for (const line of lines) {
      const groups = linePattern.exec(line)?.groups;
      const start = Number(groups?.['start']);
      const count = Number(groups?.['count']);
      if (!Number.isSafeInteger(start + count) || count > TRACE_LINE_BLOCKS_MAX) {
        throw this.#lines.refusal(
          `expected four integers "start_block number_of_blocks ignored request_number", found "${line.slice(0, 60)}"`,
        );
      }
      for (let block = start; block < start + count; block++) yield String(block);
    }
  }
}
