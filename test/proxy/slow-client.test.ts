import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawExchange } from '../support/raw-http.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 1, timeouts: { headersMs: 300, requestMs: 600, checkMs: 50 } });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

test.each([
  ['says nothing', ''],
  ['stops in the request line', 'GET /v1/kv/slow/a'],
  ['stops in a header', 'GET /v1/kv/slow/a HTTP/1.1\r\nHost: a\r\nX-Slow: '],
  ['stops in the body', 'PUT /v1/kv/slow/a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf'],
  ['stops in a chunk', 'PUT /v1/kv/slow/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf'],
])('a client that %s is cut off in time, with an answer where it has begun to ask', async (_name, bytes) => {
  const { answers, closed } = await rawExchange(cluster.http, bytes, { timeoutMs: 3_000 });
  expect(closed).toBe(true);
  if (bytes !== '') expect(answers.map((answer) => answer.status)).toEqual([408]);
  expect(await cluster.itemCount()).toBe(0);
});

test('a client that is slow but in time is served', async () => {
  const pieces = ['PUT /v1/kv/slow/b HTTP/1.1\r\nHo', 'st: a\r\nContent-Length: 4\r\n\r\n', 'sl', 'ow'];
  const { answers } = await rawExchange(cluster.http, '', { pieces, answerCount: 1 });
  expect(answers[0]?.status).toBe(204);
});
