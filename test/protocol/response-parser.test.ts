import { createResponseParser, MetaFlag, ParseResult, ResponseKind } from '@ringway/protocol';
import { describe, expect, test } from 'vitest';
import { bytes } from './bytes.ts';
import { describeReply } from './reply-fields.ts';
import { REPLIES, SURPRISES } from './response-table.ts';

const BEHIND = 'VA 5 behind';

describe('a well-formed reply', () => {
  test.each(REPLIES)('%j is understood', (line, expected) => {
    const input = bytes(`..${line}\r\n${BEHIND}`);
    const parser = createResponseParser();
    expect(parser.parse(input, 2, input.length)).toBe(2 + line.length + 2);
    expect(describeReply(parser, input)).toEqual(expected);
  });

  test.each(REPLIES)('%j is understood wherever it is cut', (line, expected) => {
    const input = bytes(`${line}\r\n`);
    for (let at = 0; at < input.length; at++) {
      const parser = createResponseParser();
      expect(parser.parse(input, 0, at)).toBe(ParseResult.needMore);
      expect(parser.parse(input, 0, input.length)).toBe(input.length);
      expect(describeReply(parser, input)).toEqual(expected);
    }
  });

  test.each(REPLIES)('%j is understood byte by byte, in a buffer that moves', (line, expected) => {
    const input = bytes(`${line}\r\n`);
    const parser = createResponseParser();
    for (let end = 1; end < input.length; end++) {
      const gap = end % 3;
      expect(parser.parse(bytes(' '.repeat(gap) + line), gap, gap + Math.min(end, line.length))).toBe(
        ParseResult.needMore,
      );
    }
    expect(parser.parse(input, 0, input.length)).toBe(input.length);
    expect(describeReply(parser, input)).toEqual(expected);
  });

  test('leaves nothing behind in the fields of the next one', () => {
    const parser = createResponseParser();
    for (const [line, expected] of [...REPLIES, ...REPLIES.toReversed()]) {
      const input = bytes(`${line}\r\n`);
      parser.parse(input, 0, input.length);
      expect(describeReply(parser, input)).toEqual(expected);
    }
  });

  test('comes in every kind', () => {
    expect(new Set(REPLIES.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(ResponseKind)));
  });
});

describe('a surprise', () => {
  test.each(SURPRISES)('%j is an error with a reason', (line) => {
    const input = bytes(line);
    const parser = createResponseParser();
    expect(parser.parse(input, 0, input.length)).toBe(ParseResult.error);
    expect(parser.errorReason).toMatch(/^[a-z][A-Za-z0-9 ]+$/);
  });

  test.each(SURPRISES)('%j is an error wherever it is cut', (line) => {
    const input = bytes(line);
    for (let at = 0; at <= input.length; at++) {
      const parser = createResponseParser();
      const results = [parser.parse(input, 0, at), parser.parse(input, 0, input.length)];
      expect(results).toContain(ParseResult.error);
    }
  });

  test('comes in more than 150 shapes', () => {
    expect(SURPRISES.length).toBeGreaterThanOrEqual(150);
    expect(new Set(SURPRISES).size).toBe(SURPRISES.length);
  });
});

describe('a limit', () => {
  test.each([2047, 2048, 2049])('of 2048 line bytes holds at %i', (lineBytes) => {
    const input = bytes(`${'CLIENT_ERROR '.padEnd(lineBytes - 2, 'x')}\r\n`);
    const parser = createResponseParser();
    expect(parser.parse(input, 0, input.length)).toBe(lineBytes <= 2048 ? lineBytes : ParseResult.error);
    expect(createResponseParser().parse(input, 0, lineBytes - 1)).toBe(
      lineBytes <= 2048 ? ParseResult.needMore : ParseResult.error,
    );
  });

  test('of the value length is the one given', () => {
    const parser = createResponseParser({ valueBytes: 100 });
    expect(parser.parse(bytes('VA 100\r\n'), 0, 8)).toBe(8);
    expect(parser.parse(bytes('VA 101\r\n'), 0, 8)).toBe(ParseResult.error);
    expect(parser.errorReason).toBe('the value length is malformed or above the limit');
  });
});

test('numbers of meta flags are known by letter', () => {
  const parser = createResponseParser();
  const input = bytes('HD s3 t30 f7 h1 l99 c5\r\n');
  parser.parse(input, 0, input.length);
  const { returnSize, returnTtl, returnClientFlags, returnFetched, returnIdle, opaque } = MetaFlag;
  const letters = [returnSize, returnTtl, returnClientFlags, returnFetched, returnIdle, opaque];
  expect(letters.map((letter) => parser.metaNumber(letter))).toEqual([3, 30, 7, 1, 99, 0]);
  expect(letters.map((letter) => parser.hasMeta(letter))).toEqual([true, true, true, true, true, false]);
  expect(parser.ttlSeconds).toBe(30);
  expect(parser.parse(bytes('HD\r\n'), 0, 4)).toBe(4);
  expect([parser.ttlSeconds, parser.metaNumber(returnSize)]).toEqual([-1, 0]);
});

test('a partly searched line can be forgotten', () => {
  const parser = createResponseParser();
  expect(parser.parse(bytes('CLIENT_ERR'), 0, 10)).toBe(ParseResult.needMore);
  parser.reset();
  expect(parser.parse(bytes('OK\r\n'), 0, 4)).toBe(4);
});
