import { memcachedLoad, type Peers } from './peers.ts';
import { startCluster, startNode } from './ringway.ts';
import { median, printTable, spread } from './table.ts';

const ROUNDS = 3;
const SECONDS = 3;

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly target: string;
}

interface Side {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
}

const NODE_CASES: readonly Case[] = [
  { name: 'mg hit, -c 32 -d 1', args: ['-c', '32', '-d', '1'], target: '<= 1.15' },
  { name: 'mg hit, -c 8 -d 64', args: ['-c', '8', '-d', '64'], target: '<= 0.5' },
  { name: 'ms, -c 32 -d 1', args: ['-c', '32', '-d', '1', '-w', '100'], target: '<= 1.15' },
  { name: 'ms, -c 8 -d 64', args: ['-c', '8', '-d', '64', '-w', '100'], target: '<= 0.5' },
];

const PROXY_CASES: readonly Case[] = [
  { name: 'get hit, -c 32 -d 1', args: ['-x', '-c', '32', '-d', '1'], target: '<= 0.7' },
  { name: 'get hit, -c 8 -d 64', args: ['-x', '-c', '8', '-d', '64'], target: '<= 0.33' },
];

/** CPU per memcached operation: a node beside memcached, the proxy's front beside twemproxy. */
export async function benchMemcached(peers: Peers): Promise<void> {
  {
    await using node = await startNode();
    compare(
      'one node beside memcached -t 1',
      { name: 'ringway node', ...node },
      peers.get('memcached'),
      NODE_CASES,
      [],
    );
  }
  await using cluster = await startCluster(3);
  const ours = { name: 'ringway proxy + 3 nodes', ...cluster.memcached };
  compare('proxy + 3 nodes beside twemproxy + 3 memcached', ours, peers.get('twemproxy'), PROXY_CASES, ['-x']);
}

function compare(title: string, ours: Side, peer: Side, cases: readonly Case[], fillArgs: readonly string[]): void {
  const rows: string[][] = [];
  for (const side of [ours, peer]) memcachedLoad(side, ['-f', '-t', '1', ...fillArgs]);
  for (const { name, args, target } of cases) {
    const runs: { ours: number[]; peer: number[]; rates: number[]; peerRates: number[]; errors: number } = {
      ours: [],
      peer: [],
      rates: [],
      peerRates: [],
      errors: 0,
    };
    for (let round = 0; round < ROUNDS; round++) {
      const a = memcachedLoad(ours, [...args, '-t', String(SECONDS)]);
      const b = memcachedLoad(peer, [...args, '-t', String(SECONDS)]);
      runs.ours.push(a['cpu_us_per_op'] ?? Number.NaN);
      runs.peer.push(b['cpu_us_per_op'] ?? Number.NaN);
      runs.rates.push(a['ops_s'] ?? Number.NaN);
      runs.peerRates.push(b['ops_s'] ?? Number.NaN);
      runs.errors += (a['err'] ?? 0) + (b['err'] ?? 0);
    }
    const ratios = runs.ours.map((cpu, round) => cpu / (runs.peer[round] ?? Number.NaN));
    rows.push([
      name,
      spread(runs.ours),
      spread(runs.peer),
      spread(ratios),
      target,
      median(runs.rates).toFixed(0),
      median(runs.peerRates).toFixed(0),
      String(runs.errors),
    ]);
  }
  console.log(`\n${title}: cpu us per operation, 10,000 keys of 100 bytes, ${ROUNDS} rounds of ${SECONDS} s`);
  printTable(['load', ours.name, peer.name, 'ours / peer', 'target', 'our ops/s', 'peer ops/s', 'errors'], rows);
}
