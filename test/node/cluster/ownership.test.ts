import { expect, test } from 'vitest';
import type { StorageNode } from '@ringway/node';
import type { Topology } from '@ringway/ring';
import { TestNode } from '../node-harness.ts';
import { firstTopology, keysOf, ManualSource, member, nextTopology } from './topologies.ts';

const n1 = member('n1', 'a1');
const n2 = member('n2', 'b1');
const n3 = member('n3', 'c1');

function startMember(source: ManualSource, clusterName?: string): Promise<TestNode> {
  return TestNode.start({ id: 'n1', incarnation: n1.incarnation, topologySource: source, clusterName });
}

function followed({ node }: { node: StorageNode }): object {
  const { cluster, epoch, digest, admitted, partitionsOwned } = node.state();
  return { cluster, epoch, digest, admitted, partitionsOwned };
}

test('a member serves its own partitions and says who serves the others', async () => {
  const topology = firstTopology([n1, n2]);
  await using started = await startMember(new ManualSource(topology));
  await using wire = await started.connect();
  const [mine] = keysOf(topology, 'n1', 1);
  const [other] = keysOf(topology, 'n2', 1);
  expect(await wire.ask(`set ${mine} 0 0 1\r\n1\r\nget ${mine}\r\n`)).toBe(
    `STORED\r\nVALUE ${mine} 0 1\r\n1\r\nEND\r\n`,
  );
  const refusal = 'SERVER_ERROR not_owner 1 n2\r\n';
  for (const command of [
    `get ${other}`,
    `gat 0 ${other}`,
    `incr ${other} 1`,
    `touch ${other} 0`,
    `delete ${other}`,
    `mg ${other} v`,
    `mg ${other} v q`,
    `md ${other} q`,
    `ma ${other}`,
    `me ${other}`,
  ]) {
    expect(await wire.ask(`${command}\r\n`), command).toBe(refusal);
  }
  expect(followed(started)).toMatchObject({ cluster: 'test', epoch: 1, admitted: true, partitionsOwned: 32 });
});

test('a refused store has its data block swallowed, whatever its size', async () => {
  const topology = firstTopology([n1, n2]);
  await using started = await startMember(new ManualSource(topology));
  await using wire = await started.connect();
  const [mine] = keysOf(topology, 'n1', 1);
  const [other] = keysOf(topology, 'n2', 1);
  const refusal = 'SERVER_ERROR not_owner 1 n2\r\n';
  for (const bytes of [2, 1000, 16_384, 100_000]) {
    const body = 'flush_all\r\n'.repeat(10_000).slice(0, bytes);
    expect(await wire.ask(`set ${mine} 0 0 1\r\n1\r\nset ${other} 0 0 ${bytes}\r\n${body}\r\n`)).toBe(
      `STORED\r\n${refusal}`,
    );
    expect(await wire.ask(`ms ${other} ${bytes} q\r\n${body}\r\nmg ${mine}\r\n`)).toBe(`${refusal}HD\r\n`);
    expect(await wire.ask(`set ${other} 0 0 ${bytes} noreply\r\n${body}\r\n`)).toBe('');
  }
  expect(started.node.state().items).toBe(1);
});

test('a get of several keys is refused as a whole when one of them is not served', async () => {
  const topology = firstTopology([n1, n2]);
  await using started = await startMember(new ManualSource(topology));
  await using wire = await started.connect();
  const [first, second] = keysOf(topology, 'n1', 2);
  const [other] = keysOf(topology, 'n2', 1);
  await wire.ask(`set ${first} 0 0 1\r\n1\r\nset ${second} 0 0 1\r\n2\r\n`);
  expect(await wire.ask(`get ${first} ${other} ${second}\r\n`)).toBe('SERVER_ERROR not_owner 1 n2\r\n');
  expect(await wire.ask(`get ${first} ${second}\r\n`)).toBe(
    `VALUE ${first} 0 1\r\n1\r\nVALUE ${second} 0 1\r\n2\r\nEND\r\n`,
  );
});

test('nothing is served before a topology names this run of the node', async () => {
  const source = new ManualSource();
  await using started = await startMember(source);
  await using wire = await started.connect();
  expect(await wire.ask('get k\r\nset k 0 0 1\r\n1\r\n')).toBe(
    'SERVER_ERROR not_owner 0\r\nSERVER_ERROR not_owner 0\r\n',
  );
  const earlierRun = firstTopology([member('n1', 'a0')]);
  source.publish(earlierRun);
  expect(followed(started)).toMatchObject({ epoch: 1, admitted: false, partitionsOwned: 0 });
  expect(await wire.ask('get k\r\n')).toBe('SERVER_ERROR not_owner 1\r\n');
  source.publish(nextTopology(earlierRun, [n1]));
  expect(followed(started)).toMatchObject({ epoch: 2, admitted: true, partitionsOwned: 64 });
  expect(await wire.ask('set k 0 0 1\r\n1\r\nget k\r\n')).toBe('STORED\r\nVALUE k 0 1\r\n1\r\nEND\r\n');
});

test('items of a partition that leaves are gone when it comes back', async () => {
  const alone = firstTopology([n1]);
  const source = new ManualSource(alone);
  await using started = await startMember(source);
  await using wire = await started.connect();
  const both = nextTopology(alone, [n1, n2]);
  const leaving = keysOf(both, 'n2', 20);
  const staying = keysOf(both, 'n1', 20);
  const store = [...leaving, ...staying].map((key) => `ms ${key} 3 q\r\nold\r\n`).join('');
  const read = (keys: string[]): string => keys.map((key) => `mg ${key}\r\n`).join('');
  await wire.ask(store);
  source.publish(both);
  expect(await wire.ask(read(leaving))).toBe('SERVER_ERROR not_owner 2 n2\r\n'.repeat(20));
  expect(await wire.ask(read(staying))).toBe('HD\r\n'.repeat(20));
  source.publish(nextTopology(both, [n1]));
  expect(await wire.ask(read(leaving))).toBe('EN\r\n'.repeat(20));
  expect(await wire.ask(read(staying))).toBe('HD\r\n'.repeat(20));
});

test('items are dropped as well when the partition was away between two topologies that were seen', async () => {
  const first = firstTopology([n1, n2]);
  const source = new ManualSource(first);
  await using started = await startMember(source);
  await using wire = await started.connect();
  const keys = keysOf(first, 'n1', 50);
  await wire.ask(keys.map((key) => `ms ${key} 1 q\r\n1\r\n`).join(''));
  // The node misses the second topology, in which everything was n2's.
  const second = nextTopology(first, [n2]);
  source.publish(nextTopology(second, [n1]));
  expect(await wire.ask(keys.map((key) => `mg ${key}\r\n`).join(''))).toBe('EN\r\n'.repeat(50));
});

test('versions carry the ownership epoch of their partition', async () => {
  const first = firstTopology([n2, n1]);
  const source = new ManualSource(first);
  await using started = await startMember(source);
  await using wire = await started.connect();
  const second = nextTopology(first, [n1]);
  const [kept] = keysOf(first, 'n1', 1);
  const [gained] = keysOf(first, 'n2', 1);
  source.publish(second);
  const reply = await wire.ask(`ms ${kept} 1 c\r\n1\r\nms ${gained} 1 c\r\n1\r\nms ${kept} 1 c\r\n1\r\n`);
  const versions = [...reply.matchAll(/c(\d+)/g)].map((match) => BigInt(match[1]!));
  expect(versions.map((version) => version >> 40n)).toEqual([1n, 2n, 1n]);
  expect(versions.map((version) => version & 0xff_ffff_ffffn)).toEqual([1n, 2n, 3n]);
});

test('an older topology, another of the same epoch, and one of another cluster are refused', async () => {
  const first = firstTopology([n1, n2]);
  const second = nextTopology(first, [n1, n2, n3]);
  const source = new ManualSource(second);
  const said: object[] = [];
  const say = (fields: object): void => void said.push(fields);
  await using started = await TestNode.start({
    id: 'n1',
    incarnation: n1.incarnation,
    topologySource: source,
    logger: { debug: say, info: () => {}, warn: say, error: say },
  });
  const before = followed(started);
  const refused: [Topology, string][] = [
    [first, 'RING_EPOCH_LOWER'],
    [nextTopology(first, [n1]), 'RING_EPOCH_CONFLICT'],
    [firstTopology([n1], 'other'), 'RING_OTHER_CLUSTER'],
  ];
  for (const [topology, code] of refused) {
    source.publish(topology);
    expect(said.pop()).toMatchObject({ code });
    expect(followed(started)).toEqual(before);
  }
  source.publish(second);
  expect(said).toEqual([]);
});

test('a cluster name in the options refuses the topology of another cluster', async () => {
  const source = new ManualSource(firstTopology([n1], 'other'));
  await using started = await startMember(source, 'mine');
  expect(followed(started)).toMatchObject({ cluster: 'mine', epoch: 0, admitted: false });
});

test('rw_hello tells who we are, and turns away a proxy of another cluster', async () => {
  const topology = firstTopology([n1]);
  await using started = await startMember(new ManualSource(topology));
  await using wire = await started.connect();
  expect(await wire.ask(`rw_hello test 1 ${topology.digest}\r\n`)).toBe(`RW n1 ${n1.incarnation} 1\r\n`);
  expect(await wire.ask('rw_hello elsewhere 7 abc\r\n')).toBe('CLIENT_ERROR cluster is test\r\n');
});

test('a node without a cluster answers rw_hello with epoch 0', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  expect(await wire.ask('rw_hello any 3 abc\r\n')).toBe('RW test-node 0000000000000000 0\r\n');
});

test('versions of a node without a cluster differ from one run to the next', async () => {
  const versions: bigint[] = [];
  for (const incarnation of ['00000000000000a1', 'ffffffffffffffff']) {
    await using started = await TestNode.start({ incarnation });
    await using wire = await started.connect();
    versions.push(BigInt((await wire.ask('ms k 1 c\r\n1\r\n')).slice(4).trim()));
  }
  expect(versions).toEqual([(0xa1n << 40n) + 1n, (0x7fffffn << 40n) + 1n]);
});

test('a closed node follows its source no more', async () => {
  const source = new ManualSource(firstTopology([n1]));
  const started = await startMember(source);
  expect(source.listenerCount).toBe(1);
  await started.node.close();
  expect(source.listenerCount).toBe(0);
});
