import { setTimeout as delay } from 'node:timers/promises';
import {
  call,
  ClientError,
  createPool,
  createSweeper,
  IN_FLIGHT_MAX,
  type Greeting,
  type Pool,
  type Sweeper,
} from '@ringway/client';
import { ResponseKind, writeMetaGet } from '@ringway/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer;
let sweeper: Sweeper;
let pool: Pool;

beforeEach(async () => {
  server = await scriptedServer();
  sweeper = createSweeper();
  pool = createPool({ host: server.host, port: server.port, sweeper });
});

afterEach(async () => {
  pool.close();
  sweeper.close();
  await server[Symbol.asyncDispose]();
});

function read(key: string, timeoutMs = 2_000, target: Pool = pool): Promise<string> {
  const bytes = Buffer.from(key);
  return call(target, {
    deadlineMs: sweeper.nowMs() + timeoutMs,
    write: (out) => writeMetaGet(out, bytes, 0, bytes.length, 'v'),
    read: (reply, input, start, end) =>
      reply.kind === ResponseKind.value
        ? Buffer.from(input.slice(start, end)).toString('latin1')
        : `kind ${reply.kind}`,
  });
}

/** The error of a request that must fail. */
async function failure(request: Promise<string>): Promise<ClientError> {
  try {
    throw new Error(`answered: ${await request}`);
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
}

test('requests made in one turn leave in one write', async () => {
  const first = read('warm');
  await server.received((text) => text.includes('warm'));
  server.send('EN\r\n');
  await first;
  const before = server.chunks.length;
  const requests = ['a', 'b', 'c'].map((key) => read(key));
  await server.received((text) => text.includes('mg c'));
  expect(server.chunks.slice(before)).toEqual(['mg a v\r\nmg b v\r\nmg c v\r\n']);
  server.send('VA 1\r\n1\r\nVA 1\r\n2\r\nVA 1\r\n3\r\n');
  expect(await Promise.all(requests)).toEqual(['1', '2', '3']);
});

test('replies cut at every byte are matched to their requests', async () => {
  const stream = 'VA 3\r\none\r\nEN\r\nVA 0\r\n\r\nVA 12\r\nwith\r\nbreaks\r\n';
  for (let cut = 1; cut < stream.length; cut++) {
    const requests = ['a', 'b', 'c', 'd'].map((key) => read(`${key}${cut}`));
    // oxlint-disable-next-line no-await-in-loop
    await server.received((text) => text.includes(`mg d${cut} `));
    server.send(stream.slice(0, cut));
    // oxlint-disable-next-line no-await-in-loop
    await new Promise(setImmediate);
    server.send(stream.slice(cut));
    // oxlint-disable-next-line no-await-in-loop
    expect(await Promise.all(requests)).toEqual(['one', `kind ${ResponseKind.miss}`, '', 'with\r\nbreaks']);
  }
});

test('a value larger than the read buffer arrives whole', async () => {
  const value = Buffer.alloc(1_000_003, 'abcdefg');
  const request = read('large', 10_000);
  await server.received((text) => text.includes('large'));
  server.send(Buffer.concat([Buffer.from(`VA ${value.length}\r\n`), value, Buffer.from('\r\nEN\r\n')]));
  const next = read('next');
  expect((await request) === value.toString('latin1')).toBe(true);
  expect(await next).toBe(`kind ${ResponseKind.miss}`);
});

test('bytes that nobody asked for end the connection', async () => {
  const first = read('a');
  await server.received((text) => text.includes('mg a'));
  server.send('EN\r\nVA 1\r\nx\r\n');
  await first;
  await delay(20);
  const second = read('b');
  await server.received((text) => text.includes('mg b'));
  expect(server.connectionCount).toBe(2);
  server.send('EN\r\n');
  expect(await second).toBe(`kind ${ResponseKind.miss}`);
});

test('a reply that is none fails what waits, as unknown', async () => {
  const requests = [read('a'), read('b')];
  await server.received((text) => text.includes('mg b'));
  server.send('HELLO\r\n');
  for (const request of requests) {
    // oxlint-disable-next-line no-await-in-loop
    const error = await failure(request);
    expect([error.code, error.sent]).toEqual(['CLIENT_PROTOCOL', true]);
  }
});

test('a data block that does not end where it said fails as unknown', async () => {
  const request = read('a');
  await server.received((text) => text.includes('mg a'));
  server.send('VA 3\r\nlonger\r\n');
  expect((await failure(request)).code).toBe('CLIENT_PROTOCOL');
});

test('a connection lost in the middle of a reply fails as unknown', async () => {
  const request = read('a');
  await server.received((text) => text.includes('mg a'));
  server.send('VA 10\r\nhalf');
  await delay(20);
  server.hangUp();
  const error = await failure(request);
  expect([error.code, error.sent]).toEqual(['CLIENT_RESET', true]);
});

test('nobody listening fails as not sent, at once while the back-off lasts, and recovers', async () => {
  const { port } = server;
  await server[Symbol.asyncDispose]();
  const first = await failure(read('a'));
  expect([first.code, first.sent]).toEqual(['CLIENT_CONNECT', false]);
  const second = await failure(read('b'));
  expect([second.code, second.sent]).toEqual(['CLIENT_UNAVAILABLE', false]);
  server = await scriptedServer({ port, onConnection: (socket) => socket.on('data', () => socket.write('EN\r\n')) });
  await expect.poll(() => read('c', 500).catch(() => 'failed')).toBe(`kind ${ResponseKind.miss}`);
});

test('a late reply is dropped and the next one still finds its request', async () => {
  const slow = read('slow', 30);
  const error = await failure(slow);
  expect([error.code, error.sent]).toEqual(['CLIENT_TIMEOUT', true]);
  const next = read('next');
  await server.received((text) => text.includes('next'));
  server.send('VA 4\r\nlate\r\nVA 4\r\nnext\r\n');
  expect(await next).toBe('next');
  expect(server.connectionCount).toBe(1);
});

test('a node that answers nothing at all loses its connection', async () => {
  expect((await failure(read('a', 20))).code).toBe('CLIENT_TIMEOUT');
  expect(pool.connectionCount).toBe(1);
  await expect.poll(() => pool.connectionCount, { timeout: 3_000 }).toBe(0);
});

test('a request that timed out before the connection was ready is never sent', async () => {
  const greeting: Greeting = { write: (out) => out.ascii('mn\r\n'), accept: () => undefined };
  const greeted = createPool({ host: server.host, port: server.port, sweeper, greeting });
  const error = await failure(read('early', 30, greeted));
  expect([error.code, error.sent]).toEqual(['CLIENT_CONNECT', false]);
  server.send('MN\r\n');
  await delay(50);
  expect(server.chunks.join('')).toBe('mn\r\n');
  greeted.close();
});

test('nothing is sent to a server that greets as somebody else', async () => {
  const greeting: Greeting = { write: (out) => out.ascii('mn\r\n'), accept: () => 'it is somebody else' };
  const greeted = createPool({ host: server.host, port: server.port, sweeper, greeting });
  const request = read('secret', 2_000, greeted);
  await server.received((text) => text === 'mn\r\n');
  server.send('MN\r\n');
  const error = await failure(request);
  expect([error.code, error.sent]).toEqual(['CLIENT_IDENTITY', false]);
  expect(server.chunks.join('')).toBe('mn\r\n');
  greeted.close();
});

test('the queue is bounded, and the one too many is refused as not sent', async () => {
  const waiting = Array.from({ length: IN_FLIGHT_MAX }, (_, i) =>
    read(`k${i}`).catch((error: ClientError) => error.code),
  );
  const error = await failure(read('one-too-many'));
  expect([error.code, error.sent]).toEqual(['CLIENT_QUEUE_FULL', false]);
  expect(pool.pendingCount).toBe(IN_FLIGHT_MAX);
  await server.received((text) => text.includes(`mg k${IN_FLIGHT_MAX - 1} `));
  server.send('EN\r\n'.repeat(IN_FLIGHT_MAX));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([`kind ${ResponseKind.miss}`]));
});

test('draining waits for the replies that are due and refuses what is new', async () => {
  const request = read('a');
  await server.received((text) => text.includes('mg a'));
  const drained = pool.drain();
  expect((await failure(read('b'))).code).toBe('CLIENT_CLOSED');
  server.send('EN\r\n');
  expect(await request).toBe(`kind ${ResponseKind.miss}`);
  await drained;
  expect(pool.connectionCount).toBe(0);
});

test('closing fails what waits, as unknown once it was sent', async () => {
  const request = read('a');
  await server.received((text) => text.includes('mg a'));
  pool.close();
  const error = await failure(request);
  expect([error.code, error.sent]).toEqual(['CLIENT_CLOSED', true]);
});

test('a key that cannot be sent throws and leaves the connection in order', async () => {
  const key = Buffer.alloc(251, 'k');
  expect(() =>
    pool.send({
      deadlineMs: sweeper.nowMs() + 1_000,
      write: (out) => writeMetaGet(out, key, 0, key.length, 'v'),
      onReply: () => {},
      onFailure: () => {},
    }),
  ).toThrow(expect.objectContaining({ code: 'PROTOCOL_KEY' }));
  const next = read('next');
  await server.received((text) => text.includes('next'));
  expect(server.chunks.join('')).toBe('mg next v\r\n');
  server.send('EN\r\n');
  expect(await next).toBe(`kind ${ResponseKind.miss}`);
});
