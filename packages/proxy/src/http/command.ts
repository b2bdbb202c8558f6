import type { ClientError, Exchange } from '@ringway/client';
import { ResponseKind, type Output, type ResponseParser } from '@ringway/protocol';
import { failureOfError, failureOfReply, type NodeFailure } from '../routing/failure.ts';
import type { NodeLink } from '../routing/node-link.ts';

/** What became of one command that writes (or asks for a version), in the node's own words. */
export type Outcome =
  /** Done; the version of what is stored now, where it was asked for. */
  | { readonly kind: 'done'; readonly high: number; readonly low: number }
  /** Refused by its mode: exists already (add), not stored (replace). */
  | { readonly kind: 'not-stored' }
  /** Refused by its compare: another version is stored. */
  | { readonly kind: 'changed' }
  /** Nothing is stored under the key. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly failure: NodeFailure };

const NOT_STORED: Outcome = { kind: 'not-stored' };
const CHANGED: Outcome = { kind: 'changed' };
const ABSENT: Outcome = { kind: 'absent' };

export interface CommandOptions {
  readonly link: NodeLink;
  readonly deadlineMs: number;
  readonly write: (out: Output) => void;
  readonly done: (outcome: Outcome) => void;
}

/** One meta command without a value in its reply, and its outcome. It is sent once: never again after its first byte. */
export class Command implements Exchange {
  readonly #link: NodeLink;
  readonly #done: (outcome: Outcome) => void;
  readonly write: (out: Output) => void;
  readonly deadlineMs: number;

  constructor(options: CommandOptions) {
    this.#link = options.link;
    this.#done = options.done;
    this.write = options.write;
    this.deadlineMs = options.deadlineMs;
  }

  onReply(reply: ResponseParser, input: Uint8Array): void {
    this.#done(this.#outcomeOf(reply, input));
  }

  onFailure(error: ClientError): void {
    this.#done({ kind: 'failed', failure: failureOfError(this.#link, error) });
  }

  #outcomeOf(reply: ResponseParser, input: Uint8Array): Outcome {
    switch (reply.kind) {
      case ResponseKind.hit:
        return { kind: 'done', high: reply.casHigh, low: reply.casLow };
      case ResponseKind.notStored:
        return NOT_STORED;
      case ResponseKind.exists:
        return CHANGED;
      case ResponseKind.notFound:
      case ResponseKind.miss:
        return ABSENT;
      default:
        return { kind: 'failed', failure: failureOfReply(this.#link, reply, input) };
    }
  }
}
