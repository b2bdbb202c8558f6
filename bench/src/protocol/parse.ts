import { createRequestParser, createResponseParser } from '@ringway/protocol';
import type { Row } from '../row.ts';
import { nanosecondsPerCall } from './stopwatch.ts';

const KEY = 'user:profile:000000012345:v2xx';
const MULTI_GET_KEY_COUNT = 100;
/** One line of a request with a key of 30 bytes, without allocation. */
const TARGET_NS = 200;

const REQUESTS: readonly (readonly [name: string, line: string])[] = [
  ['get', `get ${KEY}`],
  ['mg, 1 flag', `mg ${KEY} v`],
  ['mg, 4 flags', `mg ${KEY} v f c t`],
  ['ms', `ms ${KEY} 100 T300 F5`],
  ['set', `set ${KEY} 0 300 100`],
  ['md', `md ${KEY}`],
];

const REPLIES: readonly (readonly [name: string, line: string])[] = [
  ['VA, 3 flags', 'VA 100 f5 c12345678901 t300'],
  ['HD', 'HD'],
  ['EN', 'EN'],
  ['VALUE', `VALUE ${KEY} 0 100`],
];

/** Time of one parse() by kind of line. */
export function benchParse(): Row[] {
  const requestParser = createRequestParser();
  const responseParser = createResponseParser();
  const multiGet = Array.from({ length: MULTI_GET_KEY_COUNT }, (_, i) => `key:${1_000_000 + i}`).join(' ');
  return [
    ...REQUESTS.map(([name, line]) => ({
      ...parseRow(`parse request ${name}`, line, requestParser),
      target: TARGET_NS,
    })),
    { ...parseRow(`parse request get, ${MULTI_GET_KEY_COUNT} keys`, `get ${multiGet}`, requestParser) },
    ...REPLIES.map(([name, line]) => parseRow(`parse reply ${name}`, line, responseParser)),
  ];
}

interface Parser {
  parse(input: Uint8Array, start: number, end: number): number;
}

function parseRow(name: string, line: string, parser: Parser): Row {
  const input = Buffer.from(`${line}\r\n`, 'latin1');
  const value = nanosecondsPerCall(() => {
    if (parser.parse(input, 0, input.length) !== input.length) {
      throw new Error(`${name}: the line was not understood`);
    }
  });
  return { name, value, unit: 'ns' };
}
