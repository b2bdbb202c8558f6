import { expect, test } from 'vitest';
import { eventually, POISON, TestNode } from '../node-harness.ts';
import { createRandom, seedFor } from '../seed.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** More than the kernel's buffers of both sides take, where tcp_rmem allows 32 MiB. */
const BEYOND_KERNEL_BYTES = 50_000_000;

/** Letters that repeat only after 13 KiB, so that a piece in the wrong place shows. */
const ALPHABET = Array.from({ length: 26 * 512 }, (_, i) => String.fromCharCode(97 + ((i * 7 + (i >>> 9)) % 26))).join(
  '',
);

function letters(bytes: number): string {
  return ALPHABET.repeat(Math.ceil(bytes / ALPHABET.length)).slice(0, bytes);
}

test.each([16 * KIB - 1, 16 * KIB, 16 * KIB + 1, 100 * KIB, 1 * MIB, 5 * MIB])(
  'a value of %d bytes comes back as it was sent, by set and by ms',
  async (bytes) => {
    await using started = await TestNode.start();
    await using wire = await started.connect();
    const value = letters(bytes);
    expect(await wire.ask(`set text 3 0 ${bytes}\r\n${value}\r\nms meta ${bytes}\r\n${value}\r\n`)).toBe(
      'STORED\r\nHD\r\n',
    );
    const text = `VALUE text 3 ${bytes}\r\n${value}\r\n`;
    const meta = `VA ${bytes} kmeta\r\n${value}\r\n`;
    expect((await wire.ask('get text missing text\r\nmg meta v k\r\n')) === `${text}${text}END\r\n${meta}`).toBe(true);
    expect(started.node.state().connections.bufferBytes).toBe(0);
  },
);

test('a large value obeys the conditions of its command', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  const value = letters(50 * KIB);
  const sent = ['set', 'add', 'replace', 'append'].map((verb) => `${verb} k 0 0 ${value.length}\r\n${value}\r\n`);
  expect(await wire.ask(sent.join(''))).toBe('STORED\r\nNOT_STORED\r\nSTORED\r\nSTORED\r\n');
  expect(
    await wire.ask(`cas k 0 0 ${value.length} 77\r\n${value}\r\nms k ${value.length} C77 k q\r\n${value}\r\n`),
  ).toBe('EXISTS\r\nEX kk\r\n');
  expect(await wire.ask('mg k s c\r\n')).toBe(`HD s${2 * value.length} c3\r\n`);
});

test('a large value with a wrong length ends the connection and stores nothing', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  expect(await wire.ask(`set k 0 0 50000\r\n${letters(50_010)}\r\n`)).toBe('CLIENT_ERROR bad data chunk\r\n<closed>');
  await using other = await started.connect();
  expect(await other.ask('mg k\r\n')).toBe('EN\r\n');
});

test('a value above the limit is refused, its bytes are not executed, and the old value is gone', async () => {
  await using started = await TestNode.start({ limits: { valueBytes: 100_000 } });
  await using wire = await started.connect();
  const body = 'delete other\r\n'.repeat(10_000);
  expect(
    await wire.ask(
      `set k 0 0 3\r\nold\r\nset other 0 0 1\r\n1\r\nset k 0 0 ${body.length}\r\n${body}\r\nget k\r\nadd other 0 0 ${body.length}\r\n${body}\r\nget other\r\n`,
    ),
  ).toBe(
    'STORED\r\nSTORED\r\nSERVER_ERROR object too large for cache\r\nEND\r\nSERVER_ERROR object too large for cache\r\nVALUE other 0 1\r\n1\r\nEND\r\n',
  );
  expect(await wire.ask(`set other 0 0 ${body.length} noreply\r\n${body}\r\nget other\r\n`)).toBe('END\r\n');
  expect(await wire.ask('append other 0 0 1\r\n1\r\n')).toBe('NOT_STORED\r\n');
});

test('a value that does not fit into the memory is refused before its bytes are stored', async () => {
  await using started = await TestNode.start({ memoryBytes: 64 * KIB });
  await using wire = await started.connect();
  expect(await wire.ask(`set k 0 0 100000\r\n${letters(100_000)}\r\nget k\r\n`)).toBe(
    'SERVER_ERROR out of memory storing object\r\nEND\r\n',
  );
});

test('a connection that ends in the middle of a value gives its room back', async () => {
  await using started = await TestNode.start({ admin: { host: '127.0.0.1', port: 0 } });
  const idleBytes = started.node.state().memory.usedBytes;
  const wire = await started.connect();
  wire.send(`set k 0 0 1000000\r\n${letters(300_000)}`);
  await eventually(() => started.node.state().memory.usedBytes > idleBytes + 1_000_000);
  await wire[Symbol.asyncDispose]();
  await eventually(() => started.node.state().memory.usedBytes < idleBytes + 500_000);
  const verified = await fetch(`${started.adminUrl}/debug/verify`);
  expect(await verified.json()).toEqual({ healthy: true, faults: [] });
});

test('a value being sent stays as it was while it is overwritten and deleted', async () => {
  const bytes = BEYOND_KERNEL_BYTES;
  await using started = await TestNode.start({ memoryBytes: 3 * bytes, limits: { valueBytes: bytes } });
  await using reader = await started.connect();
  await using writer = await started.connect();
  const value = letters(bytes);
  await writer.ask(`set k 0 0 ${bytes}\r\n${value}\r\n`);
  reader.socket.pause();
  reader.send('get k\r\nmn\r\n');
  await eventually(() => started.node.state().connections.bufferBytes > MIB);
  expect(await writer.ask(`set k 0 0 ${bytes}\r\n${'z'.repeat(bytes)}\r\ndelete k\r\n`)).toBe('STORED\r\nDELETED\r\n');
  expect(started.node.state().memory.usedBytes).toBeGreaterThan(bytes);
  reader.socket.resume();
  const reply = await reader.until('MN\r\n');
  expect(reply === `VALUE k 0 ${bytes}\r\n${value}\r\nEND\r\nMN\r\n`).toBe(true);
  await eventually(() => started.node.state().memory.usedBytes < bytes / 2);
});

test('a client that does not read is not read from, and what waits for it is bounded', async () => {
  await using started = await TestNode.start();
  await using slow = await started.connect();
  const value = letters(10_000);
  await slow.ask(`set k 0 0 ${value.length}\r\n${value}\r\n`);
  slow.socket.pause();
  const gets = BEYOND_KERNEL_BYTES / 10_000;
  slow.send(`${'get k\r\n'.repeat(gets)}mn\r\n`);
  await eventually(() => started.node.state().connections.bufferBytes > MIB);
  let highest = 0;
  for (let i = 0; i < 20; i++) {
    await using other = await started.connect();
    expect(await other.ask('')).toBe('');
    highest = Math.max(highest, started.node.state().connections.bufferBytes);
  }
  expect(highest).toBeLessThan(2 * MIB);
  slow.socket.resume();
  const reply = await slow.until('MN\r\n');
  expect(reply.length).toBe(gets * `VALUE k 0 10000\r\n${value}\r\nEND\r\n`.length + 'MN\r\n'.length);
  await eventually(() => started.node.state().connections.bufferBytes === 0);
});

test.each([15_000, 60_000])('one get of many keys with %d bytes each is sent as the client takes it', async (bytes) => {
  await using started = await TestNode.start();
  await using slow = await started.connect();
  const value = letters(bytes);
  await slow.ask(`set k 0 0 ${bytes}\r\n${value}\r\n`);
  slow.socket.pause();
  const keys = Math.ceil(BEYOND_KERNEL_BYTES / bytes);
  slow.send(`get${' k'.repeat(keys)}\r\nmn\r\n`);
  await eventually(() => started.node.state().connections.bufferBytes > MIB);
  expect(started.node.state().connections.bufferBytes).toBeLessThan(2 * MIB);
  slow.socket.resume();
  const reply = await slow.until('MN\r\n');
  expect(reply === `${`VALUE k 0 ${bytes}\r\n${value}\r\n`.repeat(keys)}END\r\nMN\r\n`).toBe(true);
});

test('a client that ends its side gets all its replies first', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  const value = letters(10_000);
  const gets = BEYOND_KERNEL_BYTES / 10_000;
  wire.socket.pause();
  wire.socket.end(`set k 0 0 ${value.length}\r\n${value}\r\n${'get k\r\n'.repeat(gets)}`);
  await eventually(() => started.node.state().connections.bufferBytes > MIB);
  wire.socket.resume();
  const reply = await wire.untilClosed();
  expect(reply.length).toBe('STORED\r\n'.length + gets * `VALUE k 0 10000\r\n${value}\r\nEND\r\n`.length);
});

test('pipelined commands cut at any place are answered in order', async () => {
  await using started = await TestNode.start();
  const random = createRandom(seedFor('session cuts'));
  const sent: string[] = [];
  const expected: string[] = [];
  for (let i = 0; i < 300; i++) {
    const value = letters(random(10) === 0 ? random(60_000) : random(300));
    sent.push(`set k${i} ${i} 0 ${value.length}\r\n${value}\r\n`, `get k${i} none\r\n`, `mg k${i} v k O${i}\r\n`);
    expected.push(
      'STORED\r\n',
      `VALUE k${i} ${i} ${value.length}\r\n${value}\r\nEND\r\n`,
      `VA ${value.length} kk${i} O${i}\r\n${value}\r\n`,
    );
  }
  const stream = Buffer.from(sent.join(''), 'latin1');
  await using wire = await started.connect();
  for (let at = 0; at < stream.length;) {
    const size = random(3) === 0 ? 1 + random(5) : 1 + random(30_000);
    wire.send(stream.subarray(at, at + size));
    at += size;
    // Now and then the node gets to read what there is, so that commands really arrive in pieces.
    if (random(8) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const reply = await wire.ask('');
  expect(reply === expected.join('')).toBe(true);
});

test('no reply holds a byte that was not set', async () => {
  await using started = await TestNode.start({ memoryBytes: MIB });
  const random = createRandom(seedFor('session poison'));
  await using wire = await started.connect();
  const commands: string[] = [];
  for (let i = 0; i < 3000; i++) {
    const key = `k${random(50)}`;
    const value = letters(random(20) === 0 ? 17_000 + random(40_000) : random(2000));
    commands.push(
      [
        `set ${key} 0 0 ${value.length}\r\n${value}\r\n`,
        `append ${key} 0 0 ${value.length}\r\n${value}\r\n`,
        `get ${key} k1 k2\r\n`,
        `mg ${key} v k t c f s h l N30\r\n`,
        `ma ${key} N0 v\r\n`,
        `delete ${key}\r\n`,
        'stats\r\n',
        'bogus\r\n',
        `me ${key}\r\n`,
      ][random(9)]!,
    );
  }
  const reply = await wire.ask(commands.join(''));
  expect(reply.length).toBeGreaterThan(100_000);
  expect(reply.includes(String.fromCharCode(POISON))).toBe(false);
  expect(/[^\r\n\x20-\x7e]/.test(reply)).toBe(false);
});

test('mn answers MN, whatever stands behind it, after all before it', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  wire.send('set k 0 0 1\r\n1\r\nmn\r\nmg none v q\r\nmg k q\r\nmn now\r\n');
  expect(await wire.until('HD\r\nMN\r\n')).toBe('STORED\r\nMN\r\nHD\r\nMN\r\n');
});

test('no input ends the node or breaks the engine', async () => {
  await using started = await TestNode.start({ admin: { host: '127.0.0.1', port: 0 }, memoryBytes: MIB });
  const random = createRandom(seedFor('session garbage'));
  const words = [
    'get',
    'set',
    'ms',
    'mg',
    'md',
    'ma',
    'me',
    'cas',
    'incr',
    'touch',
    'gat',
    'stats',
    'flush_all',
    'k',
    '====',
  ].concat([
    '0',
    '-1',
    '5',
    '99999999999',
    'b',
    'q',
    'v',
    'N30',
    'T-1',
    'C1',
    'E7',
    'I',
    'MA',
    'noreply',
    '\r\n',
    '\n',
    '\r',
    '\0',
  ]);
  for (let round = 0; round < 60; round++) {
    await using wire = await started.connect();
    for (let i = 0; i < 40; i++) {
      const line = Array.from({ length: random(7) }, () => words[random(words.length)]).join(
        random(9) === 0 ? '' : ' ',
      );
      wire.send(random(20) === 0 ? Uint8Array.from({ length: random(50) }, () => random(256)) : `${line}\r\n`);
    }
    wire.socket.end();
    await wire.untilClosed();
  }
  const verified = await fetch(`${started.adminUrl}/debug/verify`);
  expect(await verified.json()).toEqual({ healthy: true, faults: [] });
});

test('a line without an end is refused and the connection closed', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  wire.send(`get ${'x'.repeat(100_000)}`);
  expect(await wire.untilClosed()).toBe('CLIENT_ERROR line too long\r\n');
});
