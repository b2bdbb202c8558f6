import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createReport,
  formatBar,
  formatLine,
  formatReport,
  createPlayer,
  createReplayValues,
  type Tally,
} from '@ringway/cli';
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

let server: Server | undefined;
afterEach(() => server?.close());

/** A peer that answers as a test needs it: the real proxy does not give wrong bytes or errors on demand. */
async function listen(answer: Answer): Promise<string> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The smallest cache there is. */
function cacheIn(store: Map<string, Buffer>): Answer {
  return (request, response, body) => {
    const key = (request.url ?? '').split('?')[0] ?? '';
    if (request.method === 'PUT') {
      store.set(key, body);
      response.writeHead(204).end();
    } else {
      const value = store.get(key);
      response.writeHead(value === undefined ? 404 : 200).end(value);
    }
  };
}

async function play(
  url: string,
  keys: readonly string[],
  options: { valueBytes?: number; ttlSeconds?: number } = {},
): Promise<Tally> {
  const remaining = keys.values();
  const player = createPlayer({
    trace: { next: async () => remaining.next().value },
    url,
    namespace: 'replay',
    connections: 2,
    valueBytes: options.valueBytes ?? 100,
    ttlSeconds: options.ttlSeconds,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  await player.play();
  return player.tally;
}

test('a miss is filled and the next request for it hits', async () => {
  const store = new Map<string, Buffer>();
  const url = await listen(cacheIn(store));
  expect(await play(url, ['1', '2', '3'])).toMatchObject({ requests: 3, hits: 0, misses: 3, failed: 0, corrupt: 0 });
  const again = await play(url, ['1', '2', '3', 'new']);
  expect(again).toMatchObject({ requests: 4, hits: 3, misses: 1, failed: 0, corrupt: 0 });
  expect(again.get.summary().count).toBe(4);
  expect(again.put.summary().count).toBe(1);
  expect(store.get('/v1/kv/replay/1')).toHaveLength(100);
});

test('keys are percent-encoded and a lifetime is sent with every value', async () => {
  const urls: string[] = [];
  const url = await listen((request, response) => {
    urls.push(`${request.method} ${request.url}`);
    response.writeHead(request.method === 'PUT' ? 204 : 404).end();
  });
  await play(url, ['a/b ü?'], { ttlSeconds: 60 });
  expect(urls).toEqual(['GET /v1/kv/replay/a%2Fb%20%C3%BC%3F', 'PUT /v1/kv/replay/a%2Fb%20%C3%BC%3F?ttl=60']);
});

test('a hit with one wrong byte, one byte less or one byte more counts as corrupt', async () => {
  const store = new Map<string, Buffer>();
  const url = await listen(cacheIn(store));
  await play(url, ['flipped', 'short', 'long', 'right']);
  const change = (key: string, edit: (value: Buffer) => Buffer) => {
    const value = store.get(`/v1/kv/replay/${key}`);
    if (value !== undefined) store.set(`/v1/kv/replay/${key}`, edit(value));
  };
  change('flipped', (value) => value.fill((value[50] ?? 0) ^ 1, 50, 51));
  change('short', (value) => value.subarray(1));
  change('long', (value) => Buffer.concat([value, Buffer.of(0)]));
  expect(await play(url, ['flipped', 'short', 'long', 'right'])).toMatchObject({ hits: 4, corrupt: 3, failed: 0 });
});

test('a value of another key counts as corrupt', async () => {
  const store = new Map<string, Buffer>();
  const url = await listen(cacheIn(store));
  await play(url, ['1', '2']);
  const other = store.get('/v1/kv/replay/2');
  if (other !== undefined) store.set('/v1/kv/replay/1', other);
  expect(await play(url, ['1', '2'])).toMatchObject({ hits: 2, corrupt: 1 });
});

test('failures are counted by kind and the replay goes on', async () => {
  const store = new Map<string, Buffer>();
  const cache = cacheIn(store);
  const url = await listen((request, response, body) => {
    if (request.url?.endsWith('overload') === true) response.writeHead(503).end();
    else if (request.url?.endsWith('full') === true && request.method === 'PUT') response.writeHead(507).end();
    else if (request.url?.endsWith('reset') === true) request.socket.destroy();
    else cache(request, response, body);
  });
  const tally = await play(url, ['overload', 'full', 'reset', 'fine']);
  expect(tally).toMatchObject({ requests: 4, hits: 0, misses: 2, failed: 3 });
  expect(Object.fromEntries(tally.errors)).toEqual({ 'GET 503': 1, 'PUT 507': 1, 'GET UND_ERR_SOCKET': 1 });
});

test('a damaged trace ends the replay with its error, after the requests before it', async () => {
  const url = await listen(cacheIn(new Map()));
  const damage = new Error('damaged');
  const keys = ['1', '2'].values();
  const player = createPlayer({
    trace: {
      next: async () => {
        const { value, done } = keys.next();
        if (done === true) throw damage;
        return value;
      },
    },
    url,
    namespace: 'replay',
    connections: 1,
    valueBytes: 10,
    ttlSeconds: undefined,
    requestsMax: 100,
  });
  await expect(player.play()).rejects.toBe(damage);
  expect(player.tally).toMatchObject({ requests: 2, misses: 2 });
});

test('no more requests are played than asked for', async () => {
  const url = await listen(cacheIn(new Map()));
  const player = createPlayer({
    trace: { next: async () => 'same' },
    url,
    namespace: 'replay',
    connections: 3,
    valueBytes: 10,
    ttlSeconds: undefined,
    requestsMax: 7,
  });
  await player.play();
  expect(player.tally.requests).toBe(7);
});

test('a value matches in any pieces, and with no byte changed', () => {
  const size = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 250 }),
      size,
      fc.nat(),
      fc.nat(),
      (key, valueBytes, cutAt, flipAt) => {
        const values = createReplayValues(valueBytes);
        const keyBytes = Buffer.from(key);
        const value = values.make(keyBytes);
        const cut = cutAt % (valueBytes + 1);
        expect(value).toHaveLength(valueBytes);
        expect(
          values.matches(keyBytes, 0, value.subarray(0, cut)) && values.matches(keyBytes, cut, value.subarray(cut)),
        ).toBe(true);
        value.fill((value[flipAt % valueBytes] ?? 0) ^ 0x10, flipAt % valueBytes, (flipAt % valueBytes) + 1);
        expect(values.matches(keyBytes, 0, value)).toBe(false);
      },
    ),
    process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) },
  );
});

test('progress tells rate, hits and the time left', () => {
  const sample = { fraction: 0.25, requests: 250_000, hits: 200_000, failed: 0, elapsedSeconds: 12.5 };
  expect(formatLine(sample)).toBe('replay  25.0 %  250,000 requests  20,000/s  80.0 % hits  ETA 38s');
  expect(formatLine({ ...sample, fraction: 0, failed: 3 })).toBe(
    'replay   0.0 %  250,000 requests  20,000/s  80.0 % hits  3 failed  ETA -',
  );
});

test('the bar takes the room that is left and never wraps', () => {
  const sample = { fraction: 0.5, requests: 1000, hits: 500, failed: 0, elapsedSeconds: 1 };
  const wide = formatBar(sample, 120);
  expect(wide).toContain('███████████████░░░░░░░░░░░░░░░');
  expect(formatBar(sample, 40)).toHaveLength(39);
});

test('the report names everything that went wrong', async () => {
  const url = await listen((_request, response) => response.writeHead(500).end());
  const tally = await play(url, ['1', '2']);
  const report = createReport(
    {
      trace: 't.keys',
      format: 'keys',
      url: 'http://127.0.0.1:1',
      namespace: 'replay',
      connections: 2,
      valueBytes: 100,
      interrupted: false,
      seconds: 2,
    },
    tally,
  );
  expect(report).toMatchObject({
    requests: 2,
    hits: 0,
    hitRatio: 0,
    failed: 2,
    errors: { 'GET 500': 2 },
    requestsPerSecond: 1,
  });
  expect(formatReport(report)).toMatch(
    /^requests {4}2 in 2s, 1\/s\n[^]*failed {6}2\n {2}GET 500 +2\n[^]*LATENCY ms +COUNT/,
  );
});
