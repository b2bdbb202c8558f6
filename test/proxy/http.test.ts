import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawExchange } from '../support/raw-http.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;
let base: string;

beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 3 });
  base = `http://127.0.0.1:${cluster.http.port}/v1/kv/http`;
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** A key of its own for each use. */
let keyCount = 0;
function freshKey(): string {
  keyCount++;
  return `${base}/key-${keyCount}`;
}

async function put(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers });
}

async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

test('what was put is got, byte for byte', async () => {
  const url = freshKey();
  const body = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
  expect((await put(url, body)).status).toBe(204);
  const response = await fetch(url);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(body))).toBe(true);
});

test.each([
  ['an empty value', 0],
  ['one byte', 1],
  ['a value across read buffers', 200_000],
  ['a value of several MiB', 5 * 1024 * 1024],
])('%s comes back whole', async (_name, size) => {
  const url = freshKey();
  const body = Buffer.alloc(size, 'ringway');
  expect((await put(url, body)).status).toBe(204);
  const response = await fetch(url);
  expect(response.headers.get('content-length')).toBe(String(size));
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
});

test('a hit says what it is, and that it may be kept but not trusted blindly', async () => {
  const url = freshKey();
  const stored = await put(url, '{}', {
    'content-type': 'application/json; charset=utf-8',
    'content-encoding': 'identity',
    'content-language': 'en, de-CH',
  });
  const response = await fetch(url);
  const { headers } = response;
  expect(headers.get('etag')).toBe(stored.headers.get('etag'));
  expect(headers.get('etag')).toMatch(/^"\d+-\d+"$/);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-encoding': 'identity',
    'content-language': 'en, de-CH',
    'content-length': '2',
    'cache-control': 'no-cache',
    'cache-status': 'ringway; hit',
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  });
});

test('a value without a type is bytes', async () => {
  const url = freshKey();
  await rawExchange(cluster.http, `PUT ${new URL(url).pathname} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`, {
    answerCount: 1,
  });
  expect((await fetch(url)).headers.get('content-type')).toBe('application/octet-stream');
});

test('a miss is an empty 404, and a problem for those who ask', async () => {
  const url = freshKey();
  const plain = await fetch(url, { headers: { accept: '*/*' } });
  expect([plain.status, await plain.text(), plain.headers.get('cache-status')]).toEqual([
    404,
    '',
    'ringway; fwd=uri-miss',
  ]);
  const full = await fetch(url, { headers: { accept: 'application/problem+json' } });
  expect([full.status, full.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await full.json()).toMatchObject({ type: 'urn:ringway:problem:not-found', status: 404 });
});

test('HEAD answers as GET does, without the value', async () => {
  const url = freshKey();
  await put(url, 'twelve bytes', { 'content-type': 'text/plain' });
  const [get, head] = await Promise.all([fetch(url), fetch(url, { method: 'HEAD' })]);
  expect(await head.text()).toBe('');
  const described = (response: Response): object => {
    // The client closes after a HEAD, and seconds may pass between the two.
    const { connection, 'keep-alive': _, date, ...rest } = Object.fromEntries(response.headers);
    expect([connection, date]).not.toContain(undefined);
    return rest;
  };
  expect(described(head)).toEqual(described(get));
  expect(await statusOf(freshKey(), { method: 'HEAD' })).toBe(404);
});

test('DELETE removes, and says whether there was something', async () => {
  const url = freshKey();
  await put(url, 'x');
  expect(await statusOf(url, { method: 'DELETE' })).toBe(204);
  expect(await statusOf(url)).toBe(404);
  expect(await statusOf(url, { method: 'DELETE' })).toBe(404);
});

test('an overwrite gets a new entity tag', async () => {
  const url = freshKey();
  const first = (await put(url, 'a')).headers.get('etag');
  const second = (await put(url, 'a')).headers.get('etag');
  expect(first).not.toBe(second);
  expect((await fetch(url)).headers.get('etag')).toBe(second);
});

test('a lifetime ends', async () => {
  const url = freshKey();
  await put(`${url}?ttl=1`, 'x');
  const alive = await fetch(url);
  expect([alive.status, alive.headers.get('cache-status')]).toEqual([
    200,
    expect.stringMatching(/^ringway; hit; ttl=[01]$/),
  ]);
  cluster.advanceClock(2_500);
  expect(await statusOf(url)).toBe(404);
});

test.each([
  ['?ttl=100', {}, 100],
  ['', { 'cache-control': 'max-age=50' }, 50],
  ['', { 'cache-control': 'max-age=50, s-maxage=20' }, 20],
  ['?ttl=100', { 'cache-control': 'max-age=50' }, 100],
  ['?ttl=2592000', {}, 2_592_000],
  ['?ttl=2592001', {}, 2_592_001],
  ['?ttl=315360000', {}, 315_360_000],
])('the lifetime of PUT %s %o is %d seconds', async (query, headers, seconds) => {
  const url = freshKey();
  expect((await put(url + query, 'x', headers as Record<string, string>)).status).toBe(204);
  const ttl = Number(/ttl=(\d+)/.exec((await fetch(url)).headers.get('cache-status') ?? '')?.[1]);
  expect(Math.abs(ttl - seconds)).toBeLessThanOrEqual(5);
});

test.each([
  ['no-cache, private', 204],
  ['stale-while-revalidate=30, max-age=10', 204],
])('PUT with Cache-Control: %s is taken', async (value, status) => {
  expect((await put(freshKey(), 'x', { 'cache-control': value })).status).toBe(status);
});

test('conditional reads', async () => {
  const url = freshKey();
  const tag = (await put(url, 'x')).headers.get('etag') ?? '';
  const ask = (headers: Record<string, string>, method = 'GET'): Promise<number> => statusOf(url, { method, headers });
  expect(await ask({ 'if-none-match': tag })).toBe(304);
  expect(await ask({ 'if-none-match': `W/${tag}` })).toBe(304);
  expect(await ask({ 'if-none-match': `"0-0", ${tag}` })).toBe(304);
  expect(await ask({ 'if-none-match': '*' }, 'HEAD')).toBe(304);
  expect(await ask({ 'if-none-match': '"0-0"' })).toBe(200);
  expect(await ask({ 'if-match': tag })).toBe(200);
  expect(await ask({ 'if-match': '"0-0"' })).toBe(412);
  expect(await statusOf(freshKey(), { headers: { 'if-match': '*' } })).toBe(412);
  expect(await statusOf(freshKey(), { headers: { 'if-none-match': '*' } })).toBe(404);
  const notModified = await fetch(url, { headers: { 'if-none-match': tag } });
  expect([notModified.headers.get('etag'), await notModified.text()]).toEqual([tag, '']);
});

test('conditional writes', async () => {
  const url = freshKey();
  expect((await put(url, 'x', { 'if-match': '*' })).status).toBe(412);
  expect((await put(url, 'x', { 'if-match': '"1-1"' })).status).toBe(412);
  const created = await put(url, 'one', { 'if-none-match': '*' });
  const first = created.headers.get('etag') ?? '';
  expect(created.status).toBe(201);
  expect((await put(url, 'x', { 'if-none-match': '*' })).status).toBe(412);
  expect((await put(url, 'x', { 'if-none-match': `"0-0", ${first}` })).status).toBe(412);
  const second = await put(url, 'two', { 'if-match': first });
  expect(second.status).toBe(204);
  expect((await put(url, 'x', { 'if-match': first })).status).toBe(412);
  expect((await put(url, 'x', { 'if-match': `W/${second.headers.get('etag')}` })).status).toBe(412);
  expect((await put(url, 'three', { 'if-match': `"0-0", ${first}, ${second.headers.get('etag')}` })).status).toBe(204);
  expect((await put(url, 'four', { 'if-match': '*' })).status).toBe(204);
  expect((await put(url, 'five', { 'if-none-match': '"9-9"' })).status).toBe(204);
  expect(await (await fetch(url)).text()).toBe('five');
});

test('conditional deletes', async () => {
  const url = freshKey();
  const remove = (headers: Record<string, string>): Promise<number> => statusOf(url, { method: 'DELETE', headers });
  expect(await remove({ 'if-match': '*' })).toBe(412);
  const tag = (await put(url, 'x')).headers.get('etag') ?? '';
  expect(await remove({ 'if-match': '"0-0"' })).toBe(412);
  expect(await remove({ 'if-none-match': tag })).toBe(412);
  expect(await remove({ 'if-match': tag })).toBe(204);
  expect(await remove({ 'if-match': tag })).toBe(412);
  await put(url, 'x');
  expect(await remove({ 'if-none-match': '"0-0"' })).toBe(204);
  expect(await statusOf(url)).toBe(404);
});

test('of many writers with one tag exactly one wins', async () => {
  const url = freshKey();
  const tag = (await put(url, 'start')).headers.get('etag') ?? '';
  const results = await Promise.all(Array.from({ length: 30 }, (_, i) => put(url, `writer ${i}`, { 'if-match': tag })));
  const statuses = results.map((response) => response.status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([204, ...Array.from({ length: 29 }, () => 412)]);
  const winner = results.findIndex((response) => response.status === 204);
  expect(await (await fetch(url)).text()).toBe(`writer ${winner}`);
});

test('every byte may be in a key', async () => {
  for (let byte = 0; byte < 256; byte++) {
    const encoded = `%${byte.toString(16).padStart(2, '0')}`;
    const path = `/v1/kv/bytes/a${encoded}b`;
    const body = `value ${byte}`;
    // oxlint-disable-next-line no-await-in-loop
    const { answers } = await rawExchange(
      cluster.http,
      `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      { answerCount: 1 },
    );
    expect([byte, answers[0]?.status]).toEqual([byte, 204]);
  }
  for (let byte = 0; byte < 256; byte++) {
    const key = Buffer.from([0x61, byte, 0x62]);
    // oxlint-disable-next-line no-await-in-loop
    const response = await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv64/bytes/${key.toString('base64url')}`);
    // oxlint-disable-next-line no-await-in-loop
    expect([byte, await response.text()]).toEqual([byte, `value ${byte}`]);
  }
});

test.each([
  ['/v1/kv/forms/a%62c', '/v1/kv/forms/abc'],
  ['/v1/kv/forms/%2e%2e', '/v1/kv64/forms/Li4'],
  ['/v1/kv/forms/a%2Fb', '/v1/kv64/forms/YS9i'],
  ['/v1/kv/forms/a%2fc', '/v1/kv/forms/a%2Fc'],
  ['/v1/kv/forms/caf%C3%A9', `/v1/kv64/forms/${Buffer.from('café').toString('base64url')}`],
])('%s and %s are one key', async (written, read) => {
  const body = `value of ${written}`;
  await rawExchange(
    cluster.http,
    `PUT ${written} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    { answerCount: 1 },
  );
  const { answers } = await rawExchange(cluster.http, `GET ${read} HTTP/1.1\r\nHost: a\r\n\r\n`, { answerCount: 1 });
  expect([answers[0]?.status, answers[0]?.body.toString()]).toEqual([200, body]);
});

test('namespaces do not meet', async () => {
  const root = `http://127.0.0.1:${cluster.http.port}/v1/kv`;
  await put(`${root}/a/b%2Fc`, 'one');
  await put(`${root}/b/c`, 'two');
  expect(await statusOf(`${root}/a%2Fb/c`)).toBe(400);
  expect(await (await fetch(`${root}/a/b%2Fc`)).text()).toBe('one');
  expect(await (await fetch(`${root}/b/c`)).text()).toBe('two');
  expect(await statusOf(`${root}/a/c`)).toBe(404);
});

test('the longest key fits', async () => {
  const url = `http://127.0.0.1:${cluster.http.port}/v1/kv/n/${'k'.repeat(248)}`;
  expect((await put(url, 'x')).status).toBe(204);
  expect(await statusOf(url)).toBe(200);
  expect(await statusOf(`${url}k`)).toBe(400);
});

test('the longest binary key fits: 186 bytes with its namespace, as they travel as base64', async () => {
  const url = `http://127.0.0.1:${cluster.http.port}/v1/kv/n/${'%00'.repeat(184)}`;
  expect((await put(url, 'x')).status).toBe(204);
  expect(await (await fetch(url)).text()).toBe('x');
  expect(await statusOf(`${url}%00`)).toBe(400);
});

test('pipelined requests are answered in order', async () => {
  const url = new URL(freshKey()).pathname;
  const bytes = [
    `PUT ${url} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none`,
    `GET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${url}-missing HTTP/1.1\r\nHost: a\r\n\r\n`,
    `DELETE ${url} HTTP/1.1\r\nHost: a\r\n\r\n`,
    `GET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ].join('');
  const { answers } = await rawExchange(cluster.http, bytes, { answerCount: 5 });
  expect(answers.map((answer) => [answer.status, answer.body.toString().slice(0, 3)])).toEqual([
    [204, ''],
    [200, 'one'],
    [404, ''],
    [204, ''],
    [404, ''],
  ]);
});

test('a chunked value is stored as one', async () => {
  const url = new URL(freshKey()).pathname;
  const bytes = `PUT ${url} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\nGET ${url} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const { answers } = await rawExchange(cluster.http, bytes, { answerCount: 2 });
  expect(answers.map((answer) => answer.status)).toEqual([204, 200]);
  expect(answers[1]?.body.toString()).toBe('onetwo');
});

test('Expect: 100-continue is answered before the body is sent', async () => {
  const url = new URL(freshKey()).pathname;
  const head = `PUT ${url} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`;
  const { answers } = await rawExchange(cluster.http, '', { pieces: [head, 'ok'], answerCount: 1 });
  expect(answers[0]?.status).toBe(204);
});

test('a value a memcached client wrote is served as bytes', async () => {
  await cluster.memcachedSend('set from-memcached 5 0 5\r\nplain\r\n', 'STORED\r\n');
  const response = await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv/default/from-memcached`);
  expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
    200,
    'plain',
    'application/octet-stream',
  ]);
});

test('flags that look like our magic but are not ours do not break a read', async () => {
  const flags = 0x5257_0003;
  await cluster.memcachedSend(`set pretender ${flags} 0 5\r\nab\r\nc\r\n`, 'STORED\r\n');
  const response = await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv/default/pretender`);
  expect([response.status, await response.text()]).toEqual([200, 'ab\r\nc']);
});

test('an idle connection and the next request on it both work', async () => {
  const url = freshKey();
  await put(url, 'x');
  await delay(50);
  expect(await statusOf(url)).toBe(200);
});
