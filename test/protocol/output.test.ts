import { createOutput } from '@ringway/protocol';
import type { Output } from '@ringway/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, text, wordsOf } from './bytes.ts';
import { holds } from './property.ts';

function written(write: (out: Output) => void, capacityBytes = 1): string {
  const out = createOutput(capacityBytes);
  write(out);
  return text(out.bytes, 0, out.length);
}

const EDGES = [0, 1, 9, 10, 99, 100, 999_999_999, 1e9, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 1e15, 2 ** 53 - 1];

describe('a number', () => {
  test.each(EDGES)('%d is written in decimal', (value) => {
    expect(written((out) => out.unsigned(value))).toBe(String(value));
    expect(written((out) => out.unsigned64(Math.floor(value / 2 ** 32), value >>> 0))).toBe(String(value));
  });

  test('of 64 bits is written exactly', () => {
    const edges = [
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 63n,
      2n ** 64n - 1n,
      10n ** 18n,
      10n ** 19n,
      18_446_744_073_000_000_000n,
    ];
    for (const value of edges) {
      const { high, low } = wordsOf(value);
      expect(written((out) => out.unsigned64(high, low))).toBe(String(value));
    }
    holds(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const { high, low } = wordsOf(value);
        expect(written((out) => out.unsigned64(high, low))).toBe(String(value));
      }),
      2000,
    );
  });

  test('up to 2^53 is written exactly', () => {
    holds(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(written((out) => out.unsigned(value))).toBe(String(value));
      }),
      2000,
    );
  });
});

describe('an output', () => {
  test('holds what was written, whatever it had to grow by', () => {
    const piece = fc.oneof(
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
      fc.maxSafeNat(),
    );
    holds(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 64 }), fc.boolean(), (pieces, capacityBytes, asCopy) => {
        const out = createOutput(capacityBytes);
        for (const value of pieces) {
          if (typeof value === 'number') {
            out.unsigned(value);
          } else if (asCopy) {
            out.copy(bytes(`<${value}>`), 1, value.length + 1);
          } else {
            out.ascii(value);
          }
          out.crlf();
        }
        expect(text(out.bytes, 0, out.length)).toBe(pieces.map((value) => `${value}\r\n`).join(''));
      }),
    );
  });

  test.each([0, 1, 63, 64, 65, 200])('copies a range of %i bytes', (byteCount) => {
    const source = bytes('a'.padEnd(byteCount + 1, 'b') + 'c');
    expect(written((out) => out.copy(source, 1, 1 + byteCount))).toBe('b'.repeat(byteCount));
  });

  test('takes every backing store from the given allocator and keeps it when cleared', () => {
    const sizes: number[] = [];
    const out = createOutput(4, (byteCount) => {
      sizes.push(byteCount);
      return new Uint8Array(byteCount);
    });
    out.ascii('12345');
    out.ascii('6'.repeat(100));
    const store = out.bytes;
    out.clear();
    expect([out.length, out.bytes, sizes]).toEqual([0, store, [4, 8, 105]]);
    out.byte(0x41);
    expect(text(out.bytes, 0, out.length)).toBe('A');
  });

  test('takes back what was written when its length is set back', () => {
    expect(
      written((out) => {
        out.ascii('keep');
        const mark = out.length;
        out.ascii('drop');
        out.length = mark;
        out.crlf();
      }),
    ).toBe('keep\r\n');
  });
});
