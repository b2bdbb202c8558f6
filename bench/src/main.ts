import { benchEngine } from './engine.ts';
import { benchHttp } from './http.ts';
import { describeHost } from './host.ts';
import { benchLatency } from './latency.ts';
import { benchMemcached } from './memcached.ts';
import { benchMicro } from './micro.ts';
import { PEER_VERSIONS, startPeers, type Peers } from './peers.ts';

const USAGE = `pnpm bench [micro] [engine] [http] [latency] [memcached]     (all when none is named)

  micro      hash, lookup, planner, parse, write: in this process
  engine     the storage engine in this process: throughput, memory, longest block
  http       CPU per HTTP GET: ours beside nginx + memcached, webdis + redis, varnish
  latency    latency percentiles of an HTTP GET at fixed rates: ours beside nginx + memcached and webdis + redis
  memcached  CPU per memcached operation: a node beside memcached, the proxy beside twemproxy

http, latency and memcached need the folder ../shared/tools beside this checkout and Debian's nginx, memcached, nutcracker,
webdis, redis-server, varnish, wrk and gcc (../shared/tools/peers.sh install). They start and stop everything themselves,
on 127.0.0.1. Leave the machine alone meanwhile.`;

const LOCAL: Readonly<Record<string, () => void>> = { micro: benchMicro, engine: benchEngine };
const MACRO: Readonly<Record<string, (peers: Peers) => Promise<void>>> = {
  http: benchHttp,
  latency: benchLatency,
  memcached: benchMemcached,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in LOCAL) && !(name in MACRO));
if (unknown.length > 0) {
  console.error(named.includes('--help') ? USAGE : `unknown bench: ${unknown.join(', ')}\n\n${USAGE}`);
  process.exit(named.includes('--help') ? 0 : 2);
}
const wanted = named.length > 0 ? named : [...Object.keys(LOCAL), ...Object.keys(MACRO)];
const macros = wanted.flatMap((name) => MACRO[name] ?? []);

for (const line of describeHost(macros.length > 0 ? PEER_VERSIONS : [])) console.log(line);
for (const name of wanted) LOCAL[name]?.();
if (macros.length > 0) {
  using peers = startPeers();
  if (peers === undefined)
    console.log('\nhttp and memcached left out: ../shared/tools is not there, so there are no peers to compare with.');
  else {
    for (const bench of macros) {
      // One after the other: two cores carry one load and one system under it.
      // oxlint-disable-next-line no-await-in-loop
      await bench(peers);
    }
  }
}
