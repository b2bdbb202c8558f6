import { request } from 'undici';
import { httpLoad, type Peers } from './peers.ts';
import { startCluster } from './ringway.ts';
import { median, printTable, spread } from './table.ts';

const KEYS = 10_000;
const VALUE = 'x'.repeat(100);
const ROUNDS = 3;
const SECONDS = 3;

/** CPU per request of an HTTP GET hit, ours and the peers' in turn in each round. */
export async function benchHttp(peers: Peers): Promise<void> {
  await using cluster = await startCluster(3);
  await fill(cluster.http.port);
  const systems = [
    { name: 'ringway, proxy + 3 nodes', target: cluster.http, path: HTTP_KEY_PATH },
    { name: 'nginx + 3 memcached', target: peers.get('nginx'), path: '/v1/cache/key:%d' },
    { name: 'webdis + redis', target: peers.get('webdis'), path: '/GET/key:%d.txt' },
    { name: 'varnish hit, no hop', target: peers.get('varnish'), path: '/static' },
    { name: 'nginx itself (floor)', target: peers.get('nginx-static'), path: '/static' },
  ];
  for (const connections of [32, 128]) {
    for (const { target, path } of systems) httpLoad(target, path, connections, 1);
    const runs = systems.map(() => [] as ReturnType<typeof httpLoad>[]);
    for (let round = 0; round < ROUNDS; round++) {
      systems.forEach(({ target, path }, index) => runs[index]?.push(httpLoad(target, path, connections, SECONDS)));
    }
    const cpuOf = (index: number): number[] => (runs[index] ?? []).map((run) => run['cpu_us_per_req'] ?? Number.NaN);
    const ours = cpuOf(0);
    console.log(
      `\nHTTP GET hit, ${connections} connections, ${KEYS} keys of ${VALUE.length} bytes, ${ROUNDS} rounds of ${SECONDS} s`,
    );
    printTable(
      ['system', 'cpu us/request', 'requests/s', 'p99 us', 'bad', 'ours / it'],
      systems.map(({ name }, index) => {
        const figures = runs[index] ?? [];
        const ratios = cpuOf(index).map((cpu, round) => (ours[round] ?? Number.NaN) / cpu);
        const of = (key: string): number => median(figures.map((run) => run[key] ?? Number.NaN));
        return [
          name,
          spread(cpuOf(index)),
          of('rps').toFixed(0),
          of('p99_us').toFixed(0),
          String(of('bad')),
          index === 0 ? '' : spread(ratios),
        ];
      }),
    );
  }
  console.log(
    '\ntargets: ours / (nginx + 3 memcached) <= 0.65, then <= 0.5; / (webdis + redis) <= 0.5; / varnish hit <= 0.9',
  );
}

/** Where the bench's values are; %d is the number of the key. */
export const HTTP_KEY_PATH = '/v1/kv/bench/key:%d';

/** Puts every key once. */
export async function fill(port: number): Promise<void> {
  for (let start = 0; start < KEYS; start += 100) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const answer = await request(`http://127.0.0.1:${port}/v1/kv/bench/key:${start + i}`, {
          method: 'PUT',
          body: VALUE,
        });
        await answer.body.dump();
        if (answer.statusCode !== 204) throw new Error(`filling: PUT answered ${answer.statusCode}`);
      }),
    );
  }
}
