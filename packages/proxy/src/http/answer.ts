import type { ServerResponse } from 'node:http';
import type { Metadata } from '../entry/metadata.ts';
import { DEFAULT_CONTENT_TYPE } from './stored-headers.ts';
import { problemDocument, retryAfterSeconds, type Problem } from './problems.ts';

/**
 * Every answer of the keyed resource is written here: one head as a flat array, one end() with its length. Fastify
 * routes and parses; its reply pipeline (serialisers, hooks on send) has nothing to add to bytes that are ready.
 *
 * A stored value is somebody's bytes. Whatever it claims to be, a browser must not guess a type for it or run it:
 * hence nosniff and sandbox. Clients may keep it, but must ask before they use it again: hence no-cache and the tag.
 */
const PROTECTION = ['X-Content-Type-Options', 'nosniff', 'Content-Security-Policy', 'sandbox'] as const;

export interface Hit {
  readonly metadata: Metadata | undefined;
  readonly entityTag: string;
  readonly cacheStatus: string;
}

/** 200 with the value: bytes that will not change until they were sent, or a string of one code unit a byte. */
export function answerHit(response: ServerResponse, hit: Hit, body: Uint8Array | string): void {
  const { metadata, entityTag, cacheStatus } = hit;
  const head = [
    'Content-Type',
    metadata?.contentType ?? DEFAULT_CONTENT_TYPE,
    'Content-Length',
    String(body.length),
    'ETag',
    entityTag,
    'Cache-Control',
    'no-cache',
    'Cache-Status',
    cacheStatus,
    ...PROTECTION,
  ];
  if (metadata?.contentEncoding !== undefined) head.push('Content-Encoding', metadata.contentEncoding);
  if (metadata?.contentLanguage !== undefined) head.push('Content-Language', metadata.contentLanguage);
  response.writeHead(200, head);
  response.end(body, 'latin1');
}

/** 304: what the client has is current. */
export function answerNotModified(response: ServerResponse, hit: Hit): void {
  response.writeHead(304, ['ETag', hit.entityTag, 'Cache-Control', 'no-cache', 'Cache-Status', hit.cacheStatus]);
  response.end();
}

/** 404 of a read: empty, as misses are the other half of the hot path; in full only for those who ask for problems. */
export function answerMiss(
  response: ServerResponse,
  options: {
    readonly cacheStatus: string;
    readonly problem: Problem | undefined;
    readonly preference?: string | undefined;
  },
): void {
  const head = ['Cache-Status', options.cacheStatus];
  if (options.preference !== undefined) head.push('Preference-Applied', options.preference);
  if (options.problem !== undefined) return answerProblem(response, options.problem, head);
  head.push('Content-Length', '0');
  response.writeHead(404, head);
  response.end();
}

/** 201, 204: a write was done. */
export function answerDone(response: ServerResponse, status: 201 | 204, entityTag: string | undefined): void {
  const head = entityTag === undefined ? [] : ['ETag', entityTag];
  if (status === 201) head.push('Content-Length', '0');
  response.writeHead(status, head);
  response.end();
}

export function answerProblem(response: ServerResponse, problem: Problem, extraHead: readonly string[] = []): void {
  const document = Buffer.from(problemDocument(problem));
  const head = [
    ...extraHead,
    'Content-Type',
    'application/problem+json',
    'Content-Length',
    String(document.length),
    'Cache-Control',
    'no-store',
  ];
  const retryAfter = retryAfterSeconds(problem);
  if (retryAfter !== undefined) head.push('Retry-After', String(retryAfter));
  response.writeHead(problem.status, head);
  response.end(document);
}
