import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFileStore,
  runController,
  type Controller,
  type Log,
  type MemberSpec,
  type TopologyStore,
} from '@ringway/cluster';
import type { Topology } from '@ringway/ring';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Something that answers as the admin API of a node does, and goes by whatever the store holds. */
interface Peer {
  readonly server: Server;
  readonly spec: MemberSpec;
  answers: string;
  incarnation: string;
}

let directory: string;
let store: TopologyStore;
let lease: AsyncDisposable;
let controller: Controller | undefined;
let peers: Peer[];
let logged: string[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-controller-'));
  store = createFileStore(join(directory, 'topology.json'));
  lease = await store.lease();
  peers = [];
  logged = [];
});
afterEach(async () => {
  await controller?.close();
  await lease[Symbol.asyncDispose]();
  for (const { server } of peers) server.close();
  rmSync(directory, { recursive: true });
});

async function startPeer(id: string): Promise<Peer> {
  const server = createServer((_request, response) => {
    const readable = store.read().catch(() => undefined);
    void readable.then((topology) => {
      const member = topology?.members.find((candidate) => candidate.id === id);
      const admitted = member?.incarnation === peer.incarnation;
      const { answers, incarnation } = peer;
      response.end(JSON.stringify({ id: answers, incarnation, admitted, epoch: topology?.epoch ?? 0 }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const spec = {
    id,
    zone: 'local',
    weight: 1,
    data: `127.0.0.1:${port === 1 ? 2 : port - 1}`,
    admin: `127.0.0.1:${port}`,
  };
  const peer: Peer = {
    server,
    spec,
    answers: id,
    incarnation: createHash('sha256').update(id).digest('hex').slice(0, 16),
  };
  peers.push(peer);
  return peer;
}

const log: Log = {
  error: (_fields, message) => logged.push(`error ${message}`),
  warn: (_fields, message) => logged.push(`warn ${message}`),
  info: (_fields, message) => logged.push(`info ${message}`),
  debug: () => {},
};

async function start(lastGood?: Topology): Promise<Controller> {
  controller = await runController({
    store,
    specs: peers.map(({ spec }) => spec),
    lastGood: async () => lastGood,
    log,
    randomBytes: (count) => new Uint8Array(count).fill(0xab),
    nowMs: () => performance.now(),
  });
  return controller;
}

test('a cluster is created from the members that answer and from the random source', async () => {
  await startPeer('node-1');
  await startPeer('node-2');
  const topology = await (await start()).settled;
  expect(topology).toMatchObject({
    cluster: 'ringway-abababab',
    epoch: 1,
    hash: { key: 'abababababababab', partitions: 16_384 },
  });
  expect(await store.read()).toEqual(topology);
  expect(logged).toEqual([
    'info cluster ringway-abababab is created',
    'info node-1 is admitted',
    'info node-2 is admitted',
  ]);
});

test('what is stored is not in force before the members have answered for it', async () => {
  const peer = await startPeer('node-1');
  const before = await (await start()).settled;
  await controller?.close();
  peer.incarnation = 'ffffffffffffffff';
  peer.answers = 'nobody yet';
  const running = await start();
  const seen: number[] = [];
  running.subscribe((topology) => seen.push(topology.epoch));
  await vi.waitFor(() => expect(logged).toContain('warn another node answers in place of node-1'));
  expect(running.current()).toBeUndefined();
  peer.answers = 'node-1';
  const after = await running.settled;
  expect(running.current()).toEqual(after);
  expect(seen).toEqual([before.epoch + 1]);
});

test('a member that is announced is admitted at once', async () => {
  const peer = await startPeer('node-1');
  const running = await start();
  await running.settled;
  peer.incarnation = 'ffffffffffffffff';
  running.announce('node-1', peer.incarnation);
  await vi.waitFor(async () => expect(await store.read()).toMatchObject({ epoch: 2 }), { timeout: 500, interval: 5 });
});

test('a node that answers in place of another is not taken for it', async () => {
  const peer = await startPeer('node-1');
  peer.answers = 'node-7';
  const running = await start();
  await vi.waitFor(() => expect(logged).toContain('warn another node answers in place of node-1'), { timeout: 2_000 });
  expect(await store.read()).toBeUndefined();
  peer.answers = 'node-1';
  expect((await running.settled).epoch).toBe(1);
});

test('an answer that is no state of a node is none', async () => {
  const peer = await startPeer('node-1');
  peer.incarnation = 'not hexadecimal';
  const running = await start();
  await new Promise((resolve) => peer.server.once('request', resolve));
  await new Promise((resolve) => peer.server.once('request', resolve));
  expect(await store.read()).toBeUndefined();
  peer.incarnation = '0123456789abcdef';
  expect((await running.settled).members[0]?.incarnation).toBe('0123456789abcdef');
});

test('a damaged document is replaced, from the last good one', async () => {
  await startPeer('node-1');
  const before = await (await start()).settled;
  await controller?.close();
  writeFileSync(join(directory, 'topology.json'), '{');
  const after = await (await start(before)).settled;
  expect(after).toMatchObject({ cluster: before.cluster, hash: before.hash, epoch: before.epoch + 1001 });
});

test('without the lease nothing is stored, and the controller keeps trying', async () => {
  await startPeer('node-1');
  await lease[Symbol.asyncDispose]();
  const running = await start();
  const failure = 'error the topology could not be stored; it is tried again';
  await vi.waitFor(() => expect(logged.filter((line) => line === failure).length).toBeGreaterThan(1), {
    timeout: 3_000,
  });
  lease = await store.lease();
  expect((await running.settled).epoch).toBe(1);
});
