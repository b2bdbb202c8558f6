import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { NodeState } from './state.ts';

const compress = promisify(gzip);

/** Fastest level: 314 KB of metrics become 15 KB in a third of a millisecond; more costs more than it saves. */
const GZIP_LEVEL = 1;

export interface AdminOptions {
  readonly metrics: Registry;
  readonly state: () => NodeState;
  readonly verify: () => readonly string[];
  /** Whether the node is to be sent requests, and the reason if not. */
  readonly unreadyReason: () => string | undefined;
}

/** The admin port: metrics, health, state. It answers about the node and never about an item. */
export class Admin {
  readonly #server: FastifyInstance;

  constructor(options: AdminOptions) {
    this.#server = fastify({ logger: false, forceCloseConnections: true });
    addHealth(this.#server, options);
    addMetrics(this.#server, options.metrics);
  }

  /** Rejects with the error of listen(). */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await this.#server.listen({ host, port });
    return this.#server.server.address() as AddressInfo;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

function addHealth(server: FastifyInstance, options: AdminOptions): void {
  server.get('/livez', (_request, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', (_request, reply) => {
    const reason = options.unreadyReason();
    return reply
      .code(reason === undefined ? 200 : 503)
      .type('text/plain')
      .send(`${reason ?? 'ok'}\n`);
  });
  server.get('/v1/state', (_request, reply) => reply.header('cache-control', 'no-store').send(options.state()));
  server.get('/debug/verify', (_request, reply) => {
    const faults = options.verify();
    return reply.code(faults.length === 0 ? 200 : 500).send({ healthy: faults.length === 0, faults });
  });
}

function addMetrics(server: FastifyInstance, registry: Registry): void {
  const render = new Gauge({
    name: 'ringway_metrics_render_duration_seconds',
    help: 'Time that the last scrape took to render.',
    registers: [registry],
  });
  server.get('/metrics', async (request, reply) => {
    const startMs = performance.now();
    const text = await registry.metrics();
    render.set((performance.now() - startMs) / 1000);
    reply.header('cache-control', 'no-store').header('vary', 'accept-encoding').type(registry.contentType);
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(text);
    return reply.header('content-encoding', 'gzip').send(await compress(text, { level: GZIP_LEVEL }));
  });
}
