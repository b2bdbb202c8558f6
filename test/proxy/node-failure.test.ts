import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;

beforeEach(async () => {
  cluster = await startTestCluster({ nodes: 2 });
});

afterEach(async () => {
  await cluster[Symbol.asyncDispose]();
});

const KEY_COUNT = 40;

function url(i: number): string {
  return `http://127.0.0.1:${cluster.http.port}/v1/kv/failing/key-${i}`;
}

async function each<T>(ask: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: KEY_COUNT }, (_, i) => ask(i)));
}

async function put(i: number): Promise<number> {
  return (await fetch(url(i), { method: 'PUT', body: `value ${i}` })).status;
}

interface Seen {
  readonly status: number;
  readonly cacheStatus: string | null;
  readonly applied: string | null;
  readonly retryAfter: string | null;
  readonly body: string;
}

async function get(i: number, headers: Record<string, string> = {}): Promise<Seen> {
  const response = await fetch(url(i), { headers });
  return {
    status: response.status,
    cacheStatus: response.headers.get('cache-status'),
    applied: response.headers.get('preference-applied'),
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
  };
}

test('a node that is gone is a miss to the lenient, an error to the strict, and nothing to the others', async () => {
  expect(new Set(await each(put))).toEqual(new Set([204]));
  await cluster.stopNode(0);
  await get(0);

  const lenient = await each((i) => get(i));
  const lost = lenient.flatMap((seen, i) => (seen.status === 404 ? [i] : []));
  expect(lost.length).toBeGreaterThan(5);
  expect(lost.length).toBeLessThan(KEY_COUNT - 5);
  for (const i of lost)
    expect(lenient[i]).toMatchObject({ cacheStatus: 'ringway; fwd=bypass; detail=node-down', body: '' });
  lenient.forEach((seen, i) => {
    if (!lost.includes(i)) expect(seen).toMatchObject({ status: 200, body: `value ${i}` });
  });

  const strict = await each((i) => get(i, { prefer: 'wait=1, handling=strict' }));
  for (const i of lost) {
    expect(strict[i]).toMatchObject({ status: 503, applied: 'handling=strict', retryAfter: '1' });
    expect(JSON.parse(strict[i]?.body ?? '')).toMatchObject({ code: 'node-unavailable' });
  }
  expect(strict.filter((seen) => seen.status === 200)).toHaveLength(KEY_COUNT - lost.length);

  const writes = await each(put);
  expect(writes.flatMap((status, i) => (status === 503 ? [i] : []))).toEqual(lost);
  const metrics = await (await fetch(`http://127.0.0.1:${cluster.admin.port}/metrics`)).text();
  expect(metrics).toMatch(/ringway_proxy_node_up\{node="node-1"\} 0/);
  expect(metrics).toMatch(/ringway_proxy_node_up\{node="node-2"\} 1/);
  expect((await fetch(`http://127.0.0.1:${cluster.admin.port}/readyz`)).status).toBe(200);
});

test('a node that came back serves nothing until its incarnation is admitted, then starts empty with newer versions', async () => {
  await each(put);
  const tags = await each(async (i) => (await fetch(url(i))).headers.get('etag') ?? '');
  await cluster.stopNode(0);
  await get(0);
  const before = await each((i) => get(i));
  const lost = before.flatMap((seen, i) => (seen.status === 404 ? [i] : []));

  await cluster.restartNode(0);
  const [someLost = 0] = lost;
  await expect
    .poll(async () => (await get(someLost)).cacheStatus, { timeout: 5_000 })
    .toBe('ringway; fwd=bypass; detail=node-moving');
  expect((await fetch(url(someLost), { method: 'PUT', body: 'x' })).status).toBe(503);

  cluster.admit();
  await expect.poll(async () => (await get(someLost)).cacheStatus).toBe('ringway; fwd=uri-miss');
  for (const i of lost) {
    // oxlint-disable-next-line no-await-in-loop
    const response = await fetch(url(i), { method: 'PUT', body: 'again' });
    const epochOf = (tag: string): number => Number(/^"(\d+)-/.exec(tag)?.[1]);
    expect(epochOf(response.headers.get('etag') ?? '')).toBeGreaterThan(epochOf(tags[i] ?? ''));
  }
});

test('the memcached front says which of its errors are safe to repeat', async () => {
  await cluster.stopNode(0);
  await cluster.stopNode(1);
  await get(0);
  await cluster.memcachedSend('set a 0 0 1\r\nx\r\n', 'SERVER_ERROR the node that owns this key cannot be reached\r\n');
  await cluster.memcachedSend('get a\r\n', 'END\r\n');
  expect((await fetch(`http://127.0.0.1:${cluster.admin.port}/readyz`)).status).toBe(503);
});

test('the admin surface shows the topology without its secret', async () => {
  const text = await (await fetch(`http://127.0.0.1:${cluster.admin.port}/v1/topology`)).text();
  const view = JSON.parse(text) as { members: { id: string; partitions: number; health: string }[]; epoch: number };
  expect(text).not.toContain(cluster.topology.hash.key);
  expect(view.members.map((member) => [member.id, member.partitions, member.health])).toEqual([
    ['node-1', 128, 'up'],
    ['node-2', 128, 'up'],
  ]);
  expect(view.epoch).toBe(cluster.topology.epoch);
});
