import { createHash } from 'node:crypto';
import { sha256Hex } from '@ringway/ring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from './property.ts';

test('the digest equals the one of node:crypto at every length around the block borders', () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => i * 7 + length);
    expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});

test('the digest equals the one of node:crypto for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
    tries(200),
  );
});
