import autocannon from 'autocannon';
import { fill, HTTP_KEY_PATH } from './http.ts';
import type { Peers } from './peers.ts';
import { startCluster } from './ringway.ts';
import { printTable } from './table.ts';

const CONNECTIONS = 32;
const SECONDS = 5;
/** Requests a second, the same for every system: about a quarter and a half of what the slowest can do here. */
const RATES = [2_500, 5_000] as const;

/** Latency of an HTTP GET hit at fixed rates: percentiles corrected for coordinated omission, by autocannon. */
export async function benchLatency(peers: Peers): Promise<void> {
  await using cluster = await startCluster(3);
  await fill(cluster.http.port);
  const systems = [
    { name: 'ringway, proxy + 3 nodes', url: `http://127.0.0.1:${cluster.http.port}${HTTP_KEY_PATH}` },
    { name: 'nginx + 3 memcached', url: `http://127.0.0.1:${peers.get('nginx').port}/v1/cache/key:%d` },
    { name: 'webdis + redis', url: `http://127.0.0.1:${peers.get('webdis').port}/GET/key:%d.txt` },
  ];
  for (const rate of RATES) {
    const rows: string[][] = [];
    for (const { name, url } of systems) {
      /* oxlint-disable no-await-in-loop -- one system at a time */
      await measure(url, rate, 1);
      const { latency, non2xx, errors, requests } = await measure(url, rate, SECONDS);
      /* oxlint-enable no-await-in-loop */
      const figures = [requests.average, latency.p50, latency.p99, latency.p99_9, latency.max, non2xx + errors];
      rows.push([name, ...figures.map(String)]);
    }
    console.log(
      `\nlatency of an HTTP GET hit in ms, ${CONNECTIONS} connections, ${rate} requests/s offered, ${SECONDS} s`,
    );
    printTable(['system', 'requests/s', 'p50', 'p99', 'p99.9', 'max', 'bad'], rows);
  }
}

function measure(url: string, rate: number, seconds: number): Promise<autocannon.Result> {
  let key = 0;
  const { origin, pathname } = new URL(url.replace('%d', '_KEY_'));
  return autocannon({
    url: origin,
    connections: CONNECTIONS,
    duration: seconds,
    overallRate: rate,
    requests: [
      {
        setupRequest: (request) => {
          key = (key + 7919) % 10_000;
          return { ...request, path: pathname.replace('_KEY_', String(key)) };
        },
      },
    ],
  });
}
