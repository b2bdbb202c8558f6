import { crc32 } from 'node:zlib';
import { ketamaHashes, type KetamaHashName } from '@ringway/ring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../property.ts';

function hash(name: KetamaHashName, text: string): number {
  const bytes = Buffer.from(`..${text}..`, 'latin1');
  return ketamaHashes[name](bytes, 2, bytes.length - 2);
}

/** twemproxy, src/test_all.c, which libmemcached's table (test/fixtures/hashes.hpp) agrees with. */
test.each<[KetamaHashName, number]>([
  ['one_at_a_time', 2297466611],
  ['md5', 3195025439],
  ['crc32', 10542],
  ['crc32a', 2838417488],
  ['fnv1a_32', 280767167],
  ['fnv1a_64', 1488911807],
])('%s of apple is the published one', (name, expected) => {
  expect(hash(name, 'apple')).toBe(expected);
});

test('the MD5 hash of spymemcached is the published one', () => {
  const keys = ['26', '1404', '4177', '9315', '14745', '105106', '355107'];
  expect(keys.map((key) => hash('md5', key))).toEqual([
    3979113294, 2065000984, 1125759251, 3302915307, 2580083742, 3986458246, 3611074310,
  ]);
  expect(hash('fnv1a_32', 'hello world!')).toBe(0xb034_fff2);
});

test('crc32a equals the sum of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(ketamaHashes.crc32a(bytes, 0, bytes.length)).toBe(crc32(bytes));
    }),
    tries(200),
  );
});

test('bytes above 127 count as negative, as a char on x86 does', () => {
  // FNV-1a of the single byte 0xff: (basis ^ 0xffffffff) x prime, in 32 bits.
  expect(hash('fnv1a_32', '\xff')).toBe(Math.imul(0x811c_9dc5 ^ -1, 0x0100_0193) >>> 0);
});
