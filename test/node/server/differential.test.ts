import { expect, test } from 'vitest';
import { installed } from '../../support/installed.ts';
import { startMemcached } from '../../support/memcached-peer.ts';
import { TestNode } from '../node-harness.ts';
import { createRandom, seedFor } from '../seed.ts';
import { Wire } from '../wire.ts';
import { CommandStream } from './command-stream.ts';
import type { Tokens } from './command-stream.ts';

/**
 * The same random commands to a real memcached and to a node; the replies must be the same but for the differences below,
 * which are meant. Those marked * are kept out of the stream, the others are masked.
 *
 * - Versions are other numbers.
 * - Seconds to live and idle may differ by one: memcached's clock ticks once a second.
 * - `me` tells sizes and slab classes of another memory layout, and seconds to live without memcached's minus.
 * - What T has just ended has 0 seconds to live; memcached 1.6.18 tells a number that has wrapped.
 * - * A value without CRLF behind it ends the connection; memcached goes on behind the announced length.
 * - * A number may have spaces around it and nothing else; memcached takes `12 x` and `+1` for numbers.
 * - * Counting keeps the lease bits and `fetched`; memcached loses them when it has to copy the item.
 * - * T of ma holds, also when the counter becomes longer; memcached then sets it on the item it has just replaced.
 * - * A key comes back as it was sent; memcached goes by how the item was stored, and vivified.
 * - * T comes before t whatever their order; memcached goes by the order.
 * - * Version 0 compares like any other; memcached takes it for none in some commands.
 * - * E, and N on append and prepend, are understood; memcached 1.6.18 refuses them.
 * - * What is beyond the size limit: ours is not 1 MiB.
 */
const COMMANDS = 2000;

const hasMemcached = installed('memcached');
const title = hasMemcached ? '' : ' (skipped: memcached is not on the PATH)';

test.skipIf(!hasMemcached)(`a node answers as memcached does${title}`, { timeout: 60_000 }, async () => {
  const stream = new CommandStream(createRandom(seedFor('differential')));
  await using memcached = await startMemcached();
  await using started = await TestNode.start({ clock: undefined });
  await using theirs = await Wire.open(memcached.socketPath);
  await using ours = await started.connect();
  const tokens: [Tokens, Tokens] = [new Map(), new Map()];
  const history: string[] = [];
  for (let i = 0; i < COMMANDS; i++) {
    const { key, write } = stream.next();
    const [toThem, toUs] = [write(tokens[0]), write(tokens[1])];
    history.push(toUs);
    // oxlint-disable-next-line no-await-in-loop -- each command is chosen by the replies before it
    const [fromThem, fromUs] = await Promise.all([theirs.ask(toThem), ours.ask(toUs)]);
    learn(tokens[0], key, fromThem);
    learn(tokens[1], key, fromUs);
    const context = short(JSON.stringify(history.filter((text) => text.includes(key)).slice(-8), undefined, 1));
    expect(short(masked(fromUs)), `command ${i}, after ${context}`).toBe(short(masked(fromThem)));
  }
});

/** Remembers the version that a reply tells of the key. */
function learn(tokens: Tokens, key: string, reply: string): void {
  const told = /^(?:HD|VA \d+)\b.* c(\d+)/.exec(reply) ?? /^VALUE \S+ \d+ \d+ (\d+)\r\n/.exec(reply);
  if (told?.[1] !== undefined) tokens.set(key, [...(tokens.get(key) ?? []), told[1]]);
}

function masked(reply: string): string {
  return reply
    .replaceAll(/^(VALUE \S+ \d+ \d+) \d+/gm, '$1 #')
    .replaceAll(/^((?:HD|VA|NS|EX|NF)\b.*?) c[1-9]\d*/gm, '$1 c#')
    .replaceAll(/^((?:HD|VA)\b.*?) t\d+/gm, '$1 t#')
    .replaceAll(/^((?:HD|VA)\b.*?) l\d+/gm, '$1 l#')
    .replaceAll(/^(ME \S+) exp=(-?\d+) la=\d+ cas=\d+ (fetch=\w+) cls=\d+ size=\d+/gm, (_, head, exp, fetch) =>
      [head, exp === '-1' ? 'for ever' : 'for a time', fetch].join(' '),
    )
    .replaceAll(/^VERSION .*/gm, 'VERSION #');
}

/** The text with long runs of one letter counted. */
function short(text: string): string {
  return text.replaceAll(/(.)\1{20,}/g, (run, letter) => `${letter}{${run.length}}`);
}
