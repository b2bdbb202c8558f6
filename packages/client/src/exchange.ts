import type { Output, ResponseParser } from '@ringway/protocol';
import type { ClientError } from './errors.ts';

/**
 * One request and the one reply it gets. The caller's own per-request object implements this, so that a request costs
 * no promise, closure or message object on the way to the node and back.
 *
 * Requests are of the meta protocol (without `q`), where every command has exactly one reply: that is what lets
 * replies be matched to requests by order alone.
 */
export interface Exchange {
  /** When the caller stops waiting, in milliseconds of the pool's clock. */
  readonly deadlineMs: number;
  /** Appends the request. Called once, at once; may throw before the first byte (a key that cannot be sent). */
  write(out: Output): void;
  /**
   * The whole reply: its line in `reply`, its data block in input[bodyStart, bodyEnd). Both belong to the connection
   * and are valid during this call only: keep nothing, copy what is needed.
   */
  onReply(reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number): void;
  /** No reply will come. Exactly one of onReply and onFailure is called, once. */
  onFailure(error: ClientError): void;
}
