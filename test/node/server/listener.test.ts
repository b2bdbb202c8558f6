import { once } from 'node:events';
import { expect, test } from 'vitest';
import { eventually, TestNode } from '../node-harness.ts';

const MIB = 1024 * 1024;

// The concurrent tests wait for a sweep, which the node makes once a second.

test('connections above the limit are told so', async () => {
  await using started = await TestNode.start({ limits: { connections: 2 } });
  await using first = await started.connect();
  await using second = await started.connect();
  expect(await first.ask('')).toBe('');
  expect(await second.ask('')).toBe('');
  await using third = await started.connect();
  expect(await third.untilClosed()).toBe('ERROR Too many open connections\r\n');
  await first[Symbol.asyncDispose]();
  await eventually(() => started.node.state().connections.open === 1);
  await using fourth = await started.connect();
  expect(await fourth.ask('')).toBe('');
});

test.concurrent('an idle connection is closed when there is a limit', async () => {
  await using started = await TestNode.start({ limits: { idleMs: 5000 } });
  await using idle = await started.connect();
  await using busy = await started.connect();
  await idle.ask('');
  started.clock.pass(4);
  await busy.ask('');
  started.clock.pass(4);
  await idle.untilClosed();
  expect(await busy.ask('')).toBe('');
});

test.concurrent('a client that takes nothing of what it asked for is closed', async () => {
  await using started = await TestNode.start({ limits: { stallMs: 5000 } });
  const idleBytes = started.node.state().memory.usedBytes;
  await using stalled = await started.connect();
  const value = 'v'.repeat(5 * MIB);
  await stalled.ask(`set k 0 0 ${value.length}\r\n${value}\r\n`);
  stalled.socket.pause();
  // Together more than the kernel's buffers take.
  stalled.send(`get${' k'.repeat(12)}\r\n`);
  await eventually(() => started.node.state().connections.bufferBytes > MIB);
  // The value is still there for the one who does not take it, and goes with its connection.
  await using other = await started.connect();
  expect(await other.ask('delete k\r\n')).toBe('DELETED\r\n');
  expect(started.node.state().memory.usedBytes).toBeGreaterThan(value.length);
  const ended = once(stalled.socket, 'close');
  const passing = setInterval(() => started.clock.pass(3), 100);
  await eventually(() => started.node.state().connections.open === 1);
  clearInterval(passing);
  stalled.socket.resume();
  await ended;
  // What the tables have grown to stays; the value does not.
  expect(started.node.state().memory.usedBytes).toBeLessThan(idleBytes + MIB);
});

test.concurrent('a client that announces a large value and does not send it is closed, and its room given back', async () => {
  await using started = await TestNode.start({ limits: { stallMs: 5000 } });
  const idleBytes = started.node.state().memory.usedBytes;
  await using stalled = await started.connect();
  stalled.send(`set k 0 0 ${5 * MIB}\r\nonly this`);
  await eventually(() => started.node.state().memory.usedBytes > idleBytes + 4 * MIB);
  started.clock.pass(6);
  await stalled.untilClosed();
  await eventually(() => started.node.state().memory.usedBytes < idleBytes + MIB);
});

test('closing a node ends its connections and frees its port', async () => {
  const started = await TestNode.start();
  const wire = await started.connect();
  expect(await wire.ask('set k 0 0 1\r\n1\r\n')).toBe('STORED\r\n');
  const { port } = started;
  await Promise.all([started.node.close(), wire.untilClosed()]);
  await using again = await TestNode.start({ data: { host: '127.0.0.1', port } });
  await using other = await again.connect();
  expect(await other.ask('mg k\r\n')).toBe('EN\r\n');
});
