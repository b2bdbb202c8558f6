import { createKeyHash, halfSipHash } from '@ringway/ring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from './property.ts';

const key = fc.uint8Array({ minLength: 8, maxLength: 8 });

test('the hash of a request equals HalfSipHash-1-3 for every length from 0 to 64 at every alignment', () => {
  const options = { compressionRounds: 1, finalizationRounds: 3, outputBits: 64 } as const;
  fc.assert(
    fc.property(key, fc.uint8Array({ minLength: 68, maxLength: 68 }), (secret, bytes) => {
      const hash = createKeyHash(secret);
      for (let length = 0; length <= 64; length++) {
        for (let start = 0; start < 4; start++) {
          const input = bytes.subarray(start, start + length);
          const [high, low] = halfSipHash(options, secret, input);
          expect(hash.high(bytes, start, start + length)).toBe(high);
          expect([hash.both(bytes, start, start + length), hash.low]).toEqual([high, low]);
          expect(hash.highLatin1(Buffer.from(input).toString('latin1'))).toBe(high);
        }
      }
    }),
    tries(10),
  );
});

test('hashes are unsigned 32-bit numbers', () => {
  fc.assert(
    fc.property(key, fc.uint8Array({ maxLength: 300 }), (secret, bytes) => {
      const hash = createKeyHash(secret);
      const words = [hash.both(bytes, 0, bytes.length), hash.low];
      expect(words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true);
    }),
    tries(100),
  );
});

test('two hashes keep their second words apart', () => {
  const bytes = Buffer.from('some key');
  const one = createKeyHash(new Uint8Array(8));
  const other = createKeyHash(new Uint8Array(8).fill(1));
  one.both(bytes, 0, bytes.length);
  const low = one.low;
  other.both(bytes, 0, bytes.length);
  expect(one.low).toBe(low);
  expect(other.low).not.toBe(low);
});

test('another secret puts keys elsewhere', () => {
  const one = createKeyHash(new Uint8Array(8));
  const other = createKeyHash(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1));
  const same = Array.from({ length: 1000 }, (_, i) => `key-${i}`).filter((text) => {
    return one.highLatin1(text) >>> 26 === other.highLatin1(text) >>> 26;
  });
  // 64 partitions: about 16 of a thousand keys stay by chance.
  expect(same.length).toBeLessThan(50);
});

test('keys that differ in their last digits spread evenly over the partitions', () => {
  const hash = createKeyHash(Uint8Array.from({ length: 8 }, (_, i) => i * 31));
  const counts = new Uint32Array(64);
  for (let i = 0; i < 64_000; i++) counts[hash.highLatin1(`user:${i}`) >>> 26]!++;
  // 1000 expected in each, with a standard deviation of 32.
  expect(Math.max(...counts)).toBeLessThan(1180);
  expect(Math.min(...counts)).toBeGreaterThan(820);
});

test('a secret of another length than 8 bytes is refused', () => {
  for (const length of [0, 7, 9, 16]) {
    expect(() => createKeyHash(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'RING_OPTION' }));
  }
});
