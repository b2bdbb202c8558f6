import type { MetaFlagList } from './meta-flag-list.ts';
import type { ProtocolLimits } from './limits.ts';
import type { RequestKind } from './request-kind.ts';
import type { Unsigned64 } from './decimal.ts';
import type { WordLine } from './word-line.ts';

/**
 * Parser of request lines: one reusable object per session, whose fields describe the last line parsed.
 * Offsets are into `input`, the buffer given to parse(), and hold until the next parse() or retain().
 */
export interface RequestParser {
  /**
   * Parses one line from input[start, end). Returns the offset just after its newline, ParseResult.needMore or ParseResult.error.
   * After needMore call it again with the same line from its first byte and more bytes behind it; the line may have moved,
   * and bytes already searched for a newline are not searched again.
   */
  parse(input: Uint8Array, start: number, end: number): number;
  /** Forgets a partly searched line. */
  reset(): void;
  /** Copies the line into the parser and points every field there, so that the input can be reused while the data block is awaited. */
  retain(): void;

  /** Buffer that key lists and meta tokens are offsets into. */
  readonly input: Uint8Array;
  readonly kind: RequestKind;

  /** Buffer of the (first) key: `input`, or a scratch buffer that holds the decoded key when meta flag b is given. */
  readonly keyBytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Meta flag b is given: the key came in base64 and goes back so. */
  readonly keyBinary: boolean;
  /** Keys of get, gets, gat, gats; arguments of stats, shutdown and rw_hello (cluster, epoch, digest); otherwise 1, or 0 for a command without a key. */
  readonly keyCount: number;
  readonly keyStarts: Int32Array;
  readonly keyEnds: Int32Array;

  /** Client flags, uint32: text storage commands, meta F. */
  readonly flags: number;
  /** Signed seconds as sent: exptime of text commands, meta T (0 when absent), delay of flush_all (0 when absent). Level of verbosity. */
  readonly exptime: number;
  /** Length of the data block that follows, without its CRLF; -1 when the command has none. */
  readonly bodyBytes: number;
  /** Text noreply. Meta q is a flag. */
  readonly noreply: boolean;
  /** Version to compare with, of `cas` and meta C: two uint32 words. */
  readonly casHigh: number;
  readonly casLow: number;
  /** Version to give the item, meta E. */
  readonly newCasHigh: number;
  readonly newCasLow: number;
  /** Delta of incr, decr and meta D; 1 for ma without D. */
  readonly deltaHigh: number;
  readonly deltaLow: number;
  /** Initial value, meta J; 0 when absent. */
  readonly initialHigh: number;
  readonly initialLow: number;
  /** Topology epoch of rw_hello, 0..2^53-1. */
  readonly epoch: number;

  /** Meta flags in order of appearance: letters, and tokens as offsets into `input` (start === end when there is none). */
  readonly metaFlagCount: number;
  readonly metaFlags: Uint8Array;
  readonly metaTokenStarts: Int32Array;
  readonly metaTokenEnds: Int32Array;
  hasMeta(letter: number): boolean;
  /** Token of N, R, T, F or S as a number; 0 when absent. (C, E, D and J are in the fields above.) */
  metaNumber(letter: number): number;
  /** Letter of meta M: S E A P R of ms, I or D of ma (+ and - are given as these); 0 when absent. */
  readonly mode: number;

  /** After ParseResult.error: the line to answer, without CRLF. Empty: answer nothing (the client said noreply, or speaks HTTP). */
  readonly errorLine: string;
  /** Bytes behind the line (data block and CRLF) to throw away, so that a payload never runs as commands. */
  readonly errorSkipBytes: number;
  /** Close the connection once errorLine is sent: what follows the line cannot be told from commands. */
  readonly errorFatal: boolean;
  /** Offset just after the offending line. */
  readonly errorNext: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The parser as the functions that parse one kind of command see it. */
export interface RequestFields extends Writable<
  Omit<RequestParser, 'parse' | 'reset' | 'retain' | 'hasMeta' | 'metaNumber' | 'keyStarts' | 'keyEnds'>
> {
  readonly limits: ProtocolLimits;
  readonly line: WordLine;
  readonly metaList: MetaFlagList;
  /** Scratch for one 64-bit number. */
  readonly number64: Unsigned64;
  /** Scratch for a decoded key. */
  readonly decodedKey: Uint8Array;
}
