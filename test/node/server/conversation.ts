import { expect, test } from 'vitest';
import { TestNode } from '../node-harness.ts';

/**
 * Runs conversations, each on a node of its own: once as one packet per exchange, and once byte by byte. They are written
 * as lines without their CRLF: `> sent`, `< received`, `+<seconds>` where time passes. A space at the end of a line is
 * written `·`.
 */
export function testConversations(conversations: Readonly<Record<string, string>>): void {
  const rows = Object.entries(conversations);
  test.each(rows)('%s', async (_name, script) => {
    await converse(script, (data) => [data]);
  });
  test('all of it again, byte by byte', async () => {
    for (const [, script] of rows) await converse(script, (data) => [...data].map((byte) => Uint8Array.of(byte)));
  });
}

async function converse(script: string, split: (data: Buffer) => Uint8Array[]): Promise<void> {
  await using started = await TestNode.start();
  await using wire = await started.connect();
  for (const { sent, received, seconds } of exchangesOf(script)) {
    started.clock.pass(seconds);
    for (const piece of split(Buffer.from(sent, 'latin1'))) wire.send(piece);
    expect(await wire.ask('')).toBe(received);
  }
}

interface Exchange {
  sent: string;
  received: string;
  seconds: number;
}

function exchangesOf(script: string): Exchange[] {
  const exchanges: Exchange[] = [];
  let last: Exchange | undefined;
  for (const line of script.split('\n').map((text) => text.trim())) {
    if (line === '') continue;
    const text = line.slice(2).replaceAll('·', ' ');
    if (line.startsWith('<')) {
      if (last === undefined) throw new Error('a conversation begins with >');
      last.received += text === '<closed>' ? text : `${text}\r\n`;
      continue;
    }
    if (last === undefined || last.received !== '' || line.startsWith('+')) {
      last = { sent: '', received: '', seconds: 0 };
      exchanges.push(last);
    }
    if (line.startsWith('+')) last.seconds = Number(line.slice(1));
    else last.sent += `${text}\r\n`;
  }
  return exchanges;
}
