import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assessCluster, formatStatus, type NodeView, type ProxyMember, type ProxyView } from '@ringway/cli';
import { afterEach, expect, test } from 'vitest';
import { cleanEnvironment, commandPath, type Finished } from './command.ts';

const member: ProxyMember = {
  id: 'node-1',
  state: 'active',
  incarnation: 'aa',
  data: '127.0.0.1:7411',
  admin: '127.0.0.1:7511',
  partitions: 8192,
  health: 'up',
};
const node: NodeView = {
  incarnation: 'aa',
  admitted: true,
  epoch: 7,
  items: 1_234_567,
  memoryUsedBytes: 400 * 1024 * 1024,
  memoryLimitBytes: 1024 * 1024 * 1024,
};

function assess(memberChanges: Partial<ProxyMember>, nodeChanges: Partial<NodeView> | undefined) {
  const members = [
    { ...member, ...memberChanges },
    { ...member, id: 'node-2' },
  ];
  const view: ProxyView = { cluster: 'test', epoch: 7, partitions: 16_384, members };
  const nodes = new Map([['node-2', node]]);
  if (nodeChanges !== undefined) nodes.set('node-1', { ...node, ...nodeChanges });
  return assessCluster(view, nodes);
}

test('a cluster in which everybody agrees is healthy', () => {
  expect(assess({}, {})).toMatchObject({ healthy: true, problems: [], epoch: 7 });
});

test.each<[string, Partial<ProxyMember>, Partial<NodeView> | undefined, string]>([
  ['down in the topology', { state: 'down' }, {}, 'node-1 is down in the topology'],
  ['ejected by the proxy', { health: 'ejected' }, {}, 'node-1 is ejected for this proxy'],
  ['silent', {}, undefined, 'node-1 does not answer at 127.0.0.1:7511'],
  ['another process than admitted', {}, { incarnation: 'bb' }, 'node-1 was started again and is not admitted yet'],
  ['not admitted', {}, { admitted: false }, 'node-1 is not admitted'],
  ['behind', {}, { epoch: 6 }, 'node-1 goes by epoch 6, this proxy by 7'],
])('a member that is %s makes it degraded, with the reason', (_, memberChanges, nodeChanges, problem) => {
  expect(assess(memberChanges, nodeChanges)).toMatchObject({ healthy: false, problems: [problem] });
});

test('the table shows shares, items and memory, and a dash for who does not answer', () => {
  expect(formatStatus(assess({}, undefined))).toBe(
    [
      'cluster test, epoch 7: degraded',
      '',
      'ID      STATE   ADDRESS          SHARE  HEALTH      ITEMS            MEMORY',
      'node-1  active  127.0.0.1:7411  50.0 %  up              -                 -',
      'node-2  active  127.0.0.1:7411  50.0 %  up      1,234,567  400 MiB of 1 GiB',
      '',
      '! node-1 does not answer at 127.0.0.1:7511',
    ].join('\n'),
  );
});

let server: Server | undefined;
afterEach(() => server?.close());

/** Runs `ringway status` against something that answers every request the same way. */
async function statusOf(code: number, body: string): Promise<Finished> {
  server = createServer((_request, response) => response.writeHead(code).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const admin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [commandPath, 'status', '--admin', admin],
      { env: cleanEnvironment },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr: stderr.replace(admin, 'ADMIN') }),
    );
  });
}

test('a proxy that has no topology yet is degraded', async () => {
  expect(await statusOf(503, '{}')).toEqual({
    code: 5,
    stdout: '',
    stderr: 'ringway: the proxy at ADMIN has no topology yet\n',
  });
});

test('a proxy with a member that does not answer is degraded', async () => {
  const members = [{ ...member, admin: '127.0.0.1:1' }];
  const finished = await statusOf(200, JSON.stringify({ cluster: 'test', epoch: 7, partitions: 16_384, members }));
  expect(finished.stdout).toContain('! node-1 does not answer at 127.0.0.1:1');
  expect(finished.code).toBe(5);
});

test.each([
  [404, '<html>'],
  [200, 'hello'],
  [200, '{"members":3}'],
])('what answers %i %s is no proxy, and counts as unreachable', async (code, body) => {
  expect(await statusOf(code, body)).toMatchObject({
    code: 3,
    stderr: `ringway: what answers at ADMIN is not the admin API of a proxy (status ${code})\n`,
  });
});
