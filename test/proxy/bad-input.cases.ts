/** Requests that must be refused: what is sent, what is answered, and what becomes of the connection. */
export interface BadInput {
  readonly name: string;
  /** The whole request. `{key}` stands for the case's own key, so that what it stored by mistake would be seen. */
  readonly bytes: string | Buffer;
  readonly status: number;
  /** The problem's code; undefined where Node answers before there is a problem document. */
  readonly code: string;
  /** open: the next request on the connection is answered. closed: it is not. */
  readonly connection: 'open' | 'closed';
}

function refused(
  name: string,
  bytes: string | Buffer,
  status: number,
  code: string,
  connection: BadInput['connection'],
): BadInput {
  return { name, bytes, status, code, connection };
}

/** What the proxy under test takes at most, small so that a case above it stays small too. */
export const VALUE_BYTES_MAX: number = 64 * 1024;

const HOST = 'Host: test\r\n';
const key = '/v1/kv/bad/{key}';

function put(target: string, headers = '', body = 'value'): string {
  return `PUT ${target} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function get(target: string, headers = ''): string {
  return `GET ${target} HTTP/1.1\r\n${HOST}${headers}\r\n`;
}

const framing: BadInput[] = [
  refused('garbage', 'hello there\r\n\r\n', 400, 'request-malformed', 'closed'),
  refused('a TLS greeting', Buffer.from('16030100a5010000a10303', 'hex'), 400, 'request-malformed', 'closed'),
  refused('a memcached command', 'set k 0 0 1\r\nx\r\n', 400, 'request-malformed', 'closed'),
  refused('HTTP/2 prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request-malformed', 'closed'),
  refused('a version that is none', `GET ${key} HTTP/3.7\r\n${HOST}\r\n`, 400, 'request-malformed', 'closed'),
  refused('a method in lower case', `get ${key} HTTP/1.1\r\n${HOST}\r\n`, 400, 'request-malformed', 'closed'),
  refused('an unknown method', `FETCH ${key} HTTP/1.1\r\n${HOST}\r\n`, 400, 'request-malformed', 'closed'),
  refused('no Host', `GET ${key} HTTP/1.1\r\n\r\n`, 400, 'request-malformed', 'closed'),
  refused('two Hosts', `GET ${key} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`, 400, 'request-malformed', 'closed'),
  refused('header lines ending in bare LF', `GET ${key} HTTP/1.1\nHost: a\n\n`, 400, 'request-malformed', 'closed'),
  refused('a space before a colon', `GET ${key} HTTP/1.1\r\nHost : a\r\n\r\n`, 400, 'request-malformed', 'closed'),
  refused(
    'a folded header line',
    `GET ${key} HTTP/1.1\r\n${HOST}X-A: b\r\n c\r\n\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused(
    'a NUL in a header value',
    `GET ${key} HTTP/1.1\r\n${HOST}X-A: b\0c\r\n\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused('a header without name', `GET ${key} HTTP/1.1\r\n${HOST}: b\r\n\r\n`, 400, 'request-malformed', 'closed'),
  refused(
    'a space inside the target',
    `GET /v1/kv/bad/a b HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused('headers above the limit', get(key, `X-Big: ${'x'.repeat(17_000)}\r\n`), 431, 'headers-too-large', 'closed'),
  refused(
    'a target above the header limit',
    get(`/v1/kv/bad/${'k'.repeat(17_000)}`),
    431,
    'headers-too-large',
    'closed',
  ),
  refused(
    'an absolute target',
    `GET http://elsewhere/v1/kv/bad/{key} HTTP/1.1\r\n${HOST}\r\n`,
    400,
    'target-malformed',
    'closed',
  ),
  refused('the asterisk target', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 400, 'target-malformed', 'closed'),
  refused('a fragment in the target', get(`${key}#part`), 400, 'target-malformed', 'closed'),
];

const lengths: BadInput[] = [
  refused(
    'two Content-Lengths',
    `PUT ${key} HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
    400,
    'request-malformed',
    'closed',
  ),
  refused(
    'Content-Length and chunked',
    `PUT ${key} HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  ...['-1', '+5', '5 5', 'five', '0x5', '5,5', '99999999999999999999'].map((length) =>
    refused(
      `Content-Length: ${length}`,
      `PUT ${key} HTTP/1.1\r\n${HOST}Content-Length: ${length}\r\n\r\nvalue`,
      400,
      'request-malformed',
      'closed',
    ),
  ),
  refused(
    'a chunk size that is no number',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\nvalue\r\n0\r\n\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused(
    'a chunk longer than it says',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n2\r\nvalue\r\n0\r\n\r\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused(
    'chunk lines ending in bare LF',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\nvalue\n0\n\n`,
    400,
    'request-malformed',
    'closed',
  ),
  refused(
    'an unknown transfer coding',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    501,
    'transfer-coding-unknown',
    'closed',
  ),
  refused(
    'a second transfer coding',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    501,
    'transfer-coding-unknown',
    'closed',
  ),
  refused(
    'a value one byte above the limit',
    put(key, '', 'v'.repeat(VALUE_BYTES_MAX + 1)),
    413,
    'value-too-large',
    'closed',
  ),
  refused(
    'a chunked value above the limit',
    `PUT ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${(VALUE_BYTES_MAX + 1).toString(16)}\r\n${'v'.repeat(VALUE_BYTES_MAX + 1)}\r\n0\r\n\r\n`,
    413,
    'value-too-large',
    'closed',
  ),
  refused(
    'a GET with a body',
    `GET ${key} HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nvalue`,
    400,
    'body-unexpected',
    'closed',
  ),
  refused(
    'a DELETE with a body',
    `DELETE ${key} HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nvalue`,
    400,
    'body-unexpected',
    'closed',
  ),
  refused(
    'a GET with a chunked body',
    `GET ${key} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    'body-unexpected',
    'closed',
  ),
];

const methods: BadInput[] = ['POST', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'].map((method) =>
  refused(`${method} on a key`, `${method} ${key} HTTP/1.1\r\n${HOST}\r\n`, 405, 'method-not-allowed', 'open'),
);

const namespaces: BadInput[] = [
  ['', 'an empty namespace'],
  ['.hidden', 'a namespace that begins with a dot'],
  ['-x', 'a namespace that begins with a dash'],
  ['a*b', 'a namespace with a star'],
  ['a:b', 'a namespace with a colon'],
  ['n'.repeat(65), 'a namespace of 65 bytes'],
].map(([namespace, name]) => refused(name ?? '', put(`/v1/kv/${namespace}/{key}`), 400, 'namespace-invalid', 'open'));

const keys: BadInput[] = [
  refused('a percent-encoded namespace', put('/v1/kv/a%2Fb/{key}'), 400, 'namespace-invalid', 'open'),
  refused('no key', put('/v1/kv/bad/'), 400, 'key-empty', 'open'),
  refused('no key and no slash', put('/v1/kv/bad'), 404, 'route-not-found', 'open'),
  refused('a slash in a key', put('/v1/kv/bad/a/{key}'), 404, 'route-not-found', 'open'),
  refused('a trailing slash', put(`${key}/`), 404, 'route-not-found', 'open'),
  refused('a doubled slash', put('/v1/kv//bad/{key}'), 404, 'route-not-found', 'open'),
  refused('another version', get('/v2/kv/bad/{key}'), 404, 'route-not-found', 'open'),
  refused('a path upwards', get('/v1/kv/../metrics'), 400, 'namespace-invalid', 'open'),
  refused('the admin surface', get('/metrics'), 404, 'route-not-found', 'open'),
  refused('a key one byte too long', put(`/v1/kv/bad/${'k'.repeat(247)}`), 400, 'key-too-long', 'open'),
  refused(
    'a binary key too long once it is base64',
    put(`/v1/kv/bad/${'%00'.repeat(184)}`),
    400,
    'key-too-long',
    'open',
  ),
  refused('a path segment above the limit', put(`/v1/kv/bad/${'k'.repeat(1025)}`), 414, 'target-too-long', 'closed'),
  ...['%', '%a', '%zz', 'a%2', '%u0041', 'ok%00%g0'].map((text): BadInput =>
    refused(`the percent-encoding ${text}`, put(`/v1/kv/bad/${text}`), 400, 'target-malformed', 'closed'),
  ),
  refused('base64 with padding', put('/v1/kv64/bad/YQ=='), 400, 'key-malformed', 'open'),
  refused('base64 of the other alphabet', put('/v1/kv64/bad/a+b_'), 400, 'key-malformed', 'open'),
  refused('base64 of an impossible length', put('/v1/kv64/bad/abcde'), 400, 'key-malformed', 'open'),
  refused('an empty base64 key', put('/v1/kv64/bad/'), 400, 'key-empty', 'open'),
];

const lifetimes: BadInput[] = [
  ...['0', '-1', '+5', '1.5', '1e3', 'soon', '', '315360001', '99999999999', '%20'].map((ttl): BadInput =>
    refused(`?ttl=${ttl}`, put(`${key}?ttl=${ttl}`), 400, 'ttl-invalid', 'open'),
  ),
  refused('?ttl= twice', put(`${key}?ttl=1&ttl=2`), 400, 'query-invalid', 'open'),
  refused('an unknown parameter', put(`${key}?tll=60`), 400, 'query-invalid', 'open'),
  refused('a prototype parameter', put(`${key}?__proto__=1`), 400, 'query-invalid', 'open'),
  refused('a parameter on GET', get(`${key}?ttl=5`), 400, 'query-invalid', 'open'),
  ...[
    'no-store',
    'max-age=0',
    'max-age=-1',
    'max-age=soon',
    'max-age',
    'max-age="1',
    's-maxage=0, max-age=60',
    '=60',
    'max-age==60',
  ].map((value): BadInput =>
    refused(`Cache-Control: ${value}`, put(key, `Cache-Control: ${value}\r\n`), 400, 'cache-control-invalid', 'open'),
  ),
];

const headers: BadInput[] = [
  ...['text', 'text/', '/plain', 'text plain'].map((value): BadInput =>
    refused(`Content-Type: ${value}`, put(key, `Content-Type: ${value}\r\n`), 415, 'media-type-invalid', 'open'),
  ),
  refused(
    'a Content-Type with a broken parameter',
    put(key, 'Content-Type: text/plain; charset="utf\r\n'),
    400,
    'metadata-invalid',
    'open',
  ),
  refused(
    'a Content-Type above the limit',
    put(key, `Content-Type: text/${'x'.repeat(251)}\r\n`),
    400,
    'metadata-invalid',
    'open',
  ),
  refused(
    'a Content-Type with high bytes',
    put(key, 'Content-Type: text/plain; a="\xe9"\r\n'),
    400,
    'metadata-invalid',
    'open',
  ),
  refused(
    'a Content-Encoding that is no list of tokens',
    put(key, 'Content-Encoding: gz ip\r\n'),
    400,
    'metadata-invalid',
    'open',
  ),
  refused(
    'a Content-Encoding above the limit',
    put(key, `Content-Encoding: ${'g'.repeat(65)}\r\n`),
    400,
    'metadata-invalid',
    'open',
  ),
  refused('a Content-Language with a space', put(key, 'Content-Language: e n\r\n'), 400, 'metadata-invalid', 'open'),
  ...['abc', '"abc', '', '"a" "b"', 'w/"a"', '*, "a"'].map((value): BadInput =>
    refused(`If-Match: ${value}`, put(key, `If-Match: ${value}\r\n`), 400, 'precondition-malformed', 'open'),
  ),
  refused(
    'If-None-Match with 33 tags',
    get(key, `If-None-Match: ${Array.from({ length: 33 }, (_, i) => `"${i}"`).join(',')}\r\n`),
    400,
    'precondition-malformed',
    'open',
  ),
];

export const BAD_INPUT: readonly BadInput[] = [
  ...framing,
  ...lengths,
  ...methods,
  ...namespaces,
  ...keys,
  ...lifetimes,
  ...headers,
];
