import { stripVTControlCharacters } from 'node:util';
import { createLog, type LogLevel } from '@ringway/cli';
import { expect, test } from 'vitest';

function logTo(level: LogLevel, isTTY: boolean) {
  const lines: string[] = [];
  const screen = { isTTY, write: (text: string) => lines.push(text) };
  return { lines, log: createLog({ level, name: 'node-1', screen }) };
}

test('away from a terminal a line is one JSON object with time, level, name, message and fields', () => {
  const { lines, log } = logTo('info', false);
  log.warn({ epoch: 7, error: new Error('why') }, 'a topology was refused');
  const [line = ''] = lines;
  expect(line.endsWith('}\n')).toBe(true);
  const { time, ...rest } = JSON.parse(line) as { time: string };
  expect(new Date(time).toISOString()).toBe(time);
  expect(rest).toEqual({ level: 'warn', name: 'node-1', message: 'a topology was refused', epoch: 7, error: 'why' });
});

test('on a terminal a line is made to be read', () => {
  const { lines, log } = logTo('info', true);
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  log.error({ error: refused, address: { port: 1 } }, 'no answer');
  expect(stripVTControlCharacters(lines.join(''))).toMatch(
    /^\d\d:\d\d:\d\d error node-1: no answer error=ECONNREFUSED: connect address=\{"port":1\}\n$/,
  );
});

test('lines less severe than the level are not written', () => {
  const { lines, log } = logTo('warn', false);
  log.debug({}, 'a');
  log.info({}, 'b');
  log.warn({}, 'c');
  log.error({}, 'd');
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['c', 'd']);
  const silent = logTo('silent', false);
  silent.log.error({}, 'e');
  expect(silent.lines).toEqual([]);
});
