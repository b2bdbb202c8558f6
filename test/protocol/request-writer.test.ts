import {
  createOutput,
  createRequestParser,
  ProtocolError,
  writeArithmetic,
  writeBare,
  writeCas,
  writeDelete,
  writeFlushAll,
  writeGet,
  writeGetAndTouch,
  writeHello,
  writeMetaArithmetic,
  writeMetaDebug,
  writeMetaDelete,
  writeMetaGet,
  writeMetaNoop,
  writeMetaSet,
  writeMetaSetHeader,
  writeStore,
  writeTouch,
  writeVerbosity,
  writeWithArguments,
} from '@ringway/protocol';
import type { Output } from '@ringway/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, text, wordsOf } from './bytes.ts';
import { holds } from './property.ts';
import { eventsOf } from './session.ts';

type Write = (out: Output, key: Uint8Array) => void;

/** Every writer that takes a key, through which a key could get out of its place. */
const META_WRITERS: readonly (readonly [name: string, write: Write])[] = [
  ['writeMetaGet', (out, key) => writeMetaGet(out, key, 0, key.length, 'v k')],
  ['writeMetaSet', (out, key) => writeMetaSet(out, key, 0, key.length, bytes('flush_all\r\n'), 0, 11, 'T30')],
  ['writeMetaDelete', (out, key) => writeMetaDelete(out, key, 0, key.length, 'q')],
  ['writeMetaArithmetic', (out, key) => writeMetaArithmetic(out, key, 0, key.length, 'N0 D5')],
  ['writeMetaDebug', (out, key) => writeMetaDebug(out, key, 0, key.length)],
];
const PLAIN = { flags: 0, exptime: 0 };
const ONE = { high: 0, low: 1 };
const TEXT_WRITERS: readonly (readonly [name: string, write: Write])[] = [
  ['writeGet', (out, key) => writeGet(out, 'get', [key])],
  ['writeGetAndTouch', (out, key) => writeGetAndTouch(out, 'gat', 1, [key])],
  ['writeStore', (out, key) => writeStore(out, 'set', key, bytes('flush_all\r\n'), PLAIN)],
  ['writeCas', (out, key) => writeCas(out, key, bytes('x'), ONE, PLAIN)],
  ['writeArithmetic', (out, key) => writeArithmetic(out, 'incr', key, ONE)],
  ['writeTouch', (out, key) => writeTouch(out, key, 1)],
  ['writeDelete', (out, key) => writeDelete(out, key)],
];

/** Every byte at the start, in the middle and at the end of a key, alone, and in front of another command. */
const HOSTILE_KEYS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).flatMap((byte) => [
  byte,
  `${byte}key`,
  `k${byte}y`,
  `key${byte}`,
  `key${byte}0 0 1${byte}\r\nflush_all${byte}`,
]);

/** What was written, or the code of the error; nothing may be left behind by an error. */
function attempt(write: Write, key: Uint8Array): { wire: Uint8Array } | { code: string } {
  const out = createOutput(16);
  out.ascii('mn\r\n');
  try {
    write(out, key);
    return { wire: out.bytes.subarray(4, out.length) };
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect(out.length).toBe(4);
    return { code: (error as ProtocolError).code };
  }
}

function keyOf(event: unknown): string | undefined {
  const { key, keys } = event as { key?: string; keys?: readonly string[] };
  return key ?? keys?.join(' ');
}

describe('no byte of a key makes a second command', () => {
  test.each(META_WRITERS)('through %s, which carries every key', (_, write) => {
    for (const key of HOSTILE_KEYS) {
      const result = attempt(write, bytes(key));
      const events = 'wire' in result ? eventsOf([result.wire]) : [];
      expect(events.map(keyOf), JSON.stringify(key)).toEqual([key]);
    }
  });

  test.each(TEXT_WRITERS)('through %s, which refuses what text cannot carry', (_, write) => {
    for (const key of HOSTILE_KEYS) {
      const result = attempt(write, bytes(key));
      const canCarry = !/[\0-\x20\x7f]/.test(key);
      expect('wire' in result ? eventsOf([result.wire]).map(keyOf) : result.code, JSON.stringify(key)).toEqual(
        canCarry ? [key] : 'PROTOCOL_KEY',
      );
    }
  });
});

describe('a key', () => {
  test('is written plain when it is printable ASCII, else in base64 with b', () => {
    expect(writtenBy(META_WRITERS[0]![1], 'a~!')).toBe('mg a~! v k\r\n');
    expect(writtenBy(META_WRITERS[0]![1], 'a b')).toBe('mg YSBi v k b\r\n');
    expect(writtenBy(META_WRITERS[0]![1], 'caf\xe9')).toBe('mg Y2Fm6Q== v k b\r\n');
    expect(writtenBy(META_WRITERS[1]![1], '\0')).toBe('ms AA== 11 T30 b\r\nflush_all\r\n\r\n');
  });

  test.each([0, 1, 250, 251])('of %i plain bytes is accepted or refused before a byte is written', (keyBytes) => {
    for (const [, write] of [...META_WRITERS, ...TEXT_WRITERS]) {
      const result = attempt(write, bytes('k'.repeat(keyBytes)));
      expect(result).toEqual(
        keyBytes >= 1 && keyBytes <= 250 ? { wire: expect.any(Uint8Array) as unknown } : { code: 'PROTOCOL_KEY' },
      );
    }
  });

  test.each([186, 187])('of %i bytes in base64 counts as long as its encoding', (keyBytes) => {
    for (const [, write] of META_WRITERS) {
      const result = attempt(write, bytes('\xff'.repeat(keyBytes)));
      expect('wire' in result).toBe(keyBytes === 186);
    }
  });

  test('in base64 is what Node makes of it', () => {
    holds(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 186 }), (key) => {
        const wire = writtenBy(META_WRITERS[4]![1], text(key));
        const plain = /^[\x21-\x7e]+$/.test(text(key));
        expect(wire).toBe(plain ? `me ${text(key)}\r\n` : `me ${Buffer.from(key).toString('base64')} b\r\n`);
        expect(eventsOf([bytes(wire)]).map(keyOf)).toEqual([text(key)]);
      }),
      500,
    );
  });

  test('may be a part of a buffer', () => {
    const out = createOutput(64);
    const source = bytes('<key><value>');
    writeMetaSet(out, source, 1, 4, source, 6, 11, '');
    expect(text(out.bytes, 0, out.length)).toBe('ms key 5\r\nvalue\r\n');
  });
});

function writtenBy(write: Write, key: string): string {
  const result = attempt(write, bytes(key));
  return 'wire' in result ? text(result.wire) : result.code;
}

describe('flags', () => {
  test.each(['v\r\nflush_all', 'v\n', 'v\0', 'T30\x7f', '\u2028', '\u010a', 'b', 'v b', 'v b T3'])(
    '%j are refused before a byte is written',
    (flags) => {
      for (const write of [writeMetaGet, writeMetaDelete, writeMetaArithmetic]) {
        expect(attempt((out, key) => write(out, key, 0, key.length, flags), bytes('k'))).toEqual({
          code: 'PROTOCOL_TOKEN',
        });
      }
      const result = attempt((out, key) => writeMetaSetHeader(out, key, 0, key.length, 1, flags), bytes('k'));
      expect(result).toEqual({ code: 'PROTOCOL_TOKEN' });
    },
  );

  test('may hold the letter b inside a token', () => {
    expect(writtenBy((out, key) => writeMetaGet(out, key, 0, key.length, 'Obbb v'), 'k')).toBe('mg k Obbb v\r\n');
  });
});

describe('a number or word', () => {
  const key = bytes('k');
  const refused: readonly (readonly [name: string, write: Write])[] = [
    ['client flags below 0', (out) => writeStore(out, 'set', key, key, { flags: -1, exptime: 0 })],
    ['client flags of 33 bits', (out) => writeStore(out, 'set', key, key, { flags: 2 ** 32, exptime: 0 })],
    ['a broken expiry time', (out) => writeTouch(out, key, 1.5)],
    ['an expiry time of 33 bits', (out) => writeGetAndTouch(out, 'gats', 2 ** 32, [key])],
    ['a delay that is no number', (out) => writeFlushAll(out, NaN)],
    ['a level below 0', (out) => writeVerbosity(out, -1)],
    ['a word above 32 bits', (out) => writeArithmetic(out, 'decr', key, { high: 2 ** 32, low: 0 })],
    ['a version below 0', (out) => writeCas(out, key, key, { high: 0, low: -1 }, PLAIN)],
    ['a value length above 31 bits', (out) => writeMetaSetHeader(out, key, 0, 1, 2 ** 31, '')],
    ['a read of no key', (out) => writeGet(out, 'get', [])],
    ['an argument with a space', (out) => writeWithArguments(out, 'stats', ['a b'])],
    ['an empty argument', (out) => writeWithArguments(out, 'shutdown', [''])],
    ['a cluster of two words', (out) => writeHello(out, { cluster: 'a b', epoch: 1, digest: 'd' })],
    ['a digest with a newline', (out) => writeHello(out, { cluster: 'a', epoch: 1, digest: 'd\n' })],
    ['an epoch below 0', (out) => writeHello(out, { cluster: 'a', epoch: -1, digest: 'd' })],
  ];

  test.each(refused)('such as %s is refused before a byte is written', (_, write) => {
    expect(attempt(write, key)).toEqual({ code: 'PROTOCOL_TOKEN' });
  });
});

describe('what is written is what is parsed', () => {
  const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const textByte = fc.oneof(
    printable,
    fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)),
  );
  const textKey = fc.string({ unit: textByte, minLength: 1, maxLength: 250 });
  const anyKey = fc.uint8Array({ minLength: 1, maxLength: 186 }).map((key) => text(key));
  const value = fc.uint8Array({ maxLength: 300 }).map((block) => text(block));
  const uint32 = fc.nat({ max: 2 ** 32 - 1 });
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const seconds = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });
  const word = fc.string({ unit: printable, minLength: 1, maxLength: 40 });

  /** Leaves out what describeRequest() leaves out. */
  function present(fields: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(fields).filter(([, field]) => field !== 0 && field !== 0n && field !== false),
    );
  }

  function read(write: (out: Output) => void): readonly unknown[] {
    const out = createOutput(8);
    write(out);
    return eventsOf([out.bytes.subarray(0, out.length)]);
  }

  test('for get, gets, gat and gats', () => {
    holds(
      fc.property(fc.array(textKey, { minLength: 1, maxLength: 20 }), seconds, (keys, exptime) => {
        const keyBytes = keys.map(bytes);
        for (const kind of ['get', 'gets'] as const) {
          expect(read((out) => writeGet(out, kind, keyBytes))).toEqual([{ kind, keys }]);
        }
        for (const kind of ['gat', 'gats'] as const) {
          expect(read((out) => writeGetAndTouch(out, kind, exptime, keyBytes))).toEqual([
            present({ kind, keys, exptime }),
          ]);
        }
      }),
    );
  });

  test('for set, add, replace, append, prepend and cas', () => {
    const verbs = fc.constantFrom('set', 'add', 'replace', 'append', 'prepend');
    holds(
      fc.property(
        verbs,
        textKey,
        value,
        uint32,
        seconds,
        fc.boolean(),
        uint64,
        (kind, key, body, flags, exptime, noreply, cas) => {
          const options = { flags, exptime, noreply };
          expect(read((out) => writeStore(out, kind, bytes(key), bytes(body), options))).toEqual([
            present({ kind, key, body, ...options }),
          ]);
          expect(read((out) => writeCas(out, bytes(key), bytes(body), wordsOf(cas), options))).toEqual([
            present({ kind: 'cas', key, body, cas, ...options }),
          ]);
        },
      ),
    );
  });

  test('for incr, decr, touch, delete, flush_all and verbosity', () => {
    const verbs = fc.constantFrom('incr', 'decr');
    holds(
      fc.property(
        verbs,
        textKey,
        uint64,
        seconds,
        uint32,
        fc.boolean(),
        (kind, key, delta, exptime, level, noreply) => {
          const keyBytes = bytes(key);
          expect(read((out) => writeArithmetic(out, kind, keyBytes, wordsOf(delta), noreply))).toEqual([
            present({ kind, key, delta, noreply }),
          ]);
          expect(read((out) => writeTouch(out, keyBytes, exptime, noreply))).toEqual([
            present({ kind: 'touch', key, exptime, noreply }),
          ]);
          expect(read((out) => writeDelete(out, keyBytes, noreply))).toEqual([
            present({ kind: 'delete', key, noreply }),
          ]);
          expect(read((out) => writeFlushAll(out, exptime, noreply))).toEqual([
            present({ kind: 'flushAll', exptime, noreply }),
          ]);
          expect(read((out) => writeVerbosity(out, level, noreply))).toEqual([
            present({ kind: 'verbosity', exptime: level, noreply }),
          ]);
        },
      ),
    );
  });

  test('for stats, shutdown, rw_hello, version, quit and mn', () => {
    holds(
      fc.property(fc.array(word, { maxLength: 5 }), word, word, fc.maxSafeNat(), (keys, cluster, digest, epoch) => {
        for (const kind of ['stats', 'shutdown'] as const) {
          expect(read((out) => writeWithArguments(out, kind, keys))).toEqual([{ kind, keys }]);
        }
        expect(read((out) => writeHello(out, { cluster, epoch, digest }))).toEqual([
          { kind: 'hello', keys: [cluster, String(epoch), digest], epoch },
        ]);
      }),
    );
    expect(read((out) => writeBare(out, 'version'))).toEqual([{ kind: 'version' }]);
    expect(read((out) => writeBare(out, 'quit'))).toEqual([{ kind: 'quit' }]);
    expect(read(writeMetaNoop)).toEqual([{ kind: 'metaNoop' }]);
  });

  test('for mg, ms, md, ma and me', () => {
    holds(
      fc.property(
        anyKey,
        value,
        seconds,
        uint32,
        uint64,
        uint64,
        uint64,
        word,
        (key, body, exptime, flags, cas, delta, initial, opaque) => {
          const keyBytes = bytes(key);
          const end = keyBytes.length;
          const binary = !/^[\x21-\x7e]+$/.test(key);
          const meta = [`O${opaque.slice(0, 32)}`, `T${exptime}`, `C${cas}`, 'q', 'k'];
          const shared = (more: readonly string[]): Record<string, unknown> => ({
            key,
            binary,
            exptime,
            cas,
            meta: [...meta, ...more, ...(binary ? ['b'] : [])],
          });
          const flagsWith = (more: readonly string[]): string => [...meta, ...more].join(' ');
          expect(read((out) => writeMetaGet(out, keyBytes, 0, end, flagsWith(['v', 'N9', 'R8'])))).toEqual([
            present({ kind: 'metaGet', ...shared(['v', 'N9', 'R8']) }),
          ]);
          expect(read((out) => writeMetaDelete(out, keyBytes, 0, end, flagsWith(['I'])))).toEqual([
            present({ kind: 'metaDelete', ...shared(['I']) }),
          ]);
          expect(
            read((out) => writeMetaArithmetic(out, keyBytes, 0, end, flagsWith([`D${delta}`, `J${initial}`, 'MD']))),
          ).toEqual([
            present({
              kind: 'metaArithmetic',
              ...shared([`D${delta}`, `J${initial}`, 'MD']),
              delta,
              initial,
              mode: 'D',
            }),
          ]);
          const setFlags = [`F${flags}`, 'MA', `E${initial}`];
          expect(
            read((out) => writeMetaSet(out, keyBytes, 0, end, bytes(body), 0, body.length, flagsWith(setFlags))),
          ).toEqual([present({ kind: 'metaSet', ...shared(setFlags), flags, mode: 'A', newCas: initial, body })]);
          expect(read((out) => writeMetaDebug(out, keyBytes, 0, end))).toEqual([
            present({ kind: 'metaDebug', key, binary, ...(binary && { meta: ['b'] }) }),
          ]);
        },
      ),
    );
  });

  test('or any bytes at all, without a throw, a loop or a result beyond the input', () => {
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(
          fc.constantFrom(
            'get ',
            'set k 0 0 3',
            'ms k 3',
            'mg k ',
            ' b',
            '\r\n',
            '\n',
            ' ',
            '\r',
            '9',
            '-',
            'noreply',
            '\0',
            '\xff',
          ),
          { maxLength: 40 },
        )
        .map((pieces) => bytes(pieces.join(''))),
    );
    holds(
      fc.property(soup, (input) => {
        const parser = createRequestParser();
        let at = 0;
        while (at < input.length) {
          const result = parser.parse(input, at, input.length);
          const next = result === -2 ? parser.errorNext : result;
          if (next === -1) {
            return;
          }
          expect(next).toBeGreaterThan(at);
          expect(next).toBeLessThanOrEqual(input.length);
          at = next;
        }
      }),
      2000,
    );
  });
});
