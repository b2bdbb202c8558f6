import { createRequestParser, DEFAULT_LIMITS, MetaFlag, ParseResult, RequestKind } from '@ringway/protocol';
import { describe, expect, test } from 'vitest';
import { bytes, cuts, text } from './bytes.ts';
import { LONG_KEY, REFUSALS, REQUESTS } from './request-table.ts';
import type { Aftermath } from './request-table.ts';
import { eventsOf } from './session.ts';
import type { SessionEvent } from './session.ts';

/** Stands behind every line of the tables: whether it is executed says where the parser thinks the line and its data block end. */
const NEXT = 'get next\r\n';
const NEXT_EVENT: SessionEvent = { kind: 'get', keys: ['next'] };

function eventsAfter(answer: string, aftermath: Aftermath): SessionEvent[] {
  switch (aftermath) {
    case 'lives':
      return [{ error: answer }, NEXT_EVENT];
    case 'closes':
      return [{ error: answer }, { closed: true }];
    default:
      return [{ error: answer, skipped: aftermath }, NEXT_EVENT];
  }
}

/** A refused line with what the client sends behind it: a data block that spells commands, if one is skipped, and the next request. */
function refused(line: string, aftermath: Aftermath, newline = '\r\n'): Uint8Array {
  const blockBytes = typeof aftermath === 'number' ? aftermath : 0;
  const block = 'flush_all\r\n'.repeat(Math.ceil(blockBytes / 11)).slice(0, blockBytes);
  return bytes(`${line}${newline}${block}${NEXT}`);
}

const SHORT_SKIP_BYTES_MAX = 100;
const SHORT_REFUSALS = REFUSALS.filter(([, , aftermath]) => !(Number(aftermath) > SHORT_SKIP_BYTES_MAX));
const LONG_REFUSALS = REFUSALS.filter(([, , aftermath]) => Number(aftermath) > SHORT_SKIP_BYTES_MAX);

describe('a well-formed request', () => {
  test.each(REQUESTS)('%j is understood', (wire, expected) => {
    expect(eventsOf([bytes(wire + NEXT)])).toEqual([expected, NEXT_EVENT]);
  });

  test.each(REQUESTS)('%j is understood wherever it is cut', (wire, expected) => {
    for (const chunks of cuts(bytes(wire + NEXT))) {
      expect(eventsOf(chunks)).toEqual([expected, NEXT_EVENT]);
    }
  });

  test('leaves nothing behind in the fields of the next one', () => {
    const wires = REQUESTS.map(([wire]) => bytes(wire));
    const expected = REQUESTS.map(([, request]) => request);
    expect(eventsOf(wires)).toEqual(expected);
    expect(eventsOf(wires.toReversed())).toEqual(expected.toReversed());
  });

  test('leaves no key behind for one without', () => {
    const parser = createRequestParser();
    parser.parse(bytes('get a b\r\n'), 0, 9);
    parser.parse(bytes('stats\r\n'), 0, 7);
    expect([parser.keyCount, parser.keyStart, parser.keyEnd]).toEqual([0, 0, 0]);
  });

  test('comes in every kind', () => {
    expect(new Set(REQUESTS.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(RequestKind)));
  });
});

describe('a refused request', () => {
  test.each(SHORT_REFUSALS)('%j is answered %j; behind it: %s', (line, answer, aftermath) => {
    expect(eventsOf([refused(line, aftermath)])).toEqual(eventsAfter(answer, aftermath));
  });

  test.each(SHORT_REFUSALS)('%j is refused wherever it is cut', (line, answer, aftermath) => {
    for (const chunks of cuts(refused(line, aftermath))) {
      expect(eventsOf(chunks)).toEqual(eventsAfter(answer, aftermath));
    }
  });

  test.each(SHORT_REFUSALS)('%j with a bare newline is refused in the same way', (line, answer, aftermath) => {
    // A carriage return in front of the bare newline makes it a good one.
    const expected = line.endsWith('\r') ? [{ kind: 'get', keys: ['a'] }, NEXT_EVENT] : eventsAfter(answer, aftermath);
    expect(eventsOf([refused(line, aftermath, '\n')])).toEqual(expected);
  });

  test.each(LONG_REFUSALS)('%j is answered %j and its %i bytes are skipped', (line, answer, skipped) => {
    expect(eventsOf([bytes(`${line}\r\n${NEXT}`)])).toEqual([{ error: answer, skipped }]);
  });
});

describe('a data block', () => {
  test('of a key that is one byte too long is never run as commands', () => {
    const block = 'set pwn 0 0 1\r\nA\r\n';
    const wire = `set ${LONG_KEY} 0 0 ${block.length - 2}\r\n${block}get pwn\r\n`;
    expect(eventsOf([bytes(wire)])).toEqual([
      { error: 'CLIENT_ERROR bad command line format', skipped: block.length },
      { kind: 'get', keys: ['pwn'] },
    ]);
  });

  test('longer or shorter than announced closes the connection', () => {
    expect(eventsOf([bytes('set a 0 0 3\r\nabcd\r\nget b\r\n')])).toEqual([{ closed: true }]);
    expect(eventsOf([bytes('set a 0 0 5\r\nabcd\r\nget b\r\n')])).toEqual([{ closed: true }]);
  });

  test('may not end in a bare newline', () => {
    expect(eventsOf([bytes('set a 0 0 1\r\nx\nget b\r\n')])).toEqual([{ closed: true }]);
  });
});

describe('a limit', () => {
  test.each([249, 250, 251])('of 250 key bytes holds at %i', (keyBytes) => {
    const key = 'k'.repeat(keyBytes);
    const isGood = keyBytes <= DEFAULT_LIMITS.keyBytes;
    for (const line of [`get ${key}`, `mg ${key}`, `md ${key}`, `delete ${key}`, `incr ${key} 1`, `me ${key}`]) {
      const parser = createRequestParser();
      const input = bytes(`${line}\r\n`);
      expect(parser.parse(input, 0, input.length)).toBe(isGood ? input.length : ParseResult.error);
    }
  });

  test.each([2047, 2048, 2049])('of 2048 line bytes holds at %i, whole or in pieces', (lineBytes) => {
    const wire = bytes(`mg a ${' '.repeat(lineBytes - 8)}v\r\n`);
    expect(wire.length).toBe(lineBytes);
    const expected: SessionEvent[] =
      lineBytes <= 2048
        ? [{ kind: 'metaGet', key: 'a', meta: ['v'] }]
        : [{ error: 'CLIENT_ERROR line too long' }, { closed: true }];
    expect(eventsOf([wire])).toEqual(expected);
    expect(eventsOf([wire.subarray(0, 2040), wire.subarray(2040)])).toEqual(expected);
  });

  test('of a line holds without any newline in sight', () => {
    const parser = createRequestParser();
    expect(parser.parse(bytes('set '.padEnd(2047, 'k')), 0, 2047)).toBe(ParseResult.needMore);
    expect(parser.parse(bytes('set '.padEnd(2048, 'k')), 0, 2048)).toBe(ParseResult.error);
    expect(parser).toMatchObject({ errorLine: 'CLIENT_ERROR line too long', errorFatal: true, errorNext: 2048 });
  });

  test.each(['get', 'gets', 'gat 1', '  get'])('of %s is 64 KiB a line', (command) => {
    const keys = ` ${'k'.repeat(200)}`.repeat(400);
    const line = `${command}${keys}`;
    const whole = bytes(`${line.slice(0, 65_534)}\r\n`);
    const tooLong = bytes(`${line.slice(0, 65_535)}\r\n`);
    for (const chunks of [[whole], [whole.subarray(0, 3000), whole.subarray(3000)]]) {
      expect(eventsOf(chunks).map((event) => 'keys' in event && event.keys?.length)).toEqual([327]);
    }
    for (const chunks of [[tooLong], [tooLong.subarray(0, 3000), tooLong.subarray(3000)]]) {
      expect(eventsOf(chunks)).toEqual([{ error: 'CLIENT_ERROR line too long' }, { closed: true }]);
    }
  });

  test.each([3, 4, 5])('of 4 keys holds at %i', (keyCount) => {
    const limits = { multiGetKeys: 4 };
    const keys = Array.from({ length: keyCount }, (_, i) => `k${i}`);
    const expected = keyCount <= 4 ? { keys } : { error: 'CLIENT_ERROR too many keys' };
    expect(eventsOf([bytes(`get ${keys.join(' ')}\r\n`)], limits)).toMatchObject([expected]);
    expect(eventsOf([bytes(`gat 1 ${keys.join(' ')}\r\n`)], limits)).toMatchObject([expected]);
  });

  test('of 4096 keys holds with the list grown to it', () => {
    const keys = Array.from({ length: 4096 }, (_, i) => `k${i}`);
    expect(eventsOf([bytes(`gat 1 ${keys.join(' ')}\r\n`)])).toEqual([{ kind: 'gat', exptime: 1, keys }]);
    expect(eventsOf([bytes(`get ${keys.join(' ')} one more\r\n`)])).toEqual([{ error: 'CLIENT_ERROR too many keys' }]);
  });

  test('may be set, but not to nonsense', () => {
    const set = bytes('set a 0 0 11\r\n');
    const parser = createRequestParser({ valueBytes: 10, swallowBytes: 12 });
    expect(parser.parse(set, 0, set.length)).toBe(ParseResult.error);
    expect(parser).toMatchObject({ errorSkipBytes: 13, errorFatal: false });
    for (const limits of [
      { keyBytes: 0 },
      { lineBytes: 1.5 },
      { keyBytes: 1100 },
      { lineBytes: 2 ** 20 },
      { valueBytes: 2 ** 31 },
    ]) {
      expect(() => createRequestParser(limits)).toThrow(RangeError);
    }
  });
});

describe('the parser', () => {
  test('searches the bytes of a long line once', () => {
    const parser = createRequestParser();
    let readCount = 0;
    const line = bytes(`get ${'k '.repeat(3000)}`);
    const counted = new Proxy(line, {
      get(target, property) {
        readCount++;
        return Reflect.get(target, property, target) as unknown;
      },
    });
    for (let end = 1; end <= line.length; end++) {
      parser.parse(counted, 0, end);
    }
    expect(readCount).toBeLessThan(line.length * 12);
  });

  test.each(REQUESTS)('sees nothing of %j beyond the end it is given', (wire) => {
    const input = bytes(wire);
    const lineBytes = input.indexOf(0x0a) + 1;
    for (let end = 0; end < lineBytes; end++) {
      expect(createRequestParser().parse(input, 0, end)).toBe(ParseResult.needMore);
    }
    expect(createRequestParser().parse(input, 0, lineBytes)).toBe(lineBytes);
  });

  test('can be told to forget a partly searched line', () => {
    const parser = createRequestParser();
    expect(parser.parse(bytes('get abc'), 0, 7)).toBe(ParseResult.needMore);
    parser.reset();
    expect(parser.parse(bytes('mn\r\n'), 0, 4)).toBe(4);
  });

  test('knows flags by letter and their numbers', () => {
    const parser = createRequestParser();
    const input = bytes('mg a N30 R-5 T60 F7 S9 v q\r\n');
    expect(parser.parse(input, 0, input.length)).toBe(input.length);
    const letters = 'NRTFSvq'.split('');
    for (let code = 0x41; code <= 0x7a; code++) {
      expect(parser.hasMeta(code)).toBe(letters.includes(String.fromCharCode(code)));
    }
    const { vivify, recache, ttl, clientFlags, valueBytes, delta } = MetaFlag;
    expect([vivify, recache, ttl, clientFlags, valueBytes, delta].map((letter) => parser.metaNumber(letter))).toEqual([
      30, -5, 60, 7, 9, 0,
    ]);
    expect(parser.parse(bytes('mg a\r\n'), 0, 6)).toBe(6);
    expect(parser.metaNumber(vivify)).toBe(0);
  });

  test('keeps a retained line when the input is overwritten', () => {
    const parser = createRequestParser();
    const input = bytes('xxxms Zm9v 3 b O12 T5\r\n');
    parser.parse(input, 3, input.length);
    parser.retain();
    input.fill(0xaa);
    expect(text(parser.keyBytes, parser.keyStart, parser.keyEnd)).toBe('foo');
    expect(text(parser.input, parser.keyStarts[0], parser.keyEnds[0])).toBe('Zm9v');
    expect(text(parser.input, parser.metaTokenStarts[1], parser.metaTokenEnds[1])).toBe('12');
  });

  test('retains a line of many keys', () => {
    const parser = createRequestParser();
    const input = bytes(`get ${'key '.repeat(1000)}\r\n`);
    parser.parse(input, 0, input.length);
    parser.retain();
    input.fill(0xaa);
    expect(text(parser.input, parser.keyStarts[999], parser.keyEnds[999])).toBe('key');
    expect(text(parser.keyBytes, parser.keyStart, parser.keyEnd)).toBe('key');
  });
});
