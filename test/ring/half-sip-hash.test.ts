import { createHash } from 'node:crypto';
import { halfSipHash, type HalfSipHashOptions } from '@ringway/ring';
import { expect, test } from 'vitest';

/**
 * Vectors of the reference implementation (github.com/veorq/SipHash, vectors.h): HalfSipHash-2-4 under the key
 * 00 01 .. 07 of the inputs "", 00, 00 01, .. of 0 to 63 bytes. The whole tables are held by their SHA-256.
 */
const key = Uint8Array.from({ length: 8 }, (_, i) => i);

function outputOf(inputBytes: number, outputBits: 32 | 64): Buffer {
  const options: HalfSipHashOptions = { compressionRounds: 2, finalizationRounds: 4, outputBits };
  const words = halfSipHash(
    options,
    key,
    Uint8Array.from({ length: inputBytes }, (_, i) => i),
  );
  const bytes = Buffer.alloc(words.length * 4);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word, i * 4);
  return bytes;
}

function digestOf(outputBits: 32 | 64): string {
  const hash = createHash('sha256');
  for (let inputBytes = 0; inputBytes < 64; inputBytes++) hash.update(outputOf(inputBytes, outputBits));
  return hash.digest('hex');
}

test('the published 32-bit vectors of HalfSipHash-2-4 are reproduced', () => {
  expect([0, 1, 2, 63].map((inputBytes) => outputOf(inputBytes, 32).toString('hex'))).toEqual([
    'a9359f5b',
    '27475ab8',
    'fa62a603',
    '59ea4a74',
  ]);
  expect(digestOf(32)).toBe('1278fd35e24d66c6634d7d8b4daab8ca9016fbf61fe237f20e6e9abe7bc27323');
});

test('the published 64-bit vectors of HalfSipHash-2-4 are reproduced', () => {
  expect([0, 1, 2, 63].map((inputBytes) => outputOf(inputBytes, 64).toString('hex'))).toEqual([
    '218d1f59b9b83cc8',
    'be552412f8387315',
    '064f39ef7c50eb57',
    '2ea63c71bf326087',
  ]);
  expect(digestOf(64)).toBe('5b74ba53aad5fd08f43d4cd5e7c5320d8bcd463497d657ac659340c51fa7ed9b');
});

test('a key of another length than 8 bytes is refused', () => {
  const options: HalfSipHashOptions = { compressionRounds: 1, finalizationRounds: 3, outputBits: 64 };
  expect(() => halfSipHash(options, new Uint8Array(7), new Uint8Array(0))).toThrow(
    expect.objectContaining({ code: 'RING_OPTION' }),
  );
});
