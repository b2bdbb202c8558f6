import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { parseAnswers } from '../support/raw-http.ts';
import { startTestCluster } from '../support/test-cluster.ts';

test('a request that is under way when the proxy closes is served, and told that it was the last', async () => {
  const cluster = await startTestCluster({ nodes: 1 });
  const socket = connect({ ...cluster.http });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write('GET /v1/kv/closing/late HTTP/1.1\r\nHo');
  await delay(50);
  const closed = cluster[Symbol.asyncDispose]();
  await delay(50);
  socket.write('st: a\r\n\r\n');
  await once(socket, 'close');
  const [answer] = parseAnswers(Buffer.concat(chunks), []).answers;
  expect([answer?.status, answer?.headers.get('connection')]).toEqual([404, 'close']);
  expect(answer?.headers.get('cache-status')).toBe('ringway; fwd=uri-miss');
  await closed;
});
