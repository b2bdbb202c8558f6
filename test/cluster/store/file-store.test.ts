import { fork, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFileStore, type TopologyStore } from '@ringway/cluster';
import { serializeTopology } from '@ringway/ring';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { firstDocument, nextDocument } from './documents.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-store-'));
  path = join(directory, 'topology.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const first = firstDocument();
const second = nextDocument(first);

test('there is no document before the first is written, and then that one', async () => {
  const store = createFileStore(path);
  expect(await store.read()).toBeUndefined();
  await store.lease();
  await store.write(first, undefined);
  expect(await store.read()).toEqual(first);
  await store.write(second, first);
  expect((await createFileStore(path).read())?.digest).toBe(second.digest);
});

test('nobody but the owner may read the file, whatever its mode was before', async () => {
  const store = createFileStore(path);
  await store.lease();
  await store.write(first, undefined);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  await store.write(second, first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a change of a document that is no longer there is refused', async () => {
  const store = createFileStore(path);
  await store.lease();
  await expect(store.write(second, first)).rejects.toMatchObject({ code: 'CLUSTER_CONFLICT' });
  await store.write(first, undefined);
  await expect(store.write(first, undefined)).rejects.toMatchObject({
    code: 'CLUSTER_CONFLICT',
    message: `${path}: found epoch 1, expected none`,
  });
  await expect(store.write(second, { epoch: 1, digest: second.digest })).rejects.toMatchObject({
    code: 'CLUSTER_CONFLICT',
  });
  expect(await store.read()).toEqual(first);
});

test('a process without the lease may not write', async () => {
  const store = createFileStore(path);
  await expect(store.write(first, undefined)).rejects.toMatchObject({ code: 'CLUSTER_LOCK_LOST' });
  const lease = await store.lease();
  await store.write(first, undefined);
  await lease[Symbol.asyncDispose]();
  await expect(store.write(second, first)).rejects.toMatchObject({ code: 'CLUSTER_LOCK_LOST' });
});

test('a writer whose lock somebody removed notices', async () => {
  const store = createFileStore(path);
  await store.lease();
  rmSync(`${path}.lock`);
  await expect(store.write(first, undefined)).rejects.toMatchObject({ code: 'CLUSTER_LOCK_LOST' });
});

test('of two writers the second is refused, and told who the first is', async () => {
  const lease = await createFileStore(path).lease();
  await expect(createFileStore(path).lease()).rejects.toMatchObject({
    code: 'CLUSTER_LOCKED',
    message: `${path}.lock is held by process ${process.pid}, which is running`,
  });
  await lease[Symbol.asyncDispose]();
  await createFileStore(path).lease();
  expect(existsSync(`${path}.lock`)).toBe(true);
});

test('of many that ask for the lease at once, one gets it', async () => {
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => createFileStore(path).lease()));
  const leases = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(leases).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CLUSTER_LOCKED' });
  }
  await leases[0]?.[Symbol.asyncDispose]();
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['of a process that does not run', JSON.stringify({ pid: 2 ** 22 + 1, startTicks: 1 })],
  ['of an earlier process with the number of one that runs', JSON.stringify({ pid: process.pid, startTicks: 1 })],
  ['that says nothing', ''],
  ['that no writer has written', '{"pid":"me"}'],
])('a lock %s is taken over', async (_, text) => {
  writeFileSync(`${path}.lock`, text);
  const store = createFileStore(path);
  await store.lease();
  await store.write(first, undefined);
  expect(readdirSync(directory).toSorted()).toEqual(['topology.json', 'topology.json.lock']);
});

test.each([
  ['no JSON', '{"format":1,'],
  ['half of a document', serializeTopology(first).slice(0, 200)],
  ['another kind of JSON', '[]'],
  ['a document without members', JSON.stringify({ ...(JSON.parse(serializeTopology(first)) as object), members: [] })],
])('%s in the file is an error that names the file, and can be replaced', async (_, text) => {
  writeFileSync(path, text);
  const store = createFileStore(path);
  await expect(store.read()).rejects.toMatchObject({ code: 'CLUSTER_INVALID', message: expect.stringContaining(path) });
  await store.lease();
  await store.write(first, undefined);
  expect(await store.read()).toEqual(first);
});

test('a file that is much too large is not read', async () => {
  writeFileSync(path, Buffer.alloc(16 * 1024 * 1024 + 1, ' '));
  await expect(createFileStore(path).read()).rejects.toMatchObject({
    code: 'CLUSTER_INVALID',
    message: `${path}: has 16777217 bytes, more than 16777216`,
  });
});

test('what cannot be read at all is another error than what is not valid', async () => {
  await expect(createFileStore(directory).read()).rejects.toMatchObject({ code: 'CLUSTER_STORE' });
});

test('a change is announced, until the watch ends', async () => {
  const store = createFileStore(path);
  let changes = 0;
  const unwatch = store.watch(() => changes++);
  await store.lease();
  await store.write(first, undefined);
  await vi.waitFor(() => expect(changes).toBeGreaterThan(0), { timeout: 500, interval: 5 });
  const before = changes;
  await store.write(second, first);
  await vi.waitFor(() => expect(changes).toBeGreaterThan(before), { timeout: 500, interval: 5 });
  unwatch();
});

test('a writer killed at any moment leaves a whole document, and its lease can be taken', async () => {
  const reader = createFileStore(path);
  let epoch = 0;
  for (let round = 0; round < 4; round++) {
    const writer = fork(fileURLToPath(new URL('./writer.ts', import.meta.url)), [path]);
    const goal = epoch + 3 + round;
    const told = await readWhileWriting(writer, reader, goal);
    const left = await reader.read();
    expect(left?.epoch).toBeGreaterThanOrEqual(told);
    epoch = left?.epoch ?? 0;
  }
  await reader.lease();
  expect(readdirSync(directory).toSorted()).toEqual(['topology.json', 'topology.json.lock']);
  expect(readFileSync(`${path}.lock`, 'utf8')).toContain(`"pid":${process.pid}`);
});

/** Reads all the while; kills the writer once it has told of that epoch. Returns the newest epoch it told of. */
async function readWhileWriting(writer: ChildProcess, reader: TopologyStore, goal: number): Promise<number> {
  let told = 0;
  writer.on('message', (epoch) => {
    told = Number(epoch);
    if (told >= goal) writer.kill('SIGKILL');
  });
  let newest = 0;
  while (writer.exitCode === null && writer.signalCode === null) {
    const seen = (await reader.read())?.epoch ?? 0;
    expect(seen).toBeGreaterThanOrEqual(newest);
    newest = seen;
  }
  return told;
}
