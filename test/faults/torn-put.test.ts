import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts, ringway, untilStatus, type RingwayProcess } from '../support/processes.ts';
import { startRelay, type Relay } from '../support/relay.ts';
import { startTestCluster, writeTopologyFile, type TestCluster } from '../support/test-cluster.ts';

/**
 * A proxy killed in the middle of a PUT leaves the old or the new value, never a mix. It runs as a process of its own,
 * and a relay in front of the node cuts the proxy's request after an exact number of bytes and kills the proxy there.
 */
const OLD = 'o'.repeat(20_000);
const NEW = 'n'.repeat(30_000);

let folder: string;
let cluster: TestCluster;
let relay: Relay;
let proxy: RingwayProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringway-test-'));
  cluster = await startTestCluster({ nodes: 1 });
  relay = await startRelay(cluster.nodeAddress(0));
  writeTopologyFile(join(folder, 'topology.json'), cluster.topology, { 'node-1': `127.0.0.1:${relay.port}` });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await relay[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function startProxy(): Promise<void> {
  const [http, admin] = await freePorts(2);
  proxy = ringway(
    'proxy',
    '--http',
    `127.0.0.1:${http}`,
    '--memcached',
    'off',
    '--admin',
    `127.0.0.1:${admin}`,
    '--cluster',
    join(folder, 'topology.json'),
  );
  await untilStatus(`http://127.0.0.1:${admin}/readyz`, 200);
  url = `http://127.0.0.1:${http}/v1/kv/torn/value`;
}

/** What is stored, asked of the node itself, over the in-process proxy. */
async function stored(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv/torn/value`);
  return response.text();
}

async function store(value: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv/torn/value`, {
    method: 'PUT',
    body: value,
  });
  expect(response.status).toBe(204);
}

test('a proxy killed after any byte of its request to the node leaves a whole value', async () => {
  await startProxy();
  const before = relay.passedBytes;
  expect((await fetch(url, { method: 'PUT', body: NEW })).status).toBe(204);
  const total = relay.passedBytes - before;
  expect(total).toBeGreaterThan(NEW.length);
  await proxy[Symbol.asyncDispose]();

  const outcomes = new Map<number, string>();
  // The command line, its end, the body's beginning and middle, its last byte, and each byte of the closing CRLF.
  for (const cut of [
    1,
    total - NEW.length - 3,
    total - NEW.length,
    total >> 1,
    total - 3,
    total - 2,
    total - 1,
    total,
  ]) {
    /* oxlint-disable no-await-in-loop -- one proxy after the other */
    await store(OLD);
    await startProxy();
    relay.cutAfter(cut, () => proxy.child.kill('SIGKILL'));
    const answer = await fetch(url, { method: 'PUT', body: NEW }).then(
      (response) => response.status,
      () => 'no answer',
    );
    relay.mend();
    expect(await proxy.exit).toBe('SIGKILL');
    expect(answer).toBe('no answer');
    const value = await stored();
    expect([OLD, NEW]).toContain(value);
    outcomes.set(cut, value === OLD ? 'old' : 'new');
    /* oxlint-enable no-await-in-loop */
  }
  // Only the whole request may have taken effect; then it has, though nobody was told.
  expect([...outcomes.values()]).toEqual([...Array.from({ length: 7 }, () => 'old'), 'new']);
}, 60_000);

test('a proxy killed after any byte of the client’s request leaves the old value', async () => {
  for (const cut of [30, 120, 10_000, NEW.length]) {
    /* oxlint-disable no-await-in-loop -- one proxy after the other */
    await store(OLD);
    await startProxy();
    const { hostname, port, pathname } = new URL(url);
    const request = `PUT ${pathname} HTTP/1.1\r\nHost: a\r\nContent-Length: ${NEW.length}\r\n\r\n${NEW}`;
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => socket.destroy());
    await new Promise<void>((sent) => socket.write(request.slice(0, cut), () => sent()));
    proxy.child.kill('SIGKILL');
    expect(await proxy.exit).toBe('SIGKILL');
    socket.destroy();
    expect(await stored()).toBe(OLD);
    /* oxlint-enable no-await-in-loop */
  }
}, 60_000);
