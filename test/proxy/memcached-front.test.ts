import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installed } from '../support/installed.ts';
import { startTestCluster, type TestCluster } from '../support/test-cluster.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 3 });
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** What is sent, and exactly what must come back. Lines end in CRLF. */
const conversations: readonly (readonly [name: string, sent: string, received: string])[] = [
  ['a value is stored and read', 'set a 7 0 3|one|get a', 'STORED|VALUE a 7 3|one|END'],
  ['a miss is only END', 'get nothing', 'END'],
  ['an empty value is a value', 'set empty 0 0 0||get empty', 'STORED|VALUE empty 0 0||END'],
  [
    'keys of several nodes come in the order asked for',
    'set k1 0 0 1|1|set k2 0 0 1|2|set k3 0 0 1|3|set k4 0 0 1|4|get k4 missing k1 k3 k2',
    'STORED|STORED|STORED|STORED|VALUE k4 0 1|4|VALUE k1 0 1|1|VALUE k3 0 1|3|VALUE k2 0 1|2|END',
  ],
  [
    'a key asked for twice comes twice',
    'set twice 0 0 1|x|get twice twice',
    'STORED|VALUE twice 0 1|x|VALUE twice 0 1|x|END',
  ],
  ['add stores only what is new', 'add new 0 0 1|x|add new 0 0 1|y', 'STORED|NOT_STORED'],
  [
    'replace stores only over something',
    'replace none 0 0 1|x|set some 0 0 1|x|replace some 0 0 1|y|get some',
    'NOT_STORED|STORED|STORED|VALUE some 0 1|y|END',
  ],
  [
    'append adds to the end',
    'set tail 3 0 3|abc|append tail 9 0 3|def|get tail',
    'STORED|STORED|VALUE tail 3 6|abcdef|END',
  ],
  ['delete removes once', 'set gone 0 0 1|x|delete gone|delete gone|get gone', 'STORED|DELETED|NOT_FOUND|END'],
  ['counters count', 'set n 0 0 2|10|incr n 5|decr n 20|incr none 1|get n', 'STORED|15|0|NOT_FOUND|VALUE n 0 2|0 |END'],
  [
    'a text is no counter',
    'set word 0 0 3|abc|incr word 1',
    'STORED|CLIENT_ERROR cannot increment or decrement non-numeric value',
  ],
  ['touch needs something to touch', 'set t 0 0 1|x|touch t 100|touch none 100', 'STORED|TOUCHED|NOT_FOUND'],
  ['gat reads and touches', 'set g 0 0 1|x|gat 100 g none', 'STORED|VALUE g 0 1|x|END'],
  ['a negative expiry is over at once', 'set late 0 -1 1|x|get late', 'STORED|END'],
  ['noreply is quiet and done', 'set q 0 0 1 noreply|x|delete q2 noreply|get q', 'VALUE q 0 1|x|END'],
  ['mn is a barrier', 'set m 0 0 1 noreply|x|get m|mn', 'VALUE m 0 1|x|END|MN'],
  ['an unknown command is an error and the next one works', 'frobnicate a|get nothing', 'ERROR|END'],
  [
    'prepend is refused, and its data is not taken for commands',
    'prepend a 0 0 3|get|get nothing',
    'SERVER_ERROR this command is not supported through the proxy|END',
  ],
  ['flush_all is refused', 'flush_all', 'SERVER_ERROR this command is not supported through the proxy'],
  ['verbosity is accepted', 'verbosity 1', 'OK'],
  [
    'a wrong version does not overwrite',
    'set c 0 0 1|x|cas c 0 0 1 1|y|cas none 0 0 1 1|y|get c',
    'STORED|EXISTS|NOT_FOUND|VALUE c 0 1|x|END',
  ],
  [
    `a key too long with its namespace is a miss to a read and an error to a write`,
    `get ${'k'.repeat(243)}|set ${'k'.repeat(243)} 0 0 1|x|get nothing`,
    'END|CLIENT_ERROR key too long with its namespace|END',
  ],
];

test.each(conversations)('%s', async (_name, sent, received) => {
  await cluster.memcachedSend(`${sent.replaceAll('|', '\r\n')}\r\n`, `${received.replaceAll('|', '\r\n')}\r\n`);
});

test.each(conversations.slice(0, 4))('cut at every byte: %s', async (_name, sent, received) => {
  const bytes = `${sent.replaceAll('|', '\r\n')}\r\n`;
  for (let cut = 1; cut < bytes.length; cut++) {
    // oxlint-disable-next-line no-await-in-loop
    await cluster.memcachedSend([bytes.slice(0, cut), bytes.slice(cut)], `${received.replaceAll('|', '\r\n')}\r\n`);
  }
});

test('gets gives the version that cas takes', async () => {
  const text = await cluster.memcachedSend('set v 0 0 1\r\nx\r\ngets v\r\n', /END\r\n$/);
  const version = /VALUE v 0 1 (\d+)\r\n/.exec(text)?.[1];
  await cluster.memcachedSend(
    `cas v 0 0 1 ${version}\r\ny\r\ncas v 0 0 1 ${version}\r\nz\r\nget v\r\n`,
    'STORED\r\nEXISTS\r\nVALUE v 0 1\r\ny\r\nEND\r\n',
  );
});

test('a payload is never run as commands', async () => {
  const payload = 'set pwned 0 0 1\r\nA\r\n';
  const key = 'k'.repeat(251);
  await cluster.memcachedSend(`set ${key} 0 0 ${payload.length}\r\n${payload}\r\nget pwned\r\n`, /END\r\n$/);
  await cluster.memcachedSend('get pwned\r\n', 'END\r\n');
});

test('lookups and hits are counted as those of HTTP are', async () => {
  const counted = async (): Promise<number[]> => {
    const metrics = await (await fetch(`http://127.0.0.1:${cluster.admin.port}/metrics`)).text();
    return ['lookups', 'hits'].map((name) =>
      Number(new RegExp(`^ringway_proxy_key_${name}_total (\\d+)$`, 'm').exec(metrics)?.[1]),
    );
  };
  const [lookups = 0, hits = 0] = await counted();
  await cluster.memcachedSend('set counted 0 0 1\r\nx\r\nget counted absent counted\r\n', /END\r\n$/);
  expect(await counted()).toEqual([lookups + 3, hits + 2]);
});

test('an HTTP entry is read as its body alone', async () => {
  await fetch(`http://127.0.0.1:${cluster.http.port}/v1/kv/default/page`, {
    method: 'PUT',
    body: '<p>',
    headers: { 'content-type': 'text/html' },
  });
  await cluster.memcachedSend('get page\r\n', 'VALUE page 0 3\r\n<p>\r\nEND\r\n');
});

test('a thousand commands in one write are answered in order', async () => {
  const count = 1_000;
  const sets = Array.from({ length: count }, (_, i) => `set p${i} 0 0 ${String(i).length}\r\n${i}\r\n`).join('');
  const gets = Array.from({ length: count }, (_, i) => `get p${i}\r\n`).join('');
  const values = Array.from({ length: count }, (_, i) => `VALUE p${i} 0 ${String(i).length}\r\n${i}\r\nEND\r\n`).join(
    '',
  );
  await cluster.memcachedSend(sets + gets, 'STORED\r\n'.repeat(count) + values);
});

test('version and stats are answered, quit closes', async () => {
  await cluster.memcachedSend('version\r\n', /^VERSION 1\.6\.\d+.*\r\n$/);
  await cluster.memcachedSend('stats\r\n', /^STAT version .*\r\n(?:STAT \S+ .*\r\n)+END\r\n$/);
  await cluster.memcachedSend('quit\r\n', '');
});

const peers = installed('memccp') && installed('memccat');

test.skipIf(!peers)("libmemcached's memccp and memccat carry a file through", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringway-test-'));
  try {
    const server = `--servers=127.0.0.1:${cluster.memcached.port}`;
    const file = join(folder, 'carried.txt');
    const content = 'through the ring\nand back\n';
    writeFileSync(file, content);
    await promisify(execFile)('memccp', [server, file]);
    const { stdout } = await promisify(execFile)('memccat', [server, 'carried.txt']);
    expect(stdout.trimEnd()).toBe(readFileSync(file, 'utf8').trimEnd());
    await promisify(execFile)('memcrm', [server, 'carried.txt']);
    const gone = await promisify(execFile)('memccat', [server, 'carried.txt']).then(
      (done) => done.stdout,
      (error: { stdout: string }) => error.stdout,
    );
    expect(gone).not.toContain('through the ring');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
