import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePorts, isRunning, UpCluster, type StatusJson } from './cluster.ts';
import { runCommand, startCommand } from './command.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-up-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Says something over the memcached protocol and returns the answer up to its end line. */
async function talk(port: number, request: string, end: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    if (answer.endsWith(end)) socket.end();
  });
  socket.write(request);
  await once(socket, 'close');
  return answer;
}

describe('ringway up', () => {
  let cluster: UpCluster;
  beforeAll(async () => {
    cluster = await UpCluster.start(join(directory, 'shared'), 3);
  });
  afterAll(async () => {
    if (cluster.command.exitCode === null) await cluster.stop('SIGKILL');
  });

  const put = (key: string, value: string) => fetch(`${cluster.url}/v1/kv/demo/${key}`, { method: 'PUT', body: value });
  const get = (key: string) => fetch(`${cluster.url}/v1/kv/demo/${key}`);

  test('prints what runs where, what to try and how to stop', () => {
    expect(cluster.stdout).toMatch(
      /^Ringway is up \(\d+\.\d s\)\n\nPROCESS +PID +WHERE\nproxy +\d+ +http 127\.0\.0\.1:\d+, memcached/,
    );
    expect(cluster.nodePids).toHaveLength(3);
    expect(cluster.stdout).toContain(
      `curl -X PUT --data-binary 'hello' ${cluster.url}/v1/kv/demo/greeting\n  curl ${cluster.url}`,
    );
    expect(cluster.stdout).toContain('Ctrl-C');
    expect(cluster.stderr).toBe('');
  });

  test('stores over HTTP and gives it back', async () => {
    expect((await put('greeting', 'hello')).ok).toBe(true);
    const answer = await get('greeting');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('hello');
    expect((await get('nothing')).status).toBe(404);
  });

  test('answers memcached clients', async () => {
    expect(await talk(cluster.memcachedPort, 'set k 0 0 5\r\nworld\r\n', '\r\n')).toBe('STORED\r\n');
    expect(await talk(cluster.memcachedPort, 'get k\r\n', 'END\r\n')).toBe('VALUE k 0 5\r\nworld\r\nEND\r\n');
  });

  test('is healthy, and status says so with exit code 0', async () => {
    await vi.waitFor(() => expect(runCommand(['status', '--admin', cluster.admin]).code).toBe(0), { timeout: 5_000 });
    const { stdout } = runCommand(['status', '--admin', cluster.admin]);
    expect(stdout).toMatch(
      /^cluster ringway-[0-9a-f]{8}, epoch \d+: healthy\n\nID +STATE +ADDRESS +SHARE +HEALTH +ITEMS +MEMORY\nnode-1 +active +127/,
    );
  });

  test('replays a trace: every request misses once and then hits, and the values are right', () => {
    const trace = join(directory, 'small.keys');
    writeFileSync(trace, Array.from({ length: 400 }, (_, i) => `user:${i % 200}`).join('\n'));
    const args = ['replay', trace, '--url', cluster.url, '--connections', '1', '--value-bytes', '300', '--json'];
    const first = runCommand(args);
    expect(first.code, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({
      requests: 400,
      hits: 200,
      misses: 200,
      corrupt: 0,
      failed: 0,
      hitRatio: 0.5,
    });
    const again = runCommand([...args.slice(0, -1), '--limit', '100']);
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^requests {4}100 in .*\nhits {8}100, 100\.0 %\n/),
    });
  });

  test('values of another size than the replay expects count as corrupt and fail it', () => {
    const trace = join(directory, 'other.keys');
    writeFileSync(trace, 'user:1\n');
    const { code, stdout } = runCommand(['replay', trace, '--url', cluster.url, '--value-bytes', '301', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ hits: 1, corrupt: 1 });
  });

  test('a second proxy on the same topology document serves the same keys', async () => {
    const [http = 0, admin = 0] = await freePorts(2);
    const clusterFile = join(directory, 'shared', 'topology.json');
    const addresses = ['--http', `127.0.0.1:${http}`, '--memcached', 'off', '--admin', `127.0.0.1:${admin}`];
    const proxy = startCommand(['proxy', '--cluster', clusterFile, ...addresses]);
    await put('shared', 'by the first');
    await vi.waitFor(async () => {
      const answer = await fetch(`http://127.0.0.1:${http}/v1/kv/demo/shared`);
      expect(await answer.text()).toBe('by the first');
    }, 10_000);
    const ended = once(proxy, 'exit');
    proxy.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  test('a second one on the same state directory is refused and told who owns it', () => {
    const free = ['--http', '127.0.0.1:0', '--memcached', 'off', '--admin', '127.0.0.1:0'];
    const { code, stderr } = runCommand(['up', '--state-dir', join(directory, 'shared'), ...free]);
    expect(stderr).toMatch(
      new RegExp(`^ringway: .*topology\\.json\\.lock is held by process ${cluster.command.pid}, .*--state-dir\n$`),
    );
    expect(code).toBe(2);
  });

  test.each(['http', 'memcached', 'admin'])('a taken %s port is named with the flag that changes it', (name) => {
    const taken = {
      http: new URL(cluster.url).host,
      memcached: `127.0.0.1:${cluster.memcachedPort}`,
      admin: cluster.admin,
    }[name];
    const free = ['--http', '127.0.0.1:0', '--memcached', 'off', '--admin', '127.0.0.1:0'];
    const { code, stderr } = runCommand([
      'up',
      '--state-dir',
      join(directory, 'other'),
      ...free,
      `--${name}`,
      taken ?? '',
    ]);
    expect(stderr).toBe(
      `ringway: cannot listen on ${taken}: another process does, or it is no address of this machine. ` +
        `Stop that process, or choose another address with --${name} host:port.\n`,
    );
    expect(code).toBe(2);
  });

  test('a node that is killed is started again and admitted by a new epoch, and its keys can be stored again', async () => {
    const before = cluster.status();
    process.kill(cluster.nodePids[1] ?? 0, 'SIGKILL');
    await vi.waitFor(
      () => {
        const after = cluster.status();
        expect(after).toMatchObject({ healthy: true, problems: [] });
        expect(after.epoch).toBeGreaterThan(before.epoch);
      },
      { timeout: 15_000, interval: 100 },
    );
    expect(cluster.stderr).toMatch(/"message":"node-2 ended \(SIGKILL\); it is started again"/);
    for (let i = 0; i < 50; i++) {
      expect((await put(`again-${i}`, 'x')).ok).toBe(true);
      expect(await (await get(`again-${i}`)).text()).toBe('x');
    }
  });

  test('Ctrl-C stops all of it in order', async () => {
    const pids = cluster.nodePids;
    expect(await cluster.stop('SIGINT')).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    const { code, stderr } = runCommand(['status', '--admin', cluster.admin]);
    expect(stderr).toMatch(
      /^ringway: cannot reach a proxy at .* \(ECONNREFUSED\)\. Is it running\? Try: ringway up\n$/,
    );
    expect(code).toBe(3);
  });
});

test('a node without a cluster is a memcached server', async () => {
  const [port = 0] = await freePorts(1);
  const args = ['node', '--data', `127.0.0.1:${port}`, '--admin', 'off', '--memory', '8mb'];
  const node = startCommand(args);
  let stderr = '';
  node.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await vi.waitFor(() => expect(stderr).toContain('node listens'), 10_000);
  expect(await talk(port, 'set k 0 0 1\r\nx\r\n', '\r\n')).toBe('STORED\r\n');
  expect(runCommand(args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`ringway: cannot listen on 127.0.0.1:${port}: another process does`),
  });
  const ended = once(node, 'exit');
  node.kill('SIGINT');
  expect((await ended)[0]).toBe(0);
});

test('a topology document in a directory that does not exist is refused', () => {
  expect(runCommand(['proxy', '--cluster', '/nowhere/topology.json'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'ringway: --cluster /nowhere/topology.json: there is no directory /nowhere\n',
  });
});

describe('ringway up, ended roughly', () => {
  let before: StatusJson;

  test('a second signal, later than an echo of the first, ends at once what does not stop in order', async () => {
    const cluster = await UpCluster.start(join(directory, 'rough'), 1);
    before = cluster.status();
    const pids = cluster.nodePids;
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const firstMs = performance.now();
    cluster.command.kill('SIGINT');
    cluster.command.kill('SIGINT');
    await vi.waitFor(() => expect(performance.now() - firstMs).toBeGreaterThan(700), { interval: 50 });
    expect(cluster.command.exitCode).toBeNull();
    expect(await cluster.stop('SIGINT')).toBe(1);
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 });
  });

  test('starts again over what is left, with higher epochs; and nodes stop when their parent is killed', async () => {
    const cluster = await UpCluster.start(join(directory, 'rough'), 1);
    const after = cluster.status();
    expect(after.cluster).toBe(before.cluster);
    expect(after.epoch).toBeGreaterThan(before.epoch);
    const pids = cluster.nodePids;
    expect(await cluster.stop('SIGKILL')).toBe('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), { timeout: 10_000 });
  });
});
