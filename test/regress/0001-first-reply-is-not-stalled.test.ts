import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TestNode } from '../node/node-harness.ts';

/**
 * A connection whose first reply was still under way at the first look for stalled clients was closed as one that had
 * taken nothing since 1970: the time since when it took nothing began at 0 and not at the connection's own start.
 */
const VALUE_BYTES = 50_000_000;
/** More than one interval between looks. */
const LOOKED_AT_MS = 1_300;

test('a client that is slow with its very first reply is not closed as stalled', async () => {
  await using started = await TestNode.start({ memoryBytes: 2 * VALUE_BYTES, limits: { valueBytes: VALUE_BYTES } });
  await using writer = await started.connect();
  await using reader = await started.connect();
  await writer.ask(`set k 0 0 ${VALUE_BYTES}\r\n${'v'.repeat(VALUE_BYTES)}\r\n`);
  reader.socket.pause();
  reader.send('get k\r\nmn\r\n');
  await delay(LOOKED_AT_MS);
  reader.socket.resume();
  const reply = await reader.until('MN\r\n');
  expect(reply.length).toBe(`VALUE k 0 ${VALUE_BYTES}\r\n\r\nEND\r\nMN\r\n`.length + VALUE_BYTES);
  expect(started.node.state().connections.open).toBe(2);
});
