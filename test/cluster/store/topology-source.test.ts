import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore, openTopologySource, type Log, type TopologySource } from '@ringway/cluster';
import { serializeTopology, type Topology } from '@ringway/ring';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { firstDocument, nextDocument } from './documents.ts';

let directory: string;
let path: string;
let logged: string[];
let source: TopologySource | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-source-'));
  path = join(directory, 'topology.json');
  logged = [];
});
afterEach(() => {
  source?.close();
  rmSync(directory, { recursive: true });
});

const log: Log = {
  error: (fields, message) => logged.push(`error ${message}: ${'code' in fields ? String(fields.code) : ''}`),
  warn: (_fields, message) => logged.push(`warn ${message}`),
  info: () => {},
  debug: () => {},
};

async function open(): Promise<TopologySource> {
  source = await openTopologySource({ store: createFileStore(path), lastGoodPath: `${path}.last-good`, log });
  return source;
}

/** Replaces the file as a careful person would. */
function put(document: Topology | string): void {
  writeFileSync(`${path}.new`, typeof document === 'string' ? document : serializeTopology(document));
  renameSync(`${path}.new`, path);
}

const refused = (code: string): string => `error a topology was refused; the last good one stays in use: ${code}`;
const first = firstDocument();
const second = nextDocument(first);
const third = nextDocument(second);

test('the document that is there at the start is the current one', async () => {
  put(first);
  expect((await open()).current()).toEqual(first);
});

test('newer documents are followed within milliseconds, also the first', async () => {
  const followed = await open();
  const epochs: number[] = [];
  followed.subscribe((topology) => epochs.push(topology.epoch));
  expect(followed.current()).toBeUndefined();
  for (const document of [first, second, third]) {
    put(document);
    await vi.waitFor(() => expect(followed.current()).toEqual(document), { timeout: 500, interval: 2 });
  }
  expect(epochs).toEqual([1, 2, 3]);
});

test('who unsubscribed is not called, and the others are', async () => {
  const followed = await open();
  const calls: string[] = [];
  const unsubscribe = followed.subscribe(() => calls.push('left'));
  followed.subscribe(() => calls.push('stayed'));
  unsubscribe();
  put(first);
  await followed.refresh();
  expect(calls).toEqual(['stayed']);
});

const foreign = firstDocument('foreign');
test.each([
  ['an older document', () => put(first), 'RING_EPOCH_LOWER'],
  ['another document of the same epoch', () => put(nextDocument(first, '00000000000000b2')), 'RING_EPOCH_CONFLICT'],
  ['a document of another cluster', () => put(nextDocument(nextDocument(foreign))), 'RING_OTHER_CLUSTER'],
  ['half of a document', () => put(serializeTopology(third).slice(0, 300)), 'CLUSTER_INVALID'],
  ['an empty file', () => put(''), 'CLUSTER_INVALID'],
])('%s is refused with its reason, once, and the last good one stays', async (_, replace, code) => {
  put(second);
  const followed = await open();
  replace();
  await followed.refresh();
  await followed.refresh();
  expect(followed.current()).toEqual(second);
  expect(logged).toEqual([refused(code)]);
  put(third);
  await followed.refresh();
  expect(followed.current()).toEqual(third);
});

test('a file that is gone changes nothing', async () => {
  put(first);
  const followed = await open();
  rmSync(path);
  await followed.refresh();
  expect(followed.current()).toEqual(first);
  expect(logged).toEqual([]);
});

test('the last good document is kept beside the file, and used at a start without a valid one', async () => {
  put(second);
  await open();
  const copy = createFileStore(`${path}.last-good`);
  await vi.waitFor(async () => expect(await copy.read()).toEqual(second), { timeout: 5_000 });
  source?.close();

  put('{"format":');
  const again = await open();
  expect(again.current()).toEqual(second);
  expect(logged).toEqual([
    refused('CLUSTER_INVALID'),
    'warn the topology is the last good one, until the store has a valid one',
  ]);

  put(third);
  await again.refresh();
  expect(again.current()).toEqual(third);
});

test('a last good document that is damaged as well leaves a start without one', async () => {
  put('?');
  writeFileSync(`${path}.last-good`, '?');
  expect((await open()).current()).toBeUndefined();
  expect(logged).toEqual([refused('CLUSTER_INVALID'), 'warn the last good topology cannot be used either']);
});

test('nothing is followed after the end', async () => {
  const followed = await open();
  followed.close();
  put(first);
  await followed.refresh();
  expect(followed.current()).toBeUndefined();
});
