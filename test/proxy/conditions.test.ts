import {
  evaluate,
  parseCacheControl,
  parseEntityTags,
  parsePreconditions,
  wireExpiry,
  lifetimeSeconds,
} from '@ringway/proxy';
import { expect, test } from 'vitest';

/** RFC 9110 13.2.2: what a set of headers means for the current tag ('-': nothing stored) of a read and of a write. */
test.each([
  // If-Match, If-None-Match, current, read, write
  ['', '', '"a"', 'proceed', 'proceed'],
  ['', '', '-', 'proceed', 'proceed'],
  ['*', '', '"a"', 'proceed', 'proceed'],
  ['*', '', '-', 'failed', 'failed'],
  ['"a"', '', '"a"', 'proceed', 'proceed'],
  ['"b"', '', '"a"', 'failed', 'failed'],
  ['"b", "a"', '', '"a"', 'proceed', 'proceed'],
  ['W/"a"', '', '"a"', 'failed', 'failed'],
  ['"a"', '', '-', 'failed', 'failed'],
  ['', '*', '"a"', 'not-modified', 'failed'],
  ['', '*', '-', 'proceed', 'proceed'],
  ['', '"a"', '"a"', 'not-modified', 'failed'],
  ['', 'W/"a"', '"a"', 'not-modified', 'failed'],
  ['', '"b", W/"a"', '"a"', 'not-modified', 'failed'],
  ['', '"b"', '"a"', 'proceed', 'proceed'],
  ['', '"a"', '-', 'proceed', 'proceed'],
  ['"a"', '"a"', '"a"', 'not-modified', 'failed'],
  ['"a"', '"b"', '"a"', 'proceed', 'proceed'],
  ['"b"', '*', '"a"', 'failed', 'failed'],
])(
  'If-Match: %s, If-None-Match: %s on %s is %s to a read and %s to a write',
  (ifMatch, ifNoneMatch, current, read, write) => {
    const preconditions = parsePreconditions({
      'if-match': ifMatch === '' ? undefined : ifMatch,
      'if-none-match': ifNoneMatch === '' ? undefined : ifNoneMatch,
    });
    const tag = current === '-' ? undefined : current;
    expect([evaluate(preconditions, tag, true), evaluate(preconditions, tag, false)]).toEqual([read, write]);
  },
);

test('lists of entity tags may have empty members and spaces', () => {
  expect(parseEntityTags(' ,"a",, \tW/"b!c#" , ', 'If-Match')).toEqual({ strong: ['"a"'], all: ['"a"', '"b!c#"'] });
  expect(parseEntityTags(' * ', 'If-Match')).toBe('*');
  expect(parseEntityTags('""', 'If-Match')).toEqual({ strong: ['""'], all: ['""'] });
});

test.each([
  ['max-age=60', { 'max-age': '60' }],
  ['Max-Age=60, s-maxage=30', { 'max-age': '60', 's-maxage': '30' }],
  ['max-age="60"', { 'max-age': '60' }],
  ['max-age=1, max-age=2', { 'max-age': '1' }],
  [' , private="a, b" ,, no-cache', { private: 'a, b', 'no-cache': '' }],
])('Cache-Control: %s is read as %o', (text, expected) => {
  expect(Object.fromEntries(parseCacheControl(text))).toEqual(expected);
});

test.each([
  [undefined, undefined, undefined],
  ['60', undefined, 60],
  ['60', 'max-age=30', 60],
  [undefined, 'max-age=30', 30],
  [undefined, 'max-age=30, s-maxage=10', 10],
  [undefined, 'no-cache, private', undefined],
  ['1', undefined, 1],
  ['315360000', undefined, 315_360_000],
])('?ttl=%s with Cache-Control: %s lives for %s seconds', (ttl, cacheControl, seconds) => {
  expect(lifetimeSeconds(ttl, cacheControl)).toBe(seconds);
});

test.each([
  [1, 1],
  [2_592_000, 2_592_000],
  [2_592_001, 1_700_000_000 + 2_592_001],
])('a lifetime of %d seconds is sent as %d', (seconds, wire) => {
  expect(wireExpiry(seconds, 1_700_000_000_999)).toBe(wire);
});
