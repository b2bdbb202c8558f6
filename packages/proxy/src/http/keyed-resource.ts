import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counters } from '../counters.ts';
import { encodeMetadata } from '../entry/metadata.ts';
import { NODE_TIMEOUT_MS, WIRE_KEY_BYTES_MAX } from '../limits.ts';
import type { NodeLink } from '../routing/node-link.ts';
import type { Routes } from '../routing/routes.ts';
import { answerDone, answerProblem } from './answer.ts';
import { parsePreconditions } from './conditions.ts';
import { writeBase64Key, writePlainKey } from './key.ts';
import { lifetimeSeconds, wireExpiry } from './lifetime.ts';
import { problemOfFailedWrite } from './node-problem.ts';
import { Problem } from './problems.ts';
import { Read } from './read.ts';
import { storedHeaders } from './stored-headers.ts';
import { remove, store, type Target, type WriteResult } from './write.ts';

export interface KeyedResourceOptions {
  readonly routes: Routes;
  readonly counters: Counters;
  /** Monotonic milliseconds: the clock of deadlines. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970, for expiries that the protocol wants absolute. */
  readonly unixMs: () => number;
}

interface KeyParams {
  readonly namespace: string;
  readonly key: string;
}

type Writer = (target: Uint8Array, namespace: string, key: string) => number;

export interface Handlers {
  readonly read: (request: FastifyRequest, reply: FastifyReply) => void;
  readonly put: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  readonly remove: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

/** The handlers of /v1/kv/{namespace}/{key}, and of /v1/kv64 with its other way of writing the key. */
export function createKeyedResource(options: KeyedResourceOptions): {
  readonly plain: Handlers;
  readonly base64: Handlers;
} {
  return { plain: handlers(options, writePlainKey), base64: handlers(options, writeBase64Key) };
}

function handlers(options: KeyedResourceOptions, writeKey: Writer): Handlers {
  const { routes, counters, nowMs } = options;
  /** The wire key of the request at hand. Sending is synchronous, so one buffer serves every read. */
  const scratch = Buffer.allocUnsafeSlow(2 * WIRE_KEY_BYTES_MAX);

  const linkOf = (key: Uint8Array, length: number): NodeLink => {
    const link = routes.linkOf(key, 0, length);
    if (link === undefined) throw new Problem('no-topology', 'The cluster is still starting. Try again.');
    return link;
  };

  const targetOf = (request: FastifyRequest): Target => {
    const { namespace, key } = request.params as KeyParams;
    const length = writeKey(scratch, namespace, key);
    const own = Buffer.copyBytesFrom(scratch, 0, length);
    return { key: own, link: linkOf(own, length), deadlineMs: nowMs() + NODE_TIMEOUT_MS };
  };

  return {
    read: (request, reply) => {
      counters.gets++;
      counters.lookups++;
      const { namespace, key } = request.params as KeyParams;
      checkQuery(request, NO_PARAMETERS);
      const keyLength = writeKey(scratch, namespace, key);
      const { headers } = request;
      const preconditions = parsePreconditions(headers);
      const link = linkOf(scratch, keyLength);
      reply.hijack();
      const deadlineMs = nowMs() + NODE_TIMEOUT_MS;
      link.send(
        new Read({ response: reply.raw, headers, preconditions, link, deadlineMs, key: scratch, keyLength, counters }),
      );
    },

    put: async (request, reply) => {
      counters.puts++;
      const target = targetOf(request);
      checkQuery(request, PUT_PARAMETERS);
      const { headers } = request;
      const value = {
        metadata: encodeMetadata(storedHeaders(headers)),
        body: bodyOf(request),
        expiry: expiryOf(request, headers, options.unixMs),
      };
      const result = await store(target, value, parsePreconditions(headers));
      reply.hijack();
      answerWrite(reply.raw, result, counters);
    },

    remove: async (request, reply) => {
      counters.deletes++;
      const target = targetOf(request);
      checkQuery(request, NO_PARAMETERS);
      const result = await remove(target, parsePreconditions(request.headers));
      reply.hijack();
      answerWrite(reply.raw, result, counters);
    },
  };
}

const NO_PARAMETERS: readonly string[] = [];
const PUT_PARAMETERS = ['ttl'] as const;

/** A misspelt parameter would be a lifetime that silently does not apply, so what is not known is refused. */
function checkQuery(request: FastifyRequest, known: readonly string[]): void {
  if (request.url.indexOf('?') === -1) return;
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (!known.includes(name)) {
      const takes = known.length === 0 ? 'no query parameter' : `only ${known.map((each) => `?${each}=`).join(', ')}`;
      throw new Problem('query-invalid', `${request.method} takes ${takes} here.`);
    }
    if (typeof value !== 'string') throw new Problem('query-invalid', `?${name}= may be given only once.`);
  }
}

function expiryOf(request: FastifyRequest, headers: IncomingHttpHeaders, unixMs: () => number): number | undefined {
  const { ttl } = request.query as { readonly ttl?: string };
  const seconds = lifetimeSeconds(ttl, headers['cache-control']);
  return seconds === undefined ? undefined : wireExpiry(seconds, unixMs());
}

const EMPTY = Buffer.alloc(0);

/** The value as it came. A PUT without a body stores an empty value. */
function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : EMPTY;
}

function answerWrite(response: ServerResponse, result: WriteResult, counters: Counters): void {
  switch (result.kind) {
    case 'created':
      return answerDone(response, 201, result.entityTag);
    case 'overwritten':
      return answerDone(response, 204, result.entityTag);
    case 'deleted':
      return answerDone(response, 204, undefined);
    case 'absent':
      return answerProblem(response, new Problem('not-found', 'There was nothing to delete under this key.'));
    case 'precondition-failed':
      counters.rejected++;
      return answerProblem(
        response,
        new Problem(
          'precondition-failed',
          'The stored value is not the one the request names. Read the key, then decide again.',
        ),
      );
    case 'conflict':
      counters.rejected++;
      return answerProblem(
        response,
        new Problem('write-conflict', 'Other writers changed the key again and again. Try again.'),
      );
    case 'failed':
      counters.failures++;
      return answerProblem(response, problemOfFailedWrite(result.failure));
    default:
      return result satisfies never;
  }
}
