import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Counters } from '../counters.ts';
import * as limits from '../limits.ts';
import type { Log } from '../log.ts';
import { answerProblem } from './answer.ts';
import { answerParserError, markLastAnswer, problemOf } from './errors.ts';
import { base64Target } from './key.ts';
import { createKeyedResource, type Handlers, type KeyedResourceOptions } from './keyed-resource.ts';
import { Problem } from './problems.ts';
import { inSequence } from './sequence.ts';
import { checkFraming } from './strictness.ts';

export interface HttpFrontOptions extends KeyedResourceOptions {
  readonly valueBytesMax: number;
  readonly timeouts: limits.HttpTimeouts;
  readonly log: Log;
}

/** The HTTP front: fastify with every limit set, and the keyed resource on it. Listening is the caller's. */
export function createHttpFront(options: HttpFrontOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: options.valueBytesMax,
    keepAliveTimeout: limits.KEEP_ALIVE_TIMEOUT_MS,
    // Fastify's default is no limit at all; without the check interval a slow body would live for 30 s more.
    requestTimeout: options.timeouts.requestMs,
    http: {
      headersTimeout: options.timeouts.headersMs,
      connectionsCheckingInterval: options.timeouts.checkMs,
      maxHeaderSize: limits.HEADER_BYTES_MAX,
      insecureHTTPParser: false,
      // Node would answer a missing Host without a problem document; strictness.ts demands it as strictly.
      requireHostHeader: false,
      optimizeEmptyRequests: true,
    },
    routerOptions: {
      maxParamLength: limits.PARAM_LENGTH_MAX,
      ignoreDuplicateSlashes: false,
      ignoreTrailingSlash: false,
      caseSensitive: true,
    },
    exposeHeadRoutes: false,
    onProtoPoisoning: 'error',
    trustProxy: false,
    forceCloseConnections: 'idle',
    // While it closes, what still arrives on open connections is served, and told that it was the last.
    return503OnClosing: false,
    rewriteUrl: (request) => base64Target(request.url ?? ''),
    frameworkErrors: (error, _request, reply) => refuse(options, error, reply),
    clientErrorHandler: answerParserError,
  });
  app.server.maxHeadersCount = limits.HEADER_COUNT_MAX;
  app.server.maxConnections = limits.HTTP_CONNECTION_COUNT_MAX;

  // A value is bytes, whatever it calls itself: nothing is parsed on the way in.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', (request, reply, done) => {
    checkFraming(request.raw);
    // Before a body is read for nothing, and before fastify objects to the body of a method we do not have.
    if (request.is404) throw nowhere(request);
    inSequence(reply.raw, request.method, done);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => refuse(options, error, reply, request));

  const { plain, base64 } = createKeyedResource(options);
  addKeyedRoutes(app, '/v1/kv/:namespace/:key', plain);
  addKeyedRoutes(app, '/v1/kv64/:namespace/:key', base64);
  return app;
}

function addKeyedRoutes(app: FastifyInstance, url: string, handlers: Handlers): void {
  app.get(url, handlers.read);
  app.head(url, handlers.read);
  app.put(url, handlers.put);
  app.delete(url, handlers.remove);
}

const KEYED_PATH = /^\/v1\/kv(?:64)?\/[^/?]+\/[^/?]*(?:\?|$)/;
const KEYED_METHODS = 'GET, HEAD, PUT, DELETE';

function nowhere(request: FastifyRequest): Problem {
  if (KEYED_PATH.test(request.url)) {
    return new Problem('method-not-allowed', `A key takes ${KEYED_METHODS}.`);
  }
  return new Problem(
    'route-not-found',
    "Keys live at /v1/kv/{namespace}/{key}. A '/' inside a key must be percent-encoded as %2F.",
  );
}

/** Answers a problem by fastify's way out, so that a half-read body and the connection are left in order. */
function refuse(
  options: { readonly counters: Counters; readonly log: Log },
  error: unknown,
  reply: FastifyReply,
  request?: FastifyRequest,
): void {
  const problem = problemOf(error);
  if (problem.code === 'internal') options.log.error({ err: error }, 'a request failed unexpectedly');
  if (problem.status >= 500) options.counters.failures++;
  else options.counters.rejected++;
  const head: string[] = [];
  if (problem.code === 'method-not-allowed') head.push('Allow', KEYED_METHODS);
  // What is left of a body that nobody will read must not be taken for the next request.
  if (request === undefined || CLOSES.has(problem.code)) {
    head.push('Connection', 'close');
    markLastAnswer(reply.raw.req.socket);
  }
  reply.hijack();
  answerProblem(reply.raw, problem, head);
}

const CLOSES: ReadonlySet<string> = new Set([
  'body-unexpected',
  'request-malformed',
  'target-malformed',
  'transfer-coding-unknown',
  'value-too-large',
]);
