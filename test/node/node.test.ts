import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createNode, NodeErrorCode, RINGWAY_VERSION } from '@ringway/node';
import { TestNode } from './node-harness.ts';

test('a port that is taken is named, and nothing is left open', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const busy = { host: '127.0.0.1', port };
  const free = { host: '127.0.0.1', port: 0 };
  for (const [data, admin] of [
    [busy, free],
    [free, busy],
  ] as const) {
    const node = createNode({ id: 'n', data, admin, memoryBytes: 65_536 });
    await expect(node.start()).rejects.toMatchObject({
      code: NodeErrorCode.portTaken,
      message: `port 127.0.0.1:${port} is taken by another process`,
    });
  }
  const closed = once(taken, 'close');
  taken.close();
  await closed;
});

test.each([
  ['an id with a space', { id: 'a b' }],
  ['an empty id', { id: '' }],
  ['no memory', { memoryBytes: 0 }],
  ['less memory than the tables take', { memoryBytes: 65_535 }],
  ['more memory than can be addressed', { memoryBytes: 32 * 1024 ** 3 + 1 }],
  ['a fraction of a byte', { memoryBytes: 1.5 }],
  ['values above what the parser takes', { limits: { valueBytes: 65 * 1024 * 1024 } }],
  ['an incarnation that is not hexadecimal', { incarnation: 'xyz' }],
])('%s is refused', (_name, wrong) => {
  const good = { id: 'n', data: { host: '127.0.0.1', port: 0 }, memoryBytes: 65_536 };
  expect(() => createNode({ ...good, ...wrong })).toThrow(expect.objectContaining({ code: NodeErrorCode.option }));
});

test('a node tells its addresses and state, and two runs have different incarnations', async () => {
  await using first = await TestNode.start({ incarnation: undefined, admin: { host: '127.0.0.1', port: 0 } });
  await using second = await TestNode.start({ incarnation: undefined });
  expect(first.node.dataAddress?.port).toBeGreaterThan(0);
  expect(first.node.adminAddress?.port).toBeGreaterThan(0);
  expect(second.node.adminAddress).toBeUndefined();
  first.clock.pass(5);
  expect(first.node.state()).toMatchObject({
    id: 'test-node',
    role: 'node',
    version: RINGWAY_VERSION,
    cluster: undefined,
    epoch: 0,
    digest: '',
    admitted: true,
    items: 0,
    memory: { usedBytes: expect.any(Number), limitBytes: 64 * 1024 * 1024 },
    uptimeSeconds: 5,
  });
  expect(first.node.state().incarnation).toMatch(/^[0-9a-f]{16}$/);
  expect(first.node.state().incarnation).not.toBe(second.node.state().incarnation);
});

test('closing twice, and closing what was never started, is no error', async () => {
  const started = await TestNode.start();
  await Promise.all([started.node.close(), started.node.close()]);
  await started.node.close();
  const never = createNode({ id: 'n', data: { host: '127.0.0.1', port: 0 }, memoryBytes: 65_536 });
  await never.close();
  expect(never.dataAddress).toBeUndefined();
});

test('the version is that of the package', async () => {
  const text = await readFile(new URL('../../packages/node/package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: RINGWAY_VERSION });
});
