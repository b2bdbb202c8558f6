import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { ClientError, Exchange } from '@ringway/client';
import { ResponseKind, writeMetaGet, type Output, type ResponseParser } from '@ringway/protocol';
import type { Counters } from '../counters.ts';
import { entityTag } from '../entry/entity-tag.ts';
import { decodeMetadata, metadataBytes, type Metadata } from '../entry/metadata.ts';
import { replyText } from '../routing/reply-text.ts';
import { failureOfError, failureOfReply, type NodeFailure } from '../routing/failure.ts';
import type { NodeLink } from '../routing/node-link.ts';
import { TEXT_BODY_BYTES_MAX } from '../limits.ts';
import { answerHit, answerMiss, answerNotModified, answerProblem, type Hit } from './answer.ts';
import { CACHE_STATUS_MISS, cacheStatusHit } from './cache-status.ts';
import { evaluate, UNCONDITIONAL, type Preconditions } from './conditions.ts';
import { cacheStatusOfFailedRead, problemOfFailedRead } from './node-problem.ts';
import { DEFAULT_HANDLING, preferredHandling, type Handling } from './prefer.ts';
import { Problem } from './problems.ts';

/** What is asked of the node: value, client flags, version, seconds to live; in this order the reply has them. */
const RETURN_FLAGS = 'v f c t';

export interface ReadOptions {
  readonly response: ServerResponse;
  readonly headers: IncomingHttpHeaders;
  readonly preconditions: Preconditions;
  readonly link: NodeLink;
  readonly deadlineMs: number;
  /** The wire key is key[0, keyLength); it is read while the request is sent, not after. */
  readonly key: Uint8Array;
  readonly keyLength: number;
  readonly counters: Counters;
}

/** A GET or HEAD of one key: the request to the node and, when its reply comes, the answer to the client. */
export class Read implements Exchange {
  readonly #options: ReadOptions;
  readonly deadlineMs: number;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.deadlineMs = options.deadlineMs;
  }

  write(out: Output): void {
    writeMetaGet(out, this.#options.key, 0, this.#options.keyLength, RETURN_FLAGS);
  }

  onReply(reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number): void {
    if (reply.kind === ResponseKind.value) return this.#answerFound(reply, input, bodyStart, bodyEnd);
    if (reply.kind === ResponseKind.miss) return this.#answerMissing();
    this.#answerFailed(failureOfReply(this.#options.link, reply, input));
  }

  onFailure(error: ClientError): void {
    this.#answerFailed(failureOfError(this.#options.link, error));
  }

  #answerFound(reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number): void {
    const { response, preconditions, counters } = this.#options;
    counters.hits++;
    let valueStart = bodyStart;
    let metadata: Metadata | undefined;
    const blockBytes = metadataBytes(reply.flags, bodyEnd - bodyStart);
    if (blockBytes > 0) {
      metadata = decodeMetadata(input, bodyStart, bodyStart + blockBytes);
      if (metadata !== undefined) valueStart += blockBytes;
    }
    const tag = entityTag(reply.casHigh, reply.casLow);
    const hit: Hit = { metadata, entityTag: tag, cacheStatus: cacheStatusHit(reply.ttlSeconds) };
    if (preconditions !== UNCONDITIONAL) {
      const verdict = evaluate(preconditions, tag, true);
      if (verdict === 'not-modified') {
        counters.notModified++;
        return answerNotModified(response, hit);
      }
      if (verdict === 'failed') return this.#answerPreconditionFailed();
    }
    answerHit(response, hit, bodyOf(input, valueStart, bodyEnd));
  }

  #answerMissing(): void {
    const { preconditions } = this.#options;
    if (preconditions !== UNCONDITIONAL && evaluate(preconditions, undefined, true) === 'failed') {
      return this.#answerPreconditionFailed();
    }
    this.#answerMiss(CACHE_STATUS_MISS);
  }

  #answerFailed(failure: NodeFailure): void {
    const { response, headers, counters } = this.#options;
    const preferred = preferredHandling(headers['prefer']);
    const handling: Handling = preferred ?? DEFAULT_HANDLING;
    const applied = preferred === undefined ? undefined : `handling=${preferred}`;
    if (handling === 'lenient') {
      counters.unavailableMisses++;
      return this.#answerMiss(cacheStatusOfFailedRead(failure), applied);
    }
    counters.failures++;
    const head = ['Cache-Status', cacheStatusOfFailedRead(failure)];
    if (applied !== undefined) head.push('Preference-Applied', applied);
    answerProblem(response, problemOfFailedRead(failure), head);
  }

  #answerMiss(cacheStatus: string, preference?: string): void {
    const { response, headers } = this.#options;
    const wantsProblem = headers.accept?.includes('application/problem+json') === true;
    const problem = wantsProblem
      ? new Problem(
          'not-found',
          'Nothing is stored under this key, or it has expired or been evicted. PUT it to fill it.',
        )
      : undefined;
    answerMiss(response, { cacheStatus, problem, preference });
  }

  #answerPreconditionFailed(): void {
    this.#options.counters.rejected++;
    const detail = 'If-Match does not name the current entity tag. Read the key to learn it.';
    answerProblem(this.#options.response, new Problem('precondition-failed', detail));
  }
}

/**
 * The one copy a value makes here: the view ends with the reply, but the socket may need the bytes longer. A small
 * one becomes a latin1 string, because Node then sends head and body as one piece instead of gathering two.
 */
function bodyOf(input: Uint8Array, start: number, end: number): Uint8Array | string {
  if (end - start <= TEXT_BODY_BYTES_MAX) return replyText(input, start, end);
  return Buffer.copyBytesFrom(input, start, end - start);
}
