import { open, type FileHandle } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError, codeOf } from '../errors.ts';
import { TRACE_CHUNK_BYTES } from '../limits.ts';
import { createTraceDecoder, formatOfName, type TraceDecoder, type TraceFormat } from './trace-format.ts';

/** The requests of a trace, decoded as they are taken: what is in memory does not grow with the trace. */
export interface Trace {
  readonly format: TraceFormat;
  /** Part of the file that was read, 0 to 1. It runs ahead of the requests by at most a chunk. */
  readonly fraction: number;
  /**
   * The next key, or undefined at the end. May be called again before an earlier call has answered.
   *
   * @throws {CliError} CLI_TRACE naming the file and the offset or line
   */
  next(): Promise<string | undefined>;
  /** No more keys after this. */
  close(): Promise<void>;
}

/**
 * @param format 'auto' goes by the name; gzip is recognised by its first bytes whatever the name says
 * @throws {CliError} CLI_TRACE when there is no such file, or nothing in it
 */
export async function openTrace(file: string, format: TraceFormat | 'auto'): Promise<Trace> {
  const known = format === 'auto' ? formatOfName(file) : format;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const sizeBytes = (await handle.stat()).size;
    const magic = Buffer.alloc(2);
    await handle.read(magic, 0, 2, 0);
    if (sizeBytes === 0) throw new CliError('CLI_TRACE', `${file}: is empty`);
    const source = handle.createReadStream({ start: 0, highWaterMark: TRACE_CHUNK_BYTES });
    return new FileTrace(file, known, { source, sizeBytes, gzipped: magic.readUInt16BE() === GZIP_MAGIC });
  } catch (error) {
    await handle?.close();
    if (error instanceof CliError) throw error;
    throw new CliError('CLI_TRACE', `${file}: cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** RFC 1952, 2.3.1: ID1 and ID2. */
const GZIP_MAGIC = 0x1f8b;

interface Source {
  readonly source: Readable & { readonly bytesRead: number };
  readonly sizeBytes: number;
  readonly gzipped: boolean;
}

class FileTrace implements Trace {
  readonly format: TraceFormat;
  readonly #file: string;
  readonly #source: Source;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder: TraceDecoder;
  #keys: Iterator<string> = [].values();
  #loading: Promise<void> | undefined;
  #ended = false;

  constructor(file: string, format: TraceFormat, source: Source) {
    this.format = format;
    this.#file = file;
    this.#source = source;
    this.#decoder = createTraceDecoder(format, file);
    const bytes: Readable = source.gzipped ? pipeline(source.source, createGunzip(), () => {}) : source.source;
    this.#chunks = bytes[Symbol.asyncIterator]();
  }

  get fraction(): number {
    return Math.min(1, this.#source.source.bytesRead / this.#source.sizeBytes);
  }

  async next(): Promise<string | undefined> {
    for (;;) {
      const { value, done } = this.#keys.next();
      if (done !== true) return value;
      if (this.#ended) return undefined;
      this.#loading ??= this.#load();
      await this.#loading;
    }
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#keys = [].values();
    await this.#chunks.return?.();
  }

  /** Takes the next chunk. Everyone who waits for a key waits for the same chunk. */
  async #load(): Promise<void> {
    try {
      const { value, done } = await this.#chunks.next();
      if (this.#ended) return;
      this.#ended = done === true;
      this.#keys = (done === true ? this.#decoder.end() : this.#decoder.decode(value))[Symbol.iterator]();
    } catch (error) {
      this.#ended = true;
      if (error instanceof CliError) throw error;
      throw new CliError('CLI_TRACE', this.#describe(error));
    } finally {
      this.#loading = undefined;
    }
  }

  #describe(error: unknown): string {
    const read = `${this.#source.source.bytesRead} of ${this.#source.sizeBytes} bytes read`;
    switch (codeOf(error)) {
      case 'Z_BUF_ERROR':
        return `${this.#file}: is cut short: the gzip stream does not end where the file ends (${read})`;
      case 'Z_DATA_ERROR':
        return `${this.#file}: is damaged: its gzip stream cannot be decompressed (${read})`;
      default:
        return `${this.#file}: cannot be read: ${error instanceof Error ? error.message : 'unknown'} (${read})`;
    }
  }
}
