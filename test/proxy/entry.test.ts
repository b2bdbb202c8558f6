import * as fc from 'fast-check';
import { decodeMetadata, encodeMetadata, entityTag, metadataBytes, versionOfEntityTag } from '@ringway/proxy';
import { expect, test } from 'vitest';

const text = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 255,
});
const metadata = fc.record({ contentType: text, contentEncoding: text, contentLanguage: text }, { requiredKeys: [] });

test('what is encoded is decoded', () => {
  fc.assert(
    fc.property(metadata, (given) => {
      const { flags, block } = encodeMetadata(given);
      if (Object.keys(given).length === 0) {
        expect([flags, block.length]).toEqual([0, 0]);
        return;
      }
      expect(metadataBytes(flags, block.length + 5)).toBe(block.length);
      const value = Buffer.concat([Buffer.from('before'), block, Buffer.from('after')]);
      expect(decodeMetadata(value, 6, 6 + block.length)).toEqual(given);
    }),
  );
});

test('a block is laid out as documented', () => {
  const { flags, block } = encodeMetadata({ contentType: 'a/b', contentEncoding: 'br' });
  expect(flags).toBe(0x5257_000c);
  expect(Buffer.from(block).toString('hex')).toBe('01010003612f620200026272');
});

test.each([
  ['another version', '02010003612f62'],
  ['a field cut short', '01010003612f'],
  ['a field header cut short', '010100'],
  ['a length beyond the block', '0101ffff61'],
  ['a line break in a field', '010100020d0a'],
  ['a byte above ASCII in a field', '01010001e9'],
  ['nothing', ''],
])('%s is no block of ours', (_name, hex) => {
  const bytes = Buffer.from(hex, 'hex');
  expect(decodeMetadata(bytes, 0, bytes.length)).toBeUndefined();
});

test('a field of a newer writer is skipped', () => {
  expect(decodeMetadata(Buffer.from('017f000178010003612f62', 'hex'), 0, 11)).toEqual({ contentType: 'a/b' });
});

test.each([
  ['flags of a memcached client', 2, 100, 0],
  ['the magic with a length beyond the value', 0x5257_0064, 99, 0],
  ['the magic with the whole value', 0x5257_0064, 100, 100],
])('%s announce a block of the right size', (_name, flags, storedBytes, expected) => {
  expect(metadataBytes(flags, storedBytes)).toBe(expected);
});

test('an entity tag stands for exactly one version', () => {
  const word = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(word, word, (high, low) => {
      const tag = entityTag(high, low);
      expect(versionOfEntityTag(tag)).toBe(((BigInt(high) << 32n) | BigInt(low)).toString());
    }),
  );
});

test.each([
  '"abc"',
  '"1"',
  '"01-2"',
  '"1-02"',
  '"16777216-0"',
  '"0-1099511627776"',
  'W/"1-2"',
  '"-1-2"',
  '1-2',
  '"1-2',
  '"1 -2"',
])('the tag %s is none of ours', (tag) => {
  expect(versionOfEntityTag(tag)).toBeUndefined();
});
