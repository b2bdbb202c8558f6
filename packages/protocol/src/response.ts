import type { ResponseKind } from './response-kind.ts';

/**
 * Parser of reply lines: one reusable object per connection, whose fields describe the last line parsed.
 * Strict: a line that it does not know is ParseResult.error. Replies are matched to requests by order alone, so from then on no
 * reply can be trusted to be the right one, and the connection must be destroyed.
 */
export interface ResponseParser {
  /**
   * Parses one line from input[start, end). Returns the offset just after its CRLF, ParseResult.needMore or ParseResult.error.
   * After needMore call it again with the same line from its first byte and more bytes behind it; the line may have moved.
   */
  parse(input: Uint8Array, start: number, end: number): number;
  /** Forgets a partly searched line. */
  reset(): void;

  readonly kind: ResponseKind;
  /** Length of the data block that follows, without its CRLF; -1 when there is none. */
  readonly bodyBytes: number;
  /** Client flags, uint32: VALUE, meta f. */
  readonly flags: number;
  /** Version, two uint32 words: VALUE with a version, meta c. */
  readonly casHigh: number;
  readonly casLow: number;
  /** Number of an incr or decr reply, two uint32 words. */
  readonly valueHigh: number;
  readonly valueLow: number;
  /** Meta t: seconds to live, -1 for an item that does not expire; -1 without the flag, too. */
  readonly ttlSeconds: number;
  /** Meta W: the caller has won the right to fill the item. */
  readonly won: boolean;
  /** Meta X: the item is stale. */
  readonly stale: boolean;
  /** Meta Z: another caller has won before. */
  readonly alreadySent: boolean;

  /** Meta flags in order of appearance: letters, and tokens as offsets into the parsed input (start === end when there is none). */
  readonly metaFlagCount: number;
  readonly metaFlags: Uint8Array;
  readonly metaTokenStarts: Int32Array;
  readonly metaTokenEnds: Int32Array;
  hasMeta(letter: number): boolean;
  /** Token of s, l, t, f or h as a number; 0 when absent. */
  metaNumber(letter: number): number;
  /** Meta O, offsets into the parsed input; both 0 when absent. */
  readonly opaqueStart: number;
  readonly opaqueEnd: number;

  /** Key of VALUE and ME lines and of meta k (decoded, in a scratch buffer, when b stands behind it), name of STAT; keyStart === keyEnd when there is none. */
  readonly keyBytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;

  /** Text of an error, version or ME line, value of STAT, id of the member of notOwner (may be empty) or of the node of hello: offsets into the parsed input. Printable ASCII. */
  readonly messageStart: number;
  readonly messageEnd: number;
  /** hello: incarnation of the node, offsets into the parsed input. */
  readonly incarnationStart: number;
  readonly incarnationEnd: number;
  /** notOwner and hello: topology epoch, 0..2^53-1. */
  readonly epoch: number;

  /** After ParseResult.error: what was wrong, for a log. Holds no byte of the peer. */
  readonly errorReason: string;
}
