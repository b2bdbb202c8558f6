import { createHash } from 'node:crypto';
import { createKetama, ketamaHashes, type Ketama, type KetamaFlavour, type KetamaServer } from '@ringway/ring';
import { expect, test } from 'vitest';

/** Vectors published with each implementation, by digest where the keys can be made again, else by single pairs. */

function locate(ketama: Ketama, key: string): number {
  const bytes = Buffer.from(`.${key}`, 'latin1');
  return ketama.locate(bytes, 1, bytes.length);
}

/** SHA-256 of the lines `key server` for the keys 0 to 99999. */
function digestOfKeys(ketama: Ketama, names: readonly string[]): string {
  const hash = createHash('sha256');
  for (let key = 0; key < 100_000; key++) hash.update(`${key} ${names[locate(ketama, String(key))]}\n`);
  return hash.digest('hex');
}

/** The eight servers of libketama's and libmemcached's tests. */
const eight: readonly KetamaServer[] = [600, 300, 200, 350, 1000, 800, 950, 100].map((weight, i) => {
  return { host: `10.0.1.${i + 1}`, port: 11_211, weight };
});

test('libketama: the self-test over a million keys', () => {
  const ketama = createKetama('libketama', eight);
  const output = createHash('md5').update('\n');
  const key = Buffer.alloc(8);
  for (let i = 0; i < 1_000_000; i++) {
    const end = key.write(String(i), 'latin1');
    const hash = ketamaHashes.md5(key, 0, end);
    const point = ketama.points[firstAtOrAfter(ketama.points, hash)];
    output.update(`${hash} ${point} 10.0.1.${ketama.locate(key, 0, end) + 1}:11211\n`);
  }
  expect(output.digest('hex')).toBe('5672b131391f5aa2b280936aec1eea74');
});

function firstAtOrAfter(points: Uint32Array, hash: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]! < hash) low = middle + 1;
    else high = middle;
  }
  return low % points.length;
}

test('libmemcached, weighted: the published keys', () => {
  const ketama = createKetama('libmemcached', eight);
  expect(ketama.points.length).toBe(1264);
  const keys = [
    'SVa_]_V41)',
    '*/Z;?V(.\\8',
    '30C1*Z*S/_',
    'ERR:EC58G>',
    '1I=cTMNTKF',
    'P1[Ma3=K1/',
    'D[HE+cFXDK',
    '6,cEI`F_P>',
  ];
  expect(keys.map((key) => locate(ketama, key) + 1)).toEqual([7, 1, 2, 7, 5, 8, 3, 6]);
  // Its hash, 0xfffcd1b5, lies past the last point: the ring starts over.
  expect(locate(ketama, 'VDEAAAAA')).toBe(ketama.owners[0]);
});

test('libmemcached, SPY: the published keys', () => {
  const ketama = createKetama('libmemcachedSpy', eight);
  const keys = [
    'SVa_]_V41)',
    '*/Z;?V(.\\8',
    '30C1*Z*S/_',
    'ERR:EC58G>',
    '1I=cTMNTKF',
    'P1[Ma3=K1/',
    'D[HE+cFXDK',
    '6,cEI`F_P>',
  ];
  expect(keys.map((key) => locate(ketama, key) + 1)).toEqual([2, 4, 2, 7, 4, 1, 5, 3]);
});

test('libmemcached through pylibmc: a hundred thousand keys', () => {
  const names = ['0.0.0.1:11211', '0.0.0.2:11211', '0.0.0.3', '0.0.0.4:11213', '0.0.0.5:11212'];
  const servers = names.map((name) => ({ host: name.split(':')[0]!, port: Number(name.split(':')[1] ?? 11_211) }));
  const ketama = createKetama('libmemcached', servers);
  expect(ketama.points.length).toBe(800);
  expect(digestOfKeys(ketama, names)).toBe('f09e54e760c07ec6bd2fcae4aaedfe4eb5c69046dbb506c48f892cbcde3deb90');
});

test('node-hashring: a hundred thousand keys over weights 1 to 5', () => {
  const names = [1, 2, 3, 4, 5].map((weight) => `0.0.0.${weight}`);
  const ketama = createKetama(
    'libketama',
    names.map((name, i) => ({ host: name, port: 0, weight: i + 1, name })),
  );
  expect(ketama.points.length).toBe(792);
  expect(digestOfKeys(ketama, names)).toBe('fc11fe3d0bf9480a77f4b7cb5a776d863f3be2f44134822b399f581c5e75f15b');
});

test('python_ketama and uhashring: the published point of a key', () => {
  const servers = [600, 400].map((weight, i) => ({ host: '127.0.0.1', port: 11_211 + i, weight }));
  for (const flavour of ['libketama', 'uhashring'] as const) {
    const ketama = createKetama(flavour, servers);
    expect(ketama.points.length).toBe(320);
    expect(ketama.points[firstAtOrAfter(ketama.points, 3_446_378_249)]).toBe(3_454_255_383);
    expect(locate(ketama, 'test')).toBe(0);
  }
});

test('spymemcached: the published keys of its small rings', () => {
  const local = (count: number): KetamaServer[] =>
    Array.from({ length: count }, (_, i) => ({ host: '127.0.0.1', port: 10_000 + i }));
  const four = createKetama('spymemcached', local(4));
  expect(four.points.at(-1)).toBe(4_294_887_009);
  const keys = ['dustin', 'noelani', 'some other key', 'V5XS8C8N', '8KR2DKR2', 'L9KH6X4X'];
  expect(keys.map((key) => locate(four, key))).toEqual([0, 2, 0, 3, 3, 3]);
  const five = createKetama('spymemcached', local(5));
  expect(['36', '10037', '22051', '49044', 'some other key'].map((key) => locate(five, key))).toEqual([2, 3, 1, 4, 4]);
});

test('spymemcached: published keys over eight servers', () => {
  const ketama = createKetama(
    'spymemcached',
    eight.map(({ host, port }) => ({ host, port })),
  );
  const keys = ['0', '233', '466', '699', '932', '1165', '3728', '3961', '17941', '137470', '999803'];
  expect(keys.map((key) => locate(ketama, key) + 1)).toEqual([1, 7, 3, 1, 6, 2, 8, 4, 2, 2, 4]);
});

test('spymemcached in libmemcached format: published keys with weights', () => {
  const servers = [11_211, 11_212].map((port) => ({ host: 'localhost', port, weight: 8 }));
  const ketama = createKetama('spymemcachedLibmemcached', servers);
  expect(['key1', 'key2', 'key3', 'key4'].map((key) => locate(ketama, key))).toEqual([1, 0, 1, 1]);
});

test('spymemcached: a resolved name is hashed with its address', () => {
  const named = createKetama('spymemcached', [{ host: 'cache', port: 11_211, address: '10.0.0.1' }]);
  const labelled = createKetama('spymemcached', [{ host: '-', port: 0, name: 'cache/10.0.0.1:11211' }]);
  expect(named.points).toEqual(labelled.points);
});

test('Couchbase RFC 26: all points and their servers', () => {
  const hosts = [101, 102, 103, 104].map((last) => `192.168.1.${last}`);
  // The servers are sorted first, so the order they are given in does not matter.
  const given = hosts.toReversed();
  const ketama = createKetama(
    'couchbase',
    given.map((host) => ({ host, port: 11_210 })),
  );
  const hash = createHash('sha256');
  for (const [i, point] of ketama.points.entries()) hash.update(`${point} ${given[ketama.owners[i]!]}:11210\n`);
  expect(hash.digest('hex')).toBe('6fdb87ffcd8b912a40fdb882c39e9908bbdbbb4922387ed29b5726e2643f6742');
});

test('go-ketama and twemproxy with hash md5: published counts of a hundred thousand keys', () => {
  const servers = Array.from({ length: 10 }, (_, i) => ({ host: `server${i + 1}`, port: 11_211 }));
  const ketama = createKetama('twemproxy', servers, { keyHash: 'md5' });
  const counts = Array.from(servers, () => 0);
  for (let i = 0; i < 100_000; i++) counts[locate(ketama, `foo${i}`)]!++;
  expect(counts).toEqual([8699, 10885, 9980, 10237, 9099, 10997, 10365, 10380, 9896, 9462]);
});

test('Algorithm::ConsistentHash::Ketama, the search without its old bug', () => {
  const ketama = createKetama(
    'libmemcached',
    ['r01', 'r02'].map((host) => ({ host, port: 11_211, weight: 100 })),
  );
  for (const hex of ['37292b669dd8f7c952cf79ca0dc6c5d7', '161c6d14dae73a874ac0aa0017fb8340']) {
    expect(ketama.locate(Buffer.from(hex, 'hex'), 0, 16)).toBe(1);
  }
});

test.each<[readonly number[], string]>([
  [[1, 1, 1], '1 3 1 3 1 3 1 2 1 2 1 1 2 1 2 2 3 1 1 2'],
  [[2, 3, 1], '1 2 2 3 2 1 1 2 1 2 1 1 2 1 2 2 2 1 1 2'],
])('nginx and Cache::Memcached::Fast: keys 1 to 20 with weights %s', (weights, expected) => {
  const servers = weights.map((weight, i) => ({ host: '127.0.0.1', port: 8081 + i, weight }));
  const ketama = createKetama('nginx', servers);
  const located = Array.from({ length: 20 }, (_, i) => locate(ketama, String(i + 1)) + 1);
  expect(located.join(' ')).toBe(expected);
});

test('nginx: the first points of a server', () => {
  const ketama = createKetama('nginx', [{ host: '127.0.0.1', port: 8081 }]);
  for (const point of [1_353_366_775, 3_101_462_538, 708_007_374]) expect(ketama.points).toContain(point);
});

/** Where rounding in single or double precision leaves equal servers 156 points in place of 160. */
test.each<[KetamaFlavour, number[]]>([
  ['libmemcached', [25, 47, 50, 55, 61]],
  ['twemproxy', [25, 47, 50, 55, 61]],
  ['libketama', [61]],
  ['uhashring', []],
])('%s rounds the points of equal servers as its source does', (flavour, expected) => {
  const servers = (count: number): KetamaServer[] =>
    Array.from({ length: count }, (_, i) => ({ host: `10.0.0.${i}`, port: 11_211 }));
  const counts = [2, 7, 24, 25, 26, 47, 48, 50, 55, 60, 61];
  expect(counts.filter((count) => createKetama(flavour, servers(count)).points.length < count * 158)).toEqual(expected);
});

test('a hash tag leaves only what stands between its characters', () => {
  const servers = eight.map(({ host, port }) => ({ host, port }));
  const tagged = createKetama('twemproxy', servers, { hashTag: '{}' });
  const plain = createKetama('twemproxy', servers);
  expect(locate(tagged, 'user:{17}:name')).toBe(locate(plain, '17'));
  for (const whole of ['user:{}:name', 'user:{17', 'user:17}', 'user']) {
    expect(locate(tagged, whole)).toBe(locate(plain, whole));
  }
});

test('a tie goes to the server the flavour names', () => {
  const twins = [
    { host: 'a', port: 1, name: 'twin' },
    { host: 'b', port: 2, name: 'twin' },
  ];
  expect(new Set(createKetama('libmemcached', twins).owners)).toEqual(new Set([0]));
  expect(new Set(createKetama('spymemcached', twins).owners)).toEqual(new Set([1]));
});

test.each<[string, KetamaServer[]]>([
  ['no servers', []],
  ['a weight of 0', [{ host: 'a', port: 1, weight: 0 }]],
  ['a weight that would make gigabytes of points', [{ host: 'a', port: 1, weight: 1_000_000 }]],
])('%s is refused', (_, servers) => {
  expect(() => createKetama('nginx', servers)).toThrow(expect.objectContaining({ code: 'RING_OPTION' }));
});
