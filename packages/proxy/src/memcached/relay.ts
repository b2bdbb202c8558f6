import type { ClientError, Exchange } from '@ringway/client';
import { Reply, writeErrorLine, type Output, type ResponseKind, type ResponseParser } from '@ringway/protocol';
import { failureOfError, failureOfReply, type NodeFailure } from '../routing/failure.ts';
import type { NodeLink } from '../routing/node-link.ts';

export interface RelayOptions {
  readonly link: NodeLink;
  readonly deadlineMs: number;
  /** The request in the meta protocol. */
  readonly write: (out: Output) => void;
  /** Translates the node's reply to what a text client expects; false: it is none of the command's own replies. */
  readonly translate: (
    out: Output,
    reply: ResponseParser,
    input: Uint8Array,
    bodyStart: number,
    bodyEnd: number,
  ) => boolean;
  /** What is answered when the node failed. Reads answer nothing, which is a miss. */
  readonly fail: (out: Output, failure: NodeFailure) => void;
  /** Runs `reply` with the place to write the answer to, then gives the place up. */
  readonly answer: (reply: (out: Output) => void) => void;
}

/** One text command on its way through: a meta command to the node, its reply as text to the client. */
export class Relay implements Exchange {
  readonly #options: RelayOptions;
  readonly deadlineMs: number;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.deadlineMs = options.deadlineMs;
  }

  write(out: Output): void {
    this.#options.write(out);
  }

  onReply(reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number): void {
    const { answer, translate, fail, link } = this.#options;
    answer((out) => {
      if (!translate(out, reply, input, bodyStart, bodyEnd)) fail(out, failureOfReply(link, reply, input));
    });
  }

  onFailure(error: ClientError): void {
    const failure = failureOfError(this.#options.link, error);
    this.#options.answer((out) => this.#options.fail(out, failure));
  }
}

/** A failed read is a miss: memcached clients know no other word for it. */
export function failAsMiss(): void {}

/** A failed write must be told: "not done" and "unknown" are different errors. */
export function failAsError(out: Output, failure: NodeFailure): void {
  switch (failure.kind) {
    case 'down':
      return writeErrorLine(out, 'SERVER_ERROR the node that owns this key cannot be reached');
    case 'moving':
      return writeErrorLine(out, 'SERVER_ERROR the key is changing its owner, try again');
    case 'unknown':
      return writeErrorLine(out, 'SERVER_ERROR outcome unknown: the node did not answer');
    case 'too-large':
      return out.ascii(Reply.tooLarge);
    case 'full':
      return out.ascii(Reply.outOfMemory);
    case 'refused':
      return writeErrorLine(out, clientOrServerError(failure.message));
    default:
      return failure satisfies never;
  }
}

/** The one refusal that is the client's own doing keeps its memcached wording. */
function clientOrServerError(message: string): string {
  return message.startsWith('cannot increment')
    ? `CLIENT_ERROR ${message}`
    : 'SERVER_ERROR the node refused the command';
}

/** Translates status replies by a table from the node's word to the client's. */
export function statusTable(table: Partial<Record<ResponseKind, string>>): RelayOptions['translate'] {
  return (out, reply) => {
    const text = table[reply.kind];
    if (text === undefined) return false;
    out.ascii(text);
    return true;
  };
}
