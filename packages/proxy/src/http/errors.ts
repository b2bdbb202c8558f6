import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import * as limits from '../limits.ts';
import { Problem, problemDocument, type ProblemCode } from './problems.ts';

/** The problem that an error thrown in a handler, or by fastify before one, stands for. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = (error as Partial<FastifyError> | null)?.code;
  const known = code === undefined ? undefined : FASTIFY_ERRORS[code];
  if (known !== undefined) return new Problem(known[0], known[1]);
  return new Problem('internal', 'This is a fault of the proxy. Its log has the details.');
}

const FASTIFY_ERRORS: Record<string, readonly [ProblemCode, string]> = {
  FST_ERR_BAD_URL: ['target-malformed', "The path is not well percent-encoded: each '%' needs two hexadecimal digits."],
  FST_ERR_MAX_PARAM_LENGTH: [
    'target-too-long',
    `A path segment may have at most ${limits.PARAM_LENGTH_MAX} characters.`,
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'value-too-large',
    'The value is larger than this proxy takes. Split it over several keys.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request-malformed', 'Content-Length does not match the size of the body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'media-type-invalid',
    'Content-Type must be a media type, such as text/plain; charset=utf-8.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['request-malformed', 'The body is empty.'],
};

/** Connections that got their last answer: what the parser still objects to behind it gets none. */
const lastAnswered = new WeakSet<Socket>();

export function markLastAnswer(socket: Socket): void {
  lastAnswered.add(socket);
}

/** What Node's HTTP parser or its timers object to, before there is a request. The connection ends with the answer. */
export function answerParserError(error: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (lastAnswered.has(socket)) {
    socket.end();
    return;
  }
  const problem = parserProblem(error.code);
  const document = problemDocument(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Bad Request'}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(document)}\r\n` +
      `Connection: close\r\n\r\n${document}`,
  );
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

function parserProblem(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(
        'headers-too-large',
        `The request line and headers may have at most ${limits.HEADER_BYTES_MAX} bytes together.`,
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request-timeout', 'Send the head and the body of a request without long pauses.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('value-too-large', 'The chunk extensions are too large: send chunks without extensions.');
    default:
      return new Problem('request-malformed', `The request is not well-formed HTTP/1.1 (${code ?? 'unreadable'}).`);
  }
}
