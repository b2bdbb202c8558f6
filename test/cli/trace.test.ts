import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openTrace, type Trace, type TraceFormat } from '@ringway/cli';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-trace-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const seed = process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']);
const property = { numRuns: 50, ...(seed === undefined ? {} : { seed }) };

async function keysOf(trace: Trace): Promise<string[]> {
  const keys: string[] = [];
  for (let key = await trace.next(); key !== undefined; key = await trace.next()) keys.push(key);
  await trace.close();
  return keys;
}

/** Writes a trace and reads it; in errors the file is called FILE. */
async function read(
  name: string,
  bytes: Uint8Array | string,
  format: TraceFormat | 'auto' = 'auto',
): Promise<string[]> {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  try {
    return await keysOf(await openTrace(path, format));
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(path, 'FILE');
    throw error;
  }
}

function i32be(...integers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * integers.length);
  for (const [i, integer] of integers.entries()) bytes.writeInt32BE(integer, 4 * i);
  return bytes;
}

test('an i32be trace is one key for each four bytes', async () => {
  await expect(read('a.i32be', i32be(7, -1, 2_147_483_647, -2_147_483_648))).resolves.toEqual([
    '7',
    '-1',
    '2147483647',
    '-2147483648',
  ]);
});

test('an ARC trace is one key for each block a line asks for', async () => {
  await expect(read('a.lis', '100 3 0 1\n7 1 0 2\r\n9 0 0 3\n8 2 0 4')).resolves.toEqual([
    '100',
    '101',
    '102',
    '7',
    '8',
    '9',
  ]);
});

test('a text trace is one key a line, with or without a last newline', async () => {
  await expect(read('a.keys', 'user:1\nuser:2\r\nuser 3\n')).resolves.toEqual(['user:1', 'user:2', 'user 3']);
  await expect(read('a.txt', 'é\nlast')).resolves.toEqual(['é', 'last']);
});

test('a gzipped trace is recognised by its bytes, whatever its name', async () => {
  await expect(read('b.i32be.gz', gzipSync(i32be(1, 2)))).resolves.toEqual(['1', '2']);
  await expect(read('b.keys', gzipSync('x\ny\n'))).resolves.toEqual(['x', 'y']);
  await expect(read('b.i32be.gz', i32be(3))).resolves.toEqual(['3']);
});

test('any integers come back from an i32be trace, across the chunks it is read in', async () => {
  const integers = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), {
    minLength: 1,
    maxLength: 12_000,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(integers, fc.boolean(), async (values, gzipped) => {
      const bytes = i32be(...values);
      expect(await read('c.i32be', gzipped ? gzipSync(bytes) : bytes)).toEqual(values.map(String));
    }),
    property,
  );
});

test('any lines come back from a text trace, across the chunks it is read in', async () => {
  const line = fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 2_000, size: 'max' }), async (lines) => {
      expect(await read('d.keys', lines.join('\n'))).toEqual(lines);
    }),
    property,
  );
});

test('callers that ask at the same time share the keys between them, none twice', async () => {
  const path = join(directory, 'e.i32be');
  const all = Array.from({ length: 20_000 }, (_, i) => i);
  writeFileSync(path, i32be(...all));
  const trace = await openTrace(path, 'auto');
  const parts = await Promise.all(Array.from({ length: 8 }, () => keysOf(trace)));
  expect(
    parts
      .flat()
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(all);
});

test('a closed trace has no more keys', async () => {
  const path = join(directory, 'f.i32be');
  writeFileSync(path, i32be(1, 2, 3));
  const trace = await openTrace(path, 'auto');
  expect(await trace.next()).toBe('1');
  await trace.close();
  expect(await trace.next()).toBeUndefined();
});

test('how far the file was read is told from 0 to 1', async () => {
  const path = join(directory, 'g.i32be');
  writeFileSync(path, i32be(...Array.from({ length: 100_000 }, (_, i) => i)));
  const trace = await openTrace(path, 'auto');
  expect(trace.fraction).toBe(0);
  await trace.next();
  expect(trace.fraction).toBeGreaterThan(0);
  expect(trace.fraction).toBeLessThan(0.5);
  await keysOf(trace);
  expect(trace.fraction).toBe(1);
});

const cut = gzipSync(i32be(...Array.from({ length: 1000 }, (_, i) => i * 7919)));
const damaged = Buffer.from(cut);
damaged.fill(0xff, 100, 120);

const badTraces: [string, string, Uint8Array | string, string][] = [
  [
    'an i32be trace that ends within an integer',
    'bad.i32be',
    Buffer.concat([i32be(1, 2), Buffer.of(0, 0, 1)]),
    'FILE: ends 3 bytes into the integer at offset 8; expected a multiple of 4 bytes: it is cut short, or no i32be trace',
  ],
  [
    'a gzipped trace that is cut short',
    'cut.i32be.gz',
    cut.subarray(0, 500),
    'FILE: is cut short: the gzip stream does not end where the file ends (500 of 500 bytes read)',
  ],
  [
    'a gzipped trace with damaged bytes',
    'damaged.i32be.gz',
    damaged,
    `FILE: is damaged: its gzip stream cannot be decompressed (${damaged.length} of ${damaged.length} bytes read)`,
  ],
  [
    'an ARC line with too few numbers',
    'few.lis',
    '1 2 0 1\n5 6 7\n',
    'FILE:2: expected four integers "start_block number_of_blocks ignored request_number", found "5 6 7"',
  ],
  [
    'an ARC line with words',
    'words.lis',
    'start blocks 0 1\n',
    'FILE:1: expected four integers "start_block number_of_blocks ignored request_number", found "start blocks 0 1"',
  ],
  [
    'an ARC line that asks for absurdly many blocks',
    'many.lis',
    '1 99999999999 0 1\n',
    'FILE:1: expected four integers "start_block number_of_blocks ignored request_number", found "1 99999999999 0 1"',
  ],
  ['an empty line among keys', 'gap.keys', 'a\n\nb\n', 'FILE:2: the line is empty; expected one key a line'],
  [
    'a text trace that is no text',
    'binary.keys',
    Buffer.alloc(10_000, 1),
    'FILE:1: the line is longer than 4096 bytes: this is no text',
  ],
  ['an empty file', 'empty.keys', '', 'FILE: is empty'],
  [
    'a name that says nothing',
    'trace.bin',
    'x',
    'FILE: cannot tell the format from the name (.i32be, .lis, .keys or .txt, with or without .gz); say --format i32be|lis|keys',
  ],
];

test.each(badTraces)('%s is refused with its place', async (_, name, bytes, message) => {
  await expect(read(name, bytes)).rejects.toMatchObject({ code: 'CLI_TRACE', message });
});

test('a trace that is not there is refused', async () => {
  await expect(openTrace('/nowhere/x.lis', 'auto')).rejects.toMatchObject({ code: 'CLI_TRACE' });
});

test('what was read before the damage is still played', async () => {
  const path = join(directory, 'tail.i32be');
  writeFileSync(path, Buffer.concat([i32be(1, 2), Buffer.of(9)]));
  const trace = await openTrace(path, 'auto');
  expect([await trace.next(), await trace.next()]).toEqual(['1', '2']);
  await expect(trace.next()).rejects.toMatchObject({ code: 'CLI_TRACE' });
  expect(await trace.next()).toBeUndefined();
});
