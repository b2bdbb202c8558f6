import { latin1Bytes } from '../latin1.ts';
import { md5 } from '../md5.ts';
import { crc32, crc32Start } from './crc32.ts';
import type { KetamaHashName } from './key-hashes.ts';

/** A server as the client or proxy to be replaced is configured with it. */
export interface KetamaServer {
  /** Name or address, as written in that configuration. */
  readonly host: string;
  readonly port: number;
  /** 1 unless given. */
  readonly weight?: number;
  /** What to hash in place of the address: twemproxy's server name, or any label of your own. */
  readonly name?: string;
  /** The address a host name resolved to: spymemcached hashes `host/address:port`. */
  readonly address?: string;
}

/** Everything in which the flavours differ. */
export interface Flavour {
  readonly keyHash: KetamaHashName;
  /** Servers in the order in which points are made, when it is not the order given. */
  readonly order?: (a: KetamaServer, b: KetamaServer) => number;
  /** Which server keeps a point that two have: the one made first, or the one made last. */
  readonly duplicates: 'first' | 'last';
  pointCount(server: KetamaServer, cluster: KetamaCluster): number;
  points(server: KetamaServer, count: number): number[];
}

export interface KetamaCluster {
  readonly serverCount: number;
  readonly weightTotal: number;
  /** Whether any server was given a weight. */
  readonly isWeighted: boolean;
}

export type KetamaFlavour =
  | 'libmemcached'
  | 'libmemcachedSpy'
  | 'libketama'
  | 'twemproxy'
  | 'spymemcached'
  | 'spymemcachedLibmemcached'
  | 'couchbase'
  | 'uhashring'
  | 'nginx';

/**
 * The known flavours of ketama. All but nginx's make four points of each MD5 of `label-0`, `label-1`, ... and differ in
 * the label and in how they round the number of digests, which decides whether keys land on the same server: with 25
 * equal servers one flavour makes 160 points a server and another 156. Each follows the arithmetic of its source,
 * single precision where that is single.
 */
export const flavours: Readonly<Record<KetamaFlavour, Flavour>> = {
  /** libmemcached's KETAMA_WEIGHTED and its descendants: pylibmc, php-memcached with OPT_LIBKETAMA_COMPATIBLE. */
  libmemcached: digestFlavour({ label: labelWithoutDefaultPort, digests: singlePrecision, duplicates: 'first' }),
  /** libmemcached's KETAMA_SPY. */
  libmemcachedSpy: digestFlavour({
    label: (server) => `/${address(server)}`,
    digests: singlePrecision,
    duplicates: 'first',
  }),
  /** The original, by RJ at last.fm: the product in double precision, then cast. */
  libketama: digestFlavour({
    label: address,
    digests: (weight, { serverCount, weightTotal }) => {
      const share = Math.fround(Math.fround(weight) / Math.fround(weightTotal));
      return Math.floor(Math.fround(share * 40 * serverCount));
    },
    duplicates: 'first',
  }),
  /** twemproxy, also called nutcracker. Points are MD5 whatever the pool's `hash` is; the default is fnv1a_64. */
  twemproxy: {
    ...digestFlavour({ label: labelWithoutDefaultPort, digests: singlePrecision, duplicates: 'first' }),
    keyHash: 'fnv1a_64',
  },
  /** spymemcached, format SPYMEMCACHED. */
  spymemcached: digestFlavour({ label: socketAddress, digests: fortyUnlessWeighted, duplicates: 'last' }),
  /** spymemcached, format LIBMEMCACHED. */
  spymemcachedLibmemcached: digestFlavour({
    label: labelWithoutDefaultPort,
    digests: fortyUnlessWeighted,
    duplicates: 'last',
  }),
  /** Couchbase SDKs, RFC 26, for memcached buckets. */
  couchbase: {
    ...digestFlavour({ label: address, digests: () => 40, duplicates: 'last' }),
    order: (a, b) => (address(a) < address(b) ? -1 : 1),
  },
  /** uhashring for Python, ketama mode: integers throughout. */
  uhashring: digestFlavour({
    label: address,
    digests: (weight, { serverCount, weightTotal }) => Math.floor((40 * serverCount * weight) / weightTotal),
    duplicates: 'last',
  }),
  /** nginx's `hash ... consistent` and Cache::Memcached::Fast: 160 points times the weight, chained CRC-32. */
  nginx: {
    keyHash: 'crc32a',
    duplicates: 'first',
    pointCount: (server) => 160 * weightOf(server),
    points: crcPoints,
  },
};

export function weightOf(server: KetamaServer): number {
  return server.weight ?? 1;
}

interface DigestRules {
  readonly label: (server: KetamaServer) => string;
  readonly digests: (weight: number, cluster: KetamaCluster) => number;
  readonly duplicates: Flavour['duplicates'];
}

function digestFlavour({ label, digests, duplicates }: DigestRules): Flavour {
  return {
    keyHash: 'md5',
    duplicates,
    pointCount: (server, cluster) => digests(weightOf(server), cluster) * pointsPerDigest,
    points: (server, count) => md5Points(server.name ?? label(server), count / pointsPerDigest),
  };
}

const defaultPort = 11_211;
const pointsPerDigest = 4;

function address({ host, port }: KetamaServer): string {
  return `${host}:${port}`;
}

function labelWithoutDefaultPort(server: KetamaServer): string {
  return server.port === defaultPort ? server.host : address(server);
}

/** Java's text of a socket address, without the slash that stands in front of an address that has no name. */
function socketAddress(server: KetamaServer): string {
  return server.address === undefined ? address(server) : `${server.host}/${server.address}:${server.port}`;
}

/** C's `floorf((float)(pct * 160 / 4 * (float)n + 1e-10))` with a float pct: every product is rounded to a float. */
function singlePrecision(weight: number, { serverCount, weightTotal }: KetamaCluster): number {
  const share = Math.fround(Math.fround(weight) / Math.fround(weightTotal));
  const scaled = Math.fround(Math.fround(Math.fround(share * 160) / 4) * serverCount);
  return Math.floor(Math.fround(scaled + 1e-10));
}

function fortyUnlessWeighted(weight: number, cluster: KetamaCluster): number {
  return cluster.isWeighted ? singlePrecision(weight, cluster) : 40;
}

function md5Points(label: string, digestCount: number): number[] {
  const points: number[] = [];
  for (let i = 0; i < digestCount; i++) {
    const bytes = latin1Bytes(`${label}-${i}`);
    md5(bytes, 0, bytes.length, digest);
    for (const word of digest) points.push(word >>> 0);
  }
  return points;
}

const digest = new Int32Array(4);

/** crc32(HOST 0 PORT PREVIOUS), where PREVIOUS is the point before in little-endian bytes. A `unix:` path has no port. */
function crcPoints({ host, port }: KetamaServer, count: number): number[] {
  const label = host.toLowerCase().startsWith('unix:') ? `${host.slice('unix:'.length)}\0` : `${host}\0${port}`;
  const bytes = latin1Bytes(label);
  const base = crc32(crc32Start, bytes, 0, bytes.length);
  const points: number[] = [];
  for (let i = 0; i < count; i++) {
    const previous = points[i - 1] ?? 0;
    const tail = Uint8Array.of(previous, previous >>> 8, previous >>> 16, previous >>> 24);
    points.push(~crc32(base, tail, 0, tail.length) >>> 0);
  }
  return points;
}
