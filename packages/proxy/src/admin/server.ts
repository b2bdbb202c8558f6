import { fastify, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { HEADERS_TIMEOUT_MS, KEEP_ALIVE_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { Routes } from '../routing/routes.ts';
import { topologyView } from './topology-view.ts';

export interface AdminOptions {
  readonly routes: Routes;
  readonly metrics: Registry;
  /** True from the moment a stop was asked for: readiness ends before service does. */
  readonly isStopping: () => boolean;
  readonly version: string;
}

/** The admin listener: metrics, health, topology. Never on the data port. */
export function createAdmin(options: AdminOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    forceCloseConnections: true,
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
  });

  app.get('/metrics', async (_request, reply) => {
    reply.header('Content-Type', options.metrics.contentType);
    return options.metrics.metrics();
  });

  // Alive: the event loop answers. Nothing else, or a sick node would get healthy proxies restarted.
  app.get('/livez', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const reason = notReadyReason(options);
    if (reason === undefined) return { status: 'ready' };
    return reply.code(503).header('Retry-After', '1').send({ status: 'not ready', reason });
  });

  app.get('/v1/topology', async (_request, reply) => {
    const { topology } = options.routes;
    if (topology === undefined) {
      return reply
        .code(503)
        .send({ error: { code: 'no-topology', message: 'This proxy has not seen a topology yet.' } });
    }
    return { proxy: { version: options.version }, ...topologyView(topology, options.routes.links) };
  });
  return app;
}

/** Ready with some nodes down: their keys are misses, everybody else's are served. */
function notReadyReason({ routes, isStopping }: AdminOptions): string | undefined {
  if (isStopping()) return 'shutting down';
  if (routes.topology === undefined) return 'no topology yet';
  if (!routes.links.some((link) => link.isUp)) return 'no node can be reached';
  return undefined;
}
