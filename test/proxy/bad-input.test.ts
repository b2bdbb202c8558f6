import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawExchange } from '../support/raw-http.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { BAD_INPUT, VALUE_BYTES_MAX } from './bad-input.cases.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 2, valueBytesMax: VALUE_BYTES_MAX });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

test('there are enough cases, each with a name of its own', () => {
  expect(BAD_INPUT.length).toBeGreaterThanOrEqual(60);
  expect(new Set(BAD_INPUT.map((each) => each.name)).size).toBe(BAD_INPUT.length);
});

/** Follows every bad request on the same connection: answered only if the connection is still in order. */
const PROBE = 'GET /v1/kv/bad/probe HTTP/1.1\r\nHost: probe\r\n\r\n';

test.each(BAD_INPUT.map((each, index) => [each.name, each, index] as const))('%s', async (_name, each, index) => {
  const key = `case-${index}`;
  const items = await cluster.itemCount();
  const bad = typeof each.bytes === 'string' ? Buffer.from(each.bytes.replaceAll('{key}', key), 'latin1') : each.bytes;
  const expectsProbe = each.connection === 'open';
  const { answers, rest, closed } = await rawExchange(cluster.http, Buffer.concat([bad, Buffer.from(PROBE)]), {
    answerCount: expectsProbe ? 2 : Infinity,
  });

  const [answer, probe] = answers;
  expect(answer?.status, rest.toString('latin1')).toBe(each.status);
  const problem = JSON.parse(answer?.body.toString() ?? '') as Record<string, unknown>;
  expect(answer?.headers.get('content-type')).toBe('application/problem+json');
  expect(problem).toMatchObject({ type: `urn:ringway:problem:${each.code}`, status: each.status, code: each.code });
  expect(String(problem['title']).length).toBeGreaterThan(10);
  expect(String(problem['detail'])).toMatch(/^.{15,}[.)]$/);

  if (expectsProbe) expect([probe?.status, answers.length, rest.length]).toEqual([404, 2, 0]);
  else expect([answers.length, closed]).toEqual([1, true]);
  expect(await cluster.itemCount()).toBe(items);
});

test('the largest value allowed is stored', async () => {
  const body = 'v'.repeat(VALUE_BYTES_MAX);
  const bytes = `PUT /v1/kv/good/largest HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const { answers } = await rawExchange(cluster.http, bytes, { answerCount: 1 });
  expect(answers[0]?.status).toBe(204);
});

test('a body cut short by the client stores nothing', async () => {
  const items = await cluster.itemCount();
  const head = 'PUT /v1/kv/bad/cut HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf';
  await rawExchange(cluster.http, head, { timeoutMs: 100 });
  const { answers } = await rawExchange(cluster.http, 'GET /v1/kv/bad/cut HTTP/1.1\r\nHost: a\r\n\r\n', {
    answerCount: 1,
  });
  expect(answers[0]?.status).toBe(404);
  expect(await cluster.itemCount()).toBe(items);
});

test('nothing that was refused has left a trace on Object.prototype', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
});
