import { expect, test } from 'vitest';
import { TestNode } from '../node-harness.ts';
import type { Wire } from '../wire.ts';

async function statsOf(wire: Wire, word = ''): Promise<Map<string, string>> {
  const lines = (await wire.ask(`stats${word}\r\n`)).split('\r\n').slice(0, -1);
  expect(lines.pop()).toBe('END');
  return new Map(
    lines.map((line) => {
      const [stat, name, value] = line.split(' ');
      expect(stat).toBe('STAT');
      return [name ?? '', value ?? ''];
    }),
  );
}

test('stats counts what was done, under the names of memcached', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  await wire.ask(
    [
      'set a 0 0 1\r\n1\r\nset b 0 5 1\r\n2\r\nadd a 0 0 1\r\n1\r\ncas a 0 0 1 1\r\n1\r\ncas a 0 0 1 1\r\n1\r\ncas x 0 0 1 1\r\n1\r\n',
      'get a x\r\nmg a\r\nincr a 1\r\nincr x 1\r\ndecr a 1\r\ndecr x 1\r\ntouch a 0\r\ntouch x 0\r\ngat 0 a x\r\n',
      'delete b\r\ndelete x\r\nset c 0 1 1\r\n3\r\nset a 0 0 9000000\r\n',
      `${'x'.repeat(9_000_000)}\r\n`,
    ].join(''),
  );
  started.clock.pass(2);
  await wire.ask('get c\r\nset d 0 0 1\r\n1\r\nflush_all\r\nget d\r\n');
  const stats = await statsOf(wire);
  const expected: Record<string, number | string> = {
    pid: process.pid,
    uptime: 2,
    version: '1.6.0-ringway-0.1.0',
    curr_connections: 1,
    total_connections: 1,
    max_connections: 10_000,
    cmd_get: 7,
    get_hits: 3,
    get_misses: 4,
    get_expired: 1,
    get_flushed: 1,
    cmd_set: 8,
    cmd_flush: 1,
    cmd_touch: 4,
    touch_hits: 2,
    touch_misses: 2,
    cas_hits: 1,
    cas_badval: 1,
    cas_misses: 1,
    incr_hits: 1,
    incr_misses: 1,
    decr_hits: 1,
    decr_misses: 1,
    delete_hits: 1,
    delete_misses: 1,
    store_too_large: 1,
    total_items: 5,
    evictions: 0,
    limit_maxbytes: 64 * 1024 * 1024,
    threads: 1,
  };
  for (const [name, value] of Object.entries(expected)) expect(stats.get(name), name).toBe(String(value));
});

test('stats settings, items, slabs and sizes answer; other words do not', async () => {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  expect(await statsOf(wire, ' items')).toEqual(new Map());
  await wire.ask('set a 0 0 1\r\n1\r\n');
  const settings = await statsOf(wire, ' settings');
  expect(settings.get('tcpport')).toBe(String(started.port));
  expect(settings.get('item_size_max')).toBe(String(8 * 1024 * 1024));
  expect((await statsOf(wire, ' items')).get('items:1:number')).toBe('1');
  expect((await statsOf(wire, ' slabs')).get('active_slabs')).toBe('1');
  expect((await statsOf(wire, ' sizes')).get('sizes_status')).toBe('disabled');
  expect(await wire.ask('stats bogus\r\n')).toBe('ERROR\r\n');
});
