import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResponseParser } from '@ringway/protocol';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installed } from '../support/installed.ts';
import { bytes, text } from './bytes.ts';
import { seed } from './property.ts';
import { REFUSALS, REQUESTS } from './request-table.ts';
import { eventsOf } from './session.ts';

/**
 * The parser's verdicts beside those of a real memcached (Debian's 1.6.18, which the tables were written from), on a socket of its own.
 * Behind every line stands `mn`: its reply ends those to the line, and when it does not come, the line has swallowed it.
 */
const hasMemcached = installed('memcached');
const title = hasMemcached ? 'beside memcached' : 'beside memcached (skipped: memcached is not on the PATH)';

const PROBE = 'mn\r\n';
const PROBE_REPLY = 'MN\r\n';

/** Lines that the parser judges otherwise on purpose, and what memcached says to them: docs/protocol.md, section 7. */
const DIFFERENCES: readonly (readonly [line: string, memcached: string | undefined, reason: string])[] = [
  ['gat 1', 'END', 'a read of no key is an error'],
  ['get a\tb', 'END', 'no control bytes in keys'],
  ['get a\rb', 'END', 'no control bytes in keys'],
  ['get a\r', 'END', 'no control bytes in keys'],
  ['get a \x1b[2J', 'END', 'no control bytes in keys'],
  ['get a\x7f', 'END', 'no DEL in keys'],
  ['get a\0b', 'END', 'a NUL does not end a key'],
  ['mg a\x01', 'EN', 'no control bytes in keys'],
  ['gat +1 a', 'END', 'numbers are digits'],
  ['incr a +1', 'NOT_FOUND', 'numbers are digits'],
  ['mg a T+1', 'EN', 'numbers are digits'],
  ['gat 4294967296 a', 'END', 'numbers that do not fit are errors'],
  ['gat -2147483649 a', 'END', 'numbers that do not fit are errors'],
  ['mg a T4294967296', 'EN', 'numbers that do not fit are errors'],
  ['mg a F4294967296', 'EN', 'numbers that do not fit are errors'],
  ['set a 0 4294967296 5', 'STORED', 'numbers that do not fit are errors'],
  ['set a +1 0 5', 'STORED', 'numbers are digits'],
  ['set a 0 +1 5', 'STORED', 'numbers are digits'],
  ['set a\x01 0 0 5', 'STORED', 'no control bytes in keys'],
  ['cas a 0 0 1 +1', 'NOT_FOUND', 'numbers are digits'],
  ['cas a 0 0 1 018446744073709551615', 'NOT_FOUND', 'numbers have at most 20 digits'],
  ['set a 4294967296 0 5', 'STORED', 'numbers that do not fit are errors'],
  ['set a 0 0 \x005', 'ERROR', 'a NUL does not end a line'],
  ['set k 5 0 0 300', 'STORED', 'no argument but noreply behind the length'],
  ['set a 0 0 1 foo', 'STORED', 'no argument but noreply behind the length'],
  ['cas a 0 0 1 2 foo', 'NOT_FOUND', 'no argument but noreply behind the version'],
  ['set a 0 0 -0', 'STORED', 'numbers are digits'],
  ['set a 0 0 +5', 'STORED', 'numbers are digits'],
  ['set a 0 0 5\t', 'STORED', 'numbers are digits'],
  ['set a 0 0 4294967296', 'STORED', 'numbers that do not fit are errors'],
  ['set a 0 0 000000000000000000005', 'STORED', 'numbers have at most 20 digits'],
  ['ms a 4294967297', 'HD', 'numbers that do not fit are errors'],
  ['ms a +1', 'HD', 'numbers are digits'],
  ['ms a 5 S6', 'CLIENT_ERROR invalid flag', 'flag S is known'],
  ['ms a\x01 5', 'HD', 'no control bytes in keys'],
  ['mg a E', 'CLIENT_ERROR invalid flag', 'flag E is known'],
  ['mg a S', 'CLIENT_ERROR invalid flag', 'flag S is known'],
  ['mg a O\x01', 'EN O\x01', 'no control bytes in opaque tokens'],
  ['mg Zm=v b', 'EN', 'base64 is strict'],
  ['mg Zh== b', 'EN', 'base64 is strict'],
  ['mg Zm9= b', 'EN', 'base64 is strict'],
  ['mg a vignored Pa/b Lc S1 E7', 'CLIENT_ERROR invalid flag', 'flags S and E are known'],
  [
    `mg a O${'o'.repeat(32)} k`,
    'CLIENT_ERROR opaque token too long',
    'an opaque may have the 32 bytes that memcached documents',
  ],
  ['PUT /a/b', 'ERROR', 'an HTTP request is one without its version, too'],
  ['HTTP/1.1 200 OK', 'ERROR', 'an HTTP response is no request'],
];

/** Lines that cannot be compared: those of other software, of the binary protocol, with flags E and S, or with more data than a test should send. */
const NOT_COMPARED =
  /^(?:rw_hello|shutdown|cache_memlimit|slabs|stats|\x80)| S2$| E\d+ c$|^(?:set|ms) .*(?:\d{7,8}|2147483645)(?: noreply| q)?$/;

/** The data block that memcached waits for behind a line, if it takes it for one; it cuts lengths to 32 bits. */
function blockOf(line: string): string {
  const [, digits = '4294967295'] = /^(?:ms \S+|(?:set|cas) \S+ \S+ \S+) [+-]?(\d+)(?:\s|$)/.exec(line) ?? [];
  const byteCount = Number(BigInt.asUintN(32, BigInt(digits)));
  return byteCount < 1000 ? `${'x'.repeat(byteCount)}\r\n` : '';
}

describe.skipIf(!hasMemcached)(title, () => {
  let server: ChildProcess;
  let folder: string;
  let socketPath: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringway-protocol-'));
    socketPath = join(folder, 'memcached.sock');
    server = spawn('memcached', ['-s', socketPath, '-u', 'root', '-t', '1', '-vv'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await new Promise<void>((resolve) => {
      server.stderr!.on('data', (chunk: Buffer) => String(chunk).includes('server listening') && resolve());
    });
  });

  afterAll(async () => {
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true });
  });

  /** The replies to what is sent, up to that to the probe; undefined when memcached closed the connection. */
  async function ask(wire: string): Promise<string | undefined> {
    const socket = connect(socketPath);
    socket.end(bytes(wire + PROBE));
    const chunks: Uint8Array[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk as Uint8Array);
    }
    const replies = text(Buffer.concat(chunks));
    return replies.endsWith(PROBE_REPLY) ? replies.slice(0, -PROBE_REPLY.length) : undefined;
  }

  /** The first reply to a line, by a server that does not hold the key `a`. */
  async function verdict(wire: string): Promise<string> {
    return firstLine(await ask(`delete a noreply\r\n${wire}`));
  }

  function firstLine(replies: string | undefined): string {
    return replies?.split('\r\n')[0] ?? '';
  }

  const refusals = REFUSALS.filter(
    ([line]) => !NOT_COMPARED.test(line) && !DIFFERENCES.some(([other]) => other === line),
  );

  test.each(refusals)('%j is refused in the same words', async (line, answer) => {
    expect(await verdict(`${line}\r\n${line.startsWith('ms') ? blockOf(line) : ''}`)).toBe(answer);
  });

  const accepted = REQUESTS.filter(([wire]) => !NOT_COMPARED.test(wire.split('\r\n')[0]!) && wire.endsWith('\r\n'));

  test.each(accepted)('%j is accepted', async (wire) => {
    const reply = await verdict(wire);
    const line = wire.split('\r\n')[0]!;
    const known = DIFFERENCES.find(([other]) => other === line);
    expect(reply).toMatch(
      known === undefined ? /^(?!ERROR|CLIENT_ERROR bad|SERVER_ERROR)/ : new RegExp(`^${known[1]}$`),
    );
  });

  test.each(DIFFERENCES)('%j is answered %j by memcached and otherwise here: %s', async (line, memcached) => {
    const wire = `${line}\r\n${blockOf(line)}`;
    expect(await verdict(wire)).toBe(memcached);
    const [event] = eventsOf([bytes(wire)]);
    expect(event !== undefined && 'error' in event ? event.error : undefined).not.toBe(memcached);
  });

  test('every reply of a real conversation is understood', async () => {
    const conversation = [
      'set a 7 0 3\r\nabc\r\n',
      'set n 0 0 2\r\n10\r\n',
      'gets a n\r\n',
      'incr n 5\r\ndecr n 14\r\n',
      'add a 0 0 1\r\nx\r\nreplace zz 0 0 1\r\nx\r\ncas a 0 0 1 99999\r\nx\r\ntouch a 0\r\ndelete zz\r\n',
      'mg a s v t f c h l k O123\r\nmg zz k O1\r\nmg Zm9v b N30\r\nmg Zm9v b k v\r\nmg Zm9v b k v\r\nms AP8= 1 b k\r\nx\r\nmg AP8= b k v\r\n',
      'md a I T30\r\nmg a v t c\r\nmg a v t c\r\nms a 1 C1 k O5 c\r\nx\r\nma n v t c\r\nme n\r\nme AP8= b\r\n',
      'version\r\nverbosity 1\r\nstats\r\nstats settings\r\nstats reset\r\nflush_all\r\nmn\r\nbogus\r\nincr a\r\nincr a x\r\n',
    ].join('');
    const replies = bytes((await ask(conversation))!);
    const parser = createResponseParser();
    const kinds = new Set<number>();
    for (let at = 0; at < replies.length;) {
      const next = parser.parse(replies, at, replies.length);
      expect(next, `${parser.errorReason}: ${text(replies, at, at + 100)}`).toBeGreaterThan(at);
      kinds.add(parser.kind);
      at = next + (parser.bodyBytes < 0 ? 0 : parser.bodyBytes + 2);
    }
    expect(kinds.size).toBeGreaterThanOrEqual(17);
  });

  test('made-up lines are refused in the same words, or by neither', async () => {
    const key = fc.constantFrom('a', 'bb', 'Zm9v', 'Zg==', 'k'.repeat(250), 'k'.repeat(251));
    const number = fc.constantFrom(
      '0',
      '1',
      '-1',
      '007',
      '18446744073709551615',
      '18446744073709551616',
      'x',
      '1x',
      '-',
      '2147483647',
      'noreply',
    );
    const flag = fc.oneof(
      fc.constantFrom(
        'v',
        'k',
        'q',
        'b',
        'c',
        'f',
        't',
        's',
        'h',
        'l',
        'u',
        'I',
        'z',
        'x',
        '5',
        '!',
        'vv',
        'Pa',
        'L',
        'O',
        'O1',
        `O${'o'.repeat(31)}`,
        `O${'o'.repeat(33)}`,
      ),
      fc
        .constantFrom('T', 'N', 'R', 'C', 'D', 'J', 'F', 'M')
        .chain((letter) => fc.constantFrom('', '0', '-1', '30', 'x', '2147483647').map((token) => letter + token)),
      fc.constantFrom('MS', 'ME', 'MI', 'M+', 'M-', 'Md', 'Mzz'),
    );
    const flags = fc.array(flag, { maxLength: 5 });
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('mg', 'md', 'ma', 'me', 'mx', 'mn'), key, flags)
        .map(([command, name, list]) => [command, name, ...list]),
      fc
        .tuple(fc.constantFrom('get', 'gets', 'delete', 'nonsense', 'version'), fc.array(key, { maxLength: 4 }))
        .map(([command, keys]) => [command, ...keys]),
      fc
        .tuple(
          fc.constantFrom('incr', 'decr', 'touch', 'delete', 'flush_all'),
          fc.array(fc.oneof(key, number), { maxLength: 4 }),
        )
        .map(([command, list]) => [command, ...list]),
      fc
        .tuple(fc.constantFrom('gat', 'gats'), number, fc.array(key, { minLength: 1, maxLength: 3 }))
        .map(([command, exptime, keys]) => [command, exptime, ...keys]),
    );
    const lines = fc.sample(line, { seed, numRuns: 2000 }).map((words) => words.join(' '));
    const wire = lines.map((words) => `${words}\r\n`).join(PROBE);
    const theirs = splitAtProbes((await ask(wire))!);
    expect(theirs.length).toBeGreaterThanOrEqual(lines.length);
    let i = 0;
    for (const words of lines) {
      const isProbe = words === 'mn' || words.startsWith('mn ');
      const reply = isProbe ? '' : firstLine(theirs[i]);
      i += isProbe ? 2 : 1;
      const [event] = eventsOf([bytes(`${words}\r\n`)]);
      const ours = event !== undefined && 'error' in event ? event.error : undefined;
      const isRefused = /^(?:ERROR|CLIENT_ERROR (?!cannot))/.test(reply);
      expect([words, ours ?? 'accepted'], `SEED=${seed}`).toEqual([
        words,
        isRefused ? reply : ours === '' ? '' : 'accepted',
      ]);
    }
  });

  /** Replies cut at the replies to the probes. */
  function splitAtProbes(replies: string): string[] {
    return replies.split(/(?<=^|\r\n)MN\r\n/);
  }
});
