import { RETRY_AFTER_SECONDS } from '../limits.ts';

/**
 * The one table of what an HTTP client can be told when a request is not served: RFC 9457 problem details with a
 * stable `type`. Codes are documented in docs/http.md, tested, and never reused for something else.
 */
export const PROBLEMS = {
  'request-malformed': { status: 400, title: 'The request is not well-formed HTTP' },
  'target-malformed': { status: 400, title: 'The request target cannot be read' },
  'namespace-invalid': { status: 400, title: 'The namespace is not valid' },
  'key-empty': { status: 400, title: 'The key is empty' },
  'key-too-long': { status: 400, title: 'The key is too long' },
  'key-malformed': { status: 400, title: 'The key is not well encoded' },
  'ttl-invalid': { status: 400, title: 'The lifetime is not valid' },
  'cache-control-invalid': { status: 400, title: 'The Cache-Control of the write cannot be honoured' },
  'metadata-invalid': { status: 400, title: 'A header to be stored with the value is not valid' },
  'precondition-malformed': { status: 400, title: 'A precondition cannot be read' },
  'query-invalid': { status: 400, title: 'The query string is not valid' },
  'body-unexpected': { status: 400, title: 'This request must not have a body' },
  'not-found': { status: 404, title: 'Nothing is stored under this key' },
  'route-not-found': { status: 404, title: 'There is no such resource' },
  'method-not-allowed': { status: 405, title: 'The method is not supported here' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time' },
  'write-conflict': { status: 409, title: 'Other writers kept changing the key' },
  'precondition-failed': { status: 412, title: 'The precondition does not hold' },
  'value-too-large': { status: 413, title: 'The value is too large' },
  'target-too-long': { status: 414, title: 'The request target is too long' },
  'media-type-invalid': { status: 415, title: 'The Content-Type is not valid' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'The proxy failed to handle the request' },
  'transfer-coding-unknown': { status: 501, title: 'The transfer coding is not supported' },
  'node-unavailable': { status: 503, title: 'The node that owns this key cannot be reached' },
  'node-moving': { status: 503, title: 'The key is changing its owner' },
  'no-topology': { status: 503, title: 'The proxy does not know the cluster yet' },
  'outcome-unknown': { status: 504, title: 'The node did not answer; the write may have been done' },
  'node-timeout': { status: 504, title: 'The node did not answer in time' },
  'node-error': { status: 502, title: 'The node answered with an error' },
  'node-full': { status: 507, title: 'The node has no room for this value' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_TYPE_PREFIX: string = 'urn:ringway:problem:';

/** A request that is refused or could not be served. `detail` tells the client what to do about it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string;

  constructor(code: ProblemCode, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.detail = detail;
  }
}

/** The answer to a problem: a problem document, and the header fields its status asks for. */
export function problemDocument(problem: Problem): string {
  const { code, status, detail } = problem;
  return JSON.stringify({ type: PROBLEM_TYPE_PREFIX + code, title: PROBLEMS[code].title, status, detail, code });
}

/** Seconds for Retry-After where trying again is what to do; undefined elsewhere. */
export function retryAfterSeconds(problem: Problem): number | undefined {
  if (problem.code === 'write-conflict') return 0;
  return problem.status === 503 ? RETRY_AFTER_SECONDS : undefined;
}
