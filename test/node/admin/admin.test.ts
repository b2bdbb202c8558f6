import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { installed } from '../../support/installed.ts';
import { TestNode } from '../node-harness.ts';
import { firstTopology, ManualSource, member } from '../cluster/topologies.ts';

const admin = { host: '127.0.0.1', port: 0 };
const hasPromtool = installed('promtool');
const title = hasPromtool ? '' : ' (skipped: promtool is not on the PATH)';

async function samplesOf(started: TestNode): Promise<Map<string, number>> {
  const text = await (await fetch(`${started.adminUrl}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('metrics count what was done', async () => {
  await using started = await TestNode.start({ admin, limits: { valueBytes: 1000 } });
  await using wire = await started.connect();
  const sent =
    'set a 0 0 1\r\n1\r\nms b 1 q\r\n1\r\nget a b c\r\nmg c q\r\nincr a 1\r\ntouch a 0\r\ndelete a\r\nbogus\r\nset b 0 5 1\r\nx\r\nincr b 1\r\n';
  await wire.ask(sent);
  await wire.ask(`set big 0 0 2000\r\n${'x'.repeat(2000)}\r\n`);
  started.clock.pass(6);
  await wire.ask('get b\r\nflush_all\r\n');
  const samples = await samplesOf(started);
  const expected: Record<string, number> = {
    'ringway_node_commands_total{command="get"}': 3,
    'ringway_node_commands_total{command="set"}': 4,
    'ringway_node_commands_total{command="delete"}': 1,
    'ringway_node_commands_total{command="touch"}': 1,
    'ringway_node_commands_total{command="incr"}': 2,
    'ringway_node_commands_total{command="other"}': 4,
    'ringway_node_command_failures_total{command="set",reason="too_large"}': 1,
    'ringway_node_command_failures_total{command="incr",reason="non_numeric"}': 1,
    'ringway_node_command_failures_total{command="get",reason="not_owner"}': 0,
    ringway_node_protocol_errors_total: 1,
    ringway_node_key_lookups_total: 5,
    ringway_node_key_hits_total: 2,
    'ringway_node_key_misses_total{reason="absent"}': 2,
    'ringway_node_key_misses_total{reason="expired"}': 1,
    'ringway_node_rejected_writes_total{reason="too_large"}': 1,
    ringway_node_misrouted_requests_total: 0,
    ringway_node_memory_limit_bytes: 64 * 1024 * 1024,
    ringway_node_stores_total: 3,
    ringway_node_expirations_total: 1,
    ringway_node_connections: 1,
    ringway_node_connections_opened_total: 1,
    ringway_node_connections_limit: 10_000,
    ringway_ring_version: 0,
    ringway_node_admitted: 1,
    'ringway_node_info{node="test-node",cluster=""}': 1,
    // Every batch ended with a command of this class.
    'ringway_node_command_duration_seconds_bucket{le="+Inf",command="other"}': 15,
    'ringway_node_command_duration_seconds_count{command="other"}': 15,
    'ringway_node_command_duration_seconds_count{command="incr"}': 0,
  };
  for (const [name, value] of Object.entries(expected)) expect(samples.get(name), name).toBe(value);
  expect(samples.get('ringway_node_received_bytes_total')).toBeGreaterThan(sent.length);
  expect(samples.get('ringway_node_sent_bytes_total')).toBe(wire.receivedBytes);
  expect([...samples.keys()].some((name) => name.includes('big'))).toBe(false);
});

test('metrics are few, and are served in plain text and compressed', async () => {
  await using started = await TestNode.start({ admin });
  const plain = await fetch(`${started.adminUrl}/metrics`, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(plain.headers.get('cache-control')).toBe('no-store');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const text = await plain.text();
  expect(text.split('\n').filter((line) => !line.startsWith('#')).length).toBeLessThan(400);
  const packed = await fetch(`${started.adminUrl}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(await packed.text()).toContain('ringway_metrics_render_duration_seconds');
});

test.skipIf(!hasPromtool)(`promtool finds no fault with our metrics${title}`, async () => {
  await using started = await TestNode.start({ admin });
  const text = await (await fetch(`${started.adminUrl}/metrics`)).text();
  const ours = text.split('\n').filter((line) => /^(# \w+ )?ringway_/.test(line));
  expect(ours.length).toBeGreaterThan(100);
  execFileSync('promtool', ['check', 'metrics'], { input: `${ours.join('\n')}\n` });
});

test('a node is ready once it serves', async () => {
  const source = new ManualSource();
  await using started = await TestNode.start({
    admin,
    id: 'n1',
    incarnation: '00000000000000a1',
    topologySource: source,
  });
  const ask = async (path: string): Promise<string> => {
    const response = await fetch(`${started.adminUrl}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  expect(await ask('/livez')).toBe('200 ok\n');
  expect(await ask('/readyz')).toBe('503 the topology does not name this run of the node\n');
  source.publish(firstTopology([member('n1', 'a1')]));
  expect(await ask('/readyz')).toBe('200 ok\n');
});

test('the state is served as the node tells it, and the engine can be verified', async () => {
  await using started = await TestNode.start({ admin });
  await using wire = await started.connect();
  await wire.ask('set a 0 0 1\r\n1\r\n');
  const state = await fetch(`${started.adminUrl}/v1/state`);
  expect(await state.json()).toEqual(JSON.parse(JSON.stringify(started.node.state())));
  const verified = await fetch(`${started.adminUrl}/debug/verify`);
  expect([verified.status, await verified.json()]).toEqual([200, { healthy: true, faults: [] }]);
});
