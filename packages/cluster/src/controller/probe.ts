import type { Agent, IncomingMessage } from 'node:http';
import { incarnationBytes } from '@ringway/ring';
import { PROBE_BYTES_MAX, PROBE_TIMEOUT_MS } from '../limits.ts';
import type { MemberReport } from './member-view.ts';

/**
 * node:http, but not by `import`: that reads all of its exports, also those that only then load the WebSocket client, and
 * takes 70 ms of processor time (Node 26.10). With four processes starting on two cores that is felt.
 */
const http = process.getBuiltinModule('node:http');

/** Asks a member what it is. Rejects when it does not answer, or with something else. */
export type Probe = (admin: string) => Promise<MemberReport>;

/**
 * Asks over the admin API of a node: `GET /v1/state`.
 *
 * By node:http and not by undici, which takes longer to load than a whole node.
 */
export function createHttpProbe(): Probe & Disposable {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const probe = async (admin: string): Promise<MemberReport> =>
    parseReport(await get(agent, `http://${admin}/v1/state`));
  return Object.assign(probe, { [Symbol.dispose]: () => agent.destroy() });
}

function get(agent: Agent, url: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const sent = http.request(
    url,
    { agent, signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) },
    (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > PROBE_BYTES_MAX) response.destroy(new Error(`more than ${PROBE_BYTES_MAX} bytes`));
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        else resolve(Buffer.concat(chunks).toString('utf8'));
      });
    },
  );
  sent.on('error', reject);
  sent.end();
  return promise.then((text) => JSON.parse(String(text)) as unknown);
}

/** As the topology document has it. */
const incarnationPattern = new RegExp(`^[0-9a-f]{${2 * incarnationBytes}}$`);

function parseReport(value: unknown): MemberReport {
  if (typeof value === 'object' && value !== null) {
    const { id, incarnation, admitted, epoch } = value as Record<string, unknown>;
    const named = typeof id === 'string' && typeof incarnation === 'string' && incarnationPattern.test(incarnation);
    if (named && typeof admitted === 'boolean') {
      return { id, incarnation, admitted, epoch: typeof epoch === 'number' ? epoch : 0 };
    }
  }
  throw new Error('no state of a node');
}
