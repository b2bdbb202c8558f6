import { createRequestParser, ParseResult, RequestKind } from '@ringway/protocol';
import type { ProtocolLimits, RequestParser } from '@ringway/protocol';
import { bigintOf, text } from './bytes.ts';

/** A request line as a plain value, with what it does not have left out. */
export interface ParsedRequest {
  readonly kind: keyof typeof RequestKind;
  readonly key?: string;
  readonly keys?: readonly string[];
  readonly binary?: true;
  readonly flags?: number;
  readonly exptime?: number;
  readonly noreply?: true;
  readonly cas?: bigint;
  readonly newCas?: bigint;
  readonly delta?: bigint;
  readonly initial?: bigint;
  readonly epoch?: number;
  readonly mode?: string;
  /** Meta flags with their tokens. */
  readonly meta?: readonly string[];
  readonly body?: string;
}

/** What became of a piece of the stream. */
export type SessionEvent =
  | ParsedRequest
  | { readonly error: string; readonly skipped?: number }
  | { readonly closed: true };

const KIND_NAMES = new Map(Object.entries(RequestKind).map(([name, kind]) => [kind, name as keyof typeof RequestKind]));
/** Kinds whose keys or arguments are a list. */
const LIST_KINDS: readonly RequestKind[] = [
  RequestKind.get,
  RequestKind.gets,
  RequestKind.gat,
  RequestKind.gats,
  RequestKind.stats,
  RequestKind.shutdown,
  RequestKind.hello,
];

/** The fields of the line that the parser has just accepted. */
export function describeRequest(parser: RequestParser): ParsedRequest {
  const { kind } = parser;
  const isList = LIST_KINDS.includes(kind);
  const keys = Array.from({ length: parser.keyCount }, (_, i) =>
    text(parser.input, parser.keyStarts[i], parser.keyEnds[i]),
  );
  const meta = Array.from(
    { length: parser.metaFlagCount },
    (_, i) =>
      String.fromCharCode(parser.metaFlags[i]!) +
      text(parser.input, parser.metaTokenStarts[i], parser.metaTokenEnds[i]),
  );
  const key = text(parser.keyBytes, parser.keyStart, parser.keyEnd);
  const numbers = {
    cas: bigintOf(parser.casHigh, parser.casLow),
    newCas: bigintOf(parser.newCasHigh, parser.newCasLow),
    delta: bigintOf(parser.deltaHigh, parser.deltaLow),
    initial: bigintOf(parser.initialHigh, parser.initialLow),
  };
  return {
    kind: KIND_NAMES.get(kind)!,
    ...(isList ? { keys } : key !== '' && { key }),
    ...(parser.keyBinary && { binary: true }),
    ...(parser.flags !== 0 && { flags: parser.flags }),
    ...(parser.exptime !== 0 && { exptime: parser.exptime }),
    ...(parser.noreply && { noreply: true }),
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0n)),
    ...(kind === RequestKind.hello && { epoch: parser.epoch }),
    ...(parser.mode !== 0 && { mode: String.fromCharCode(parser.mode) }),
    ...(meta.length > 0 && { meta }),
  };
}

/**
 * Reads a stream of requests as a node does: lines are parsed, data blocks read, refused ones skipped, the connection closed after a
 * fatal error. Between chunks the unread bytes move to another buffer and another offset, and the old buffer is overwritten.
 */
export class Session {
  readonly events: SessionEvent[] = [];
  readonly #parser: RequestParser;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #skipBytes = 0;
  #pending: ParsedRequest | undefined;
  #pendingBytes = 0;
  #isClosed = false;

  constructor(limits?: Partial<ProtocolLimits>) {
    this.#parser = createRequestParser(limits);
  }

  feed(chunk: Uint8Array): void {
    const rest = this.#input.subarray(this.#at);
    const gap = 1 + (chunk.length % 3);
    const moved = new Uint8Array(gap + rest.length + chunk.length).fill(0xaa);
    moved.set(rest, gap);
    moved.set(chunk, gap + rest.length);
    this.#input.fill(0xaa);
    this.#input = moved;
    this.#at = gap;
    while (!this.#isClosed && this.#step());
  }

  /** Takes the next piece; false when more bytes are needed. */
  #step(): boolean {
    const availableBytes = this.#input.length - this.#at;
    if (this.#skipBytes > 0) {
      const skipped = Math.min(this.#skipBytes, availableBytes);
      this.#skipBytes -= skipped;
      this.#at += skipped;
      return skipped > 0;
    }
    if (this.#pending !== undefined) {
      return availableBytes >= this.#pendingBytes && this.#takeBody();
    }
    return availableBytes > 0 && this.#takeLine();
  }

  #takeLine(): boolean {
    const parser = this.#parser;
    const next = parser.parse(this.#input, this.#at, this.#input.length);
    if (next === ParseResult.needMore) {
      return false;
    }
    if (next === ParseResult.error) {
      return this.#refuse();
    }
    this.#at = next;
    if (parser.bodyBytes < 0) {
      this.events.push(describeRequest(parser));
      return true;
    }
    parser.retain();
    this.#pending = describeRequest(parser);
    this.#pendingBytes = parser.bodyBytes + 2;
    return true;
  }

  #takeBody(): boolean {
    const end = this.#at + this.#pendingBytes;
    if (text(this.#input, end - 2, end) !== '\r\n') {
      return this.#close();
    }
    this.events.push({ ...describeRequest(this.#parser), body: text(this.#input, this.#at, end - 2) });
    this.#pending = undefined;
    this.#at = end;
    return true;
  }

  #refuse(): boolean {
    const { errorLine, errorSkipBytes, errorFatal, errorNext } = this.#parser;
    this.events.push({ error: errorLine, ...(errorSkipBytes > 0 && { skipped: errorSkipBytes }) });
    this.#skipBytes = errorSkipBytes;
    this.#at = errorNext;
    return errorFatal ? this.#close() : true;
  }

  #close(): false {
    this.events.push({ closed: true });
    this.#isClosed = true;
    return false;
  }
}

/** What becomes of the chunks, one after the other. */
export function eventsOf(chunks: readonly Uint8Array[], limits?: Partial<ProtocolLimits>): readonly SessionEvent[] {
  const session = new Session(limits);
  for (const chunk of chunks) {
    session.feed(chunk);
  }
  return session.events;
}
