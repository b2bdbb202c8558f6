import { CliError } from '../errors.ts';
import { createI32beDecoder } from './i32be-decoder.ts';
import { createKeysDecoder } from './keys-decoder.ts';
import { createLisDecoder } from './lis-decoder.ts';

/** Turns the bytes of a trace into the keys it asks for, one a request. */
export interface TraceDecoder {
  /**
   * Keys of the requests that end in this chunk, made as they are taken; all are taken before the next call.
   * Bytes of a request that does not end here wait for the next chunk.
   *
   * @throws {CliError} CLI_TRACE with the offset or the line, when taken
   */
  decode(chunk: Uint8Array): Iterable<string>;
  /** The same, once there are no more bytes. */
  end(): Iterable<string>;
}

export const traceFormats = ['i32be', 'lis', 'keys'] as const;
export type TraceFormat = (typeof traceFormats)[number];

const decoders: Record<TraceFormat, (file: string) => TraceDecoder> = {
  i32be: createI32beDecoder,
  lis: createLisDecoder,
  keys: createKeysDecoder,
};

/** @param file what errors call the trace */
export function createTraceDecoder(format: TraceFormat, file: string): TraceDecoder {
  return decoders[format](file);
}

/**
 * The format a file's name announces, whether gzipped or not.
 *
 * @throws {CliError} CLI_TRACE when it announces none
 */
export function formatOfName(file: string): TraceFormat {
  const name = file.replace(/\.gz$/, '');
  if (name.endsWith('.i32be')) return 'i32be';
  if (name.endsWith('.lis')) return 'lis';
  if (/\.(?:keys|txt)$/.test(name)) return 'keys';
  throw new CliError(
    'CLI_TRACE',
    `${file}: cannot tell the format from the name (.i32be, .lis, .keys or .txt, with or without .gz); ` +
      `say --format ${traceFormats.join('|')}`,
  );
}
