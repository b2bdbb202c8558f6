import {
  createOutput,
  createRequestParser,
  createResponseParser,
  ErrorLine,
  Reply,
  writeErrorLine,
  writeHelloReply,
  writeMetaDebugReply,
  writeMetaStatus,
  writeMetaValue,
  writeNotOwner,
  writeNumber,
  writeStat,
  writeValue,
  writeValueCas,
  writeVersion,
} from '@ringway/protocol';
import type { MetaFields, MetaStatus, Output, RequestParser } from '@ringway/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, text, wordsOf } from './bytes.ts';
import { holds } from './property.ts';
import { describeReply } from './reply-fields.ts';
import type { ParsedReply } from './response-table.ts';

const FIELDS: MetaFields = {
  flags: 7,
  casHigh: 0,
  casLow: 35,
  ttlSeconds: 30,
  valueBytes: 3,
  idleSeconds: 2,
  fetched: true,
  won: false,
  stale: false,
  alreadySent: false,
};

function wireOf(write: (out: Output) => void): string {
  const out = createOutput(8);
  write(out);
  return text(out.bytes, 0, out.length);
}

function read(write: (out: Output) => void): ParsedReply {
  const input = bytes(wireOf(write));
  const parser = createResponseParser();
  expect(parser.parse(input, 0, input.length)).toBe(input.length);
  return describeReply(parser, input);
}

function requestOf(line: string): RequestParser {
  const parser = createRequestParser();
  const input = bytes(`${line}\r\n`);
  expect(parser.parse(input, 0, input.length)).toBe(input.length);
  return parser;
}

describe('a fixed reply', () => {
  test.each(Object.values(Reply))('%j is one that the client side knows', (line) => {
    expect(read((out) => out.ascii(line)).kind).not.toBe('number');
  });

  test.each(Object.values(ErrorLine).filter((line) => line !== ''))(
    '%j is an error that the client side knows',
    (line) => {
      expect(read((out) => writeErrorLine(out, line)).kind).toMatch(/^(?:error|clientError|serverError)$/);
    },
  );

  test('is nothing at all for an empty error line', () => {
    expect(wireOf((out) => writeErrorLine(out, ErrorLine.silent))).toBe('');
  });
});

describe('a meta reply', () => {
  /** Request, status, whether there is an item, and the line that memcached 1.6.18 answers. */
  const lines: readonly (readonly [request: string, status: MetaStatus, hasItem: boolean, line: string])[] = [
    ['mg f', 'HD', true, 'HD'],
    ['mg f s t f c h l k O123 q', 'HD', true, 'HD s3 t30 f7 c35 h1 l2 kf O123'],
    ['mg f O123 k c', 'HD', true, 'HD O123 kf c35'],
    ['mg f O', 'HD', true, 'HD O'],
    ['mg f u I Px Ly S3 N30 R1 T9', 'HD', true, 'HD'],
    ['mg zz k O1 t c v', 'EN', false, 'EN kzz O1'],
    ['mg Zm9v b k O1', 'EN', false, 'EN kZm9v b O1'],
    ['ms a 1 k O5 c', 'HD', true, 'HD ka O5 c35'],
    ['ms a 1 f t s h l v', 'HD', true, 'HD'],
    ['ms a 1 C5 k O2 c', 'EX', false, 'EX ka O2 c0'],
    ['ms YQ== 1 b k O5', 'NS', false, 'NS kYQ== b O5'],
    ['md a k O1', 'HD', true, 'HD ka O1'],
    ['md a v t c f s', 'HD', true, 'HD'],
    ['md a k O1', 'NF', false, 'NF ka O1'],
    ['ma n t c k O1', 'HD', true, 'HD t30 c35 kn O1'],
    ['ma n f s h l', 'HD', true, 'HD'],
    ['ma n C5 k O1', 'EX', false, 'EX kn O1'],
  ];

  test.each(lines)('to %j with %s is memcached’s (item: %s): %j', (request, status, hasItem, line) => {
    const wire = wireOf((out) => writeMetaStatus(out, status, requestOf(request), hasItem ? FIELDS : undefined));
    expect(wire).toBe(`${line}\r\n`);
  });

  test('names the lease flags in memcached’s order', () => {
    const request = requestOf('mg a v t');
    const fields = { ...FIELDS, won: true, stale: true, alreadySent: true };
    expect(wireOf((out) => writeMetaValue(out, request, fields))).toBe('VA 3 t30 Z X W\r\n');
    expect(wireOf((out) => writeMetaValue(out, request, { ...FIELDS, ttlSeconds: -1, won: true }))).toBe(
      'VA 3 t-1 W\r\n',
    );
    expect(wireOf((out) => writeMetaStatus(out, 'HD', requestOf('md a'), fields))).toBe('HD\r\n');
  });

  test('answers out of a retained line', () => {
    const request = createRequestParser();
    const input = bytes('ms Zm9v 3 b k O12\r\n');
    request.parse(input, 0, input.length);
    request.retain();
    input.fill(0xaa);
    expect(wireOf((out) => writeMetaStatus(out, 'HD', request, FIELDS))).toBe('HD kZm9v b O12\r\n');
  });
});

describe('what is written is what is parsed', () => {
  const uint32 = fc.nat({ max: 2 ** 32 - 1 });
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const size = fc.nat({ max: 8 * 1024 * 1024 });
  const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const word = fc.string({ unit: printable, minLength: 1, maxLength: 60 });
  const sentence = fc.string({ unit: fc.oneof(printable, fc.constant(' ')), minLength: 1, maxLength: 60 });
  const fields = fc.record<MetaFields>({
    flags: uint32,
    casHigh: uint32,
    casLow: uint32,
    ttlSeconds: fc.integer({ min: -1, max: 2 ** 32 - 1 }),
    valueBytes: size,
    idleSeconds: uint32,
    fetched: fc.boolean(),
    won: fc.boolean(),
    stale: fc.boolean(),
    alreadySent: fc.boolean(),
  });

  function present(reply: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(reply).filter(([, field]) => field !== 0 && field !== 0n && field !== false),
    );
  }

  test('for VALUE', () => {
    holds(
      fc.property(word, uint32, size, uint64, (key, flags, bodyBytes, cas) => {
        const { high, low } = wordsOf(cas);
        const expected = { kind: 'value', key, bodyBytes, ...(flags !== 0 && { flags }) };
        expect(read((out) => writeValue(out, bytes(key), 0, key.length, flags, bodyBytes))).toEqual(expected);
        expect(read((out) => writeValueCas(out, bytes(key), 0, key.length, flags, bodyBytes, high, low))).toEqual({
          ...expected,
          ...(cas !== 0n && { cas }),
        });
      }),
    );
  });

  test('for VA, HD, EN, NS, EX and NF', () => {
    const anyKey = fc.uint8Array({ minLength: 1, maxLength: 186 });
    const statuses = { HD: 'hit', EN: 'miss', NS: 'notStored', EX: 'exists', NF: 'notFound' } as const;
    holds(
      fc.property(anyKey, word, fields, (key, opaque, item) => {
        const request = requestOf(
          `mg ${Buffer.from(key).toString('base64')} b k O${opaque.slice(0, 32)} v t f c s h l`,
        );
        const echoed = { key: text(key), opaque: opaque.slice(0, 32) };
        const expected = {
          ...echoed,
          ttl: item.ttlSeconds,
          flags: item.flags,
          cas: (BigInt(item.casHigh) << 32n) | BigInt(item.casLow),
          won: item.won,
          stale: item.stale,
          alreadySent: item.alreadySent,
          meta: expect.arrayContaining([
            `s${item.valueBytes}`,
            `l${item.idleSeconds}`,
            item.fetched ? 'h1' : 'h0',
          ]) as unknown,
        };
        const value = read((out) => writeMetaValue(out, request, item));
        expect(value).toEqual({
          ...present({ kind: 'value', ...expected }),
          bodyBytes: item.valueBytes,
          ttl: item.ttlSeconds,
        });
        for (const [status, kind] of Object.entries(statuses)) {
          expect(read((out) => writeMetaStatus(out, status as MetaStatus, request, item))).toEqual({
            ...present({ kind, ...expected }),
            ttl: item.ttlSeconds,
          });
          expect(read((out) => writeMetaStatus(out, status as MetaStatus, request))).toMatchObject({ kind, ...echoed });
        }
      }),
    );
  });

  test('for ME, numbers, STAT, VERSION and errors', () => {
    holds(
      fc.property(word, sentence, uint64, (key, message, number) => {
        const { high, low } = wordsOf(number);
        expect(read((out) => writeMetaDebugReply(out, requestOf(`me ${key}`), message))).toEqual({
          kind: 'metaDebug',
          key,
          message,
        });
        expect(read((out) => writeNumber(out, high, low))).toEqual({
          kind: 'number',
          ...(number !== 0n && { value: number }),
        });
        expect(read((out) => writeStat(out, key, message))).toEqual({ kind: 'stat', key, message });
        expect(read((out) => writeStat(out, key, Number(number)))).toEqual({
          kind: 'stat',
          key,
          message: String(Number(number)),
        });
        expect(read((out) => writeVersion(out, message))).toEqual({ kind: 'version', message });
        expect(read((out) => writeErrorLine(out, `CLIENT_ERROR ${message}`))).toEqual({ kind: 'clientError', message });
      }),
    );
  });

  test('for the node extension', () => {
    holds(
      fc.property(word, word, fc.maxSafeNat(), (node, incarnation, epoch) => {
        expect(read((out) => writeHelloReply(out, { node, incarnation, epoch }))).toEqual({
          kind: 'hello',
          message: node,
          incarnation,
          epoch,
        });
        expect(read((out) => writeNotOwner(out, { epoch, member: node }))).toEqual({
          kind: 'notOwner',
          message: node,
          epoch,
        });
        expect(read((out) => writeNotOwner(out, { epoch }))).toEqual({ kind: 'notOwner', epoch });
      }),
    );
  });
});

describe('text that would end its line early', () => {
  const writers: readonly (readonly [name: string, write: (out: Output, hostile: string) => void])[] = [
    ['writeStat name', (out, hostile) => writeStat(out, hostile, 1)],
    ['writeStat value', (out, hostile) => writeStat(out, 'name', hostile)],
    ['writeVersion', (out, hostile) => writeVersion(out, hostile)],
    ['writeErrorLine', (out, hostile) => writeErrorLine(out, `SERVER_ERROR ${hostile}`)],
    ['writeMetaDebugReply', (out, hostile) => writeMetaDebugReply(out, requestOf('me a'), hostile)],
    ['writeNotOwner', (out, hostile) => writeNotOwner(out, { epoch: 1, member: hostile })],
    ['writeHelloReply node', (out, hostile) => writeHelloReply(out, { node: hostile, incarnation: 'i', epoch: 1 })],
    [
      'writeHelloReply incarnation',
      (out, hostile) => writeHelloReply(out, { node: 'n', incarnation: hostile, epoch: 1 }),
    ],
  ];

  test.each(writers)('is refused by %s before a byte is written', (_, write) => {
    for (const hostile of ['a\r\nEND', 'a\nb', 'a\0', '\x1b[2J', 'caf\xe9', '\u010a', 'a\x7f']) {
      const out = createOutput(8);
      expect(() => write(out, hostile)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TOKEN' }) as Error);
      expect(out.length).toBe(0);
    }
  });
});
