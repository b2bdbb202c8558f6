import { createSweeper } from '@ringway/client';
import type { Topology } from '@ringway/ring';
import { createAdmin } from './admin/server.ts';
import { createMetrics } from './admin/metrics.ts';
import { Counters } from './counters.ts';
import { createHttpFront } from './http/server.ts';
import * as limits from './limits.ts';
import { addressOf, listening, listenTcp, type Address } from './listening.ts';
import type { Log } from './log.ts';
import { createMemcachedFront } from './memcached/listener.ts';
import { createRoutes } from './routing/routes.ts';

/** Where topologies come from. */
export interface TopologySource {
  current(): Topology | undefined;
  /** Calls back for each newer topology; returns how to stop that. */
  subscribe(listener: (topology: Topology) => void): () => void;
}

export interface ProxyOptions {
  readonly http: Address;
  /** Undefined: no memcached front. */
  readonly memcached?: Address | undefined;
  readonly admin: Address;
  readonly topologySource: TopologySource;
  /** The namespace in which keys of the memcached front live. */
  readonly memcachedNamespace?: string | undefined;
  readonly valueBytesMax?: number | undefined;
  /** How long a client may take to send a request. */
  readonly timeouts?: limits.HttpTimeouts | undefined;
  readonly version: string;
  readonly log: Log;
  /** In [0, 1): jitter of waits. */
  readonly random?: (() => number) | undefined;
}

export interface Proxy {
  /** Listens. Throws ListenError, with nothing left listening. */
  start(): Promise<void>;
  /** Readiness ends, requests under way are answered, then every socket is closed. */
  close(): Promise<void>;
  readonly httpAddress: Address;
  readonly memcachedAddress: Address | undefined;
  readonly adminAddress: Address;
}

export function createProxy(options: ProxyOptions): Proxy {
  const { log, version, topologySource } = options;
  const valueBytesMax = options.valueBytesMax ?? limits.VALUE_BYTES_MAX;
  const nowMs = (): number => performance.now();
  const sweeper = createSweeper(nowMs);
  const counters = new Counters();
  const routes = createRoutes({ sweeper, valueBytesMax, random: options.random ?? Math.random, log });
  const timeouts = options.timeouts ?? limits.HTTP_TIMEOUTS;
  const unixMs = (): number => Date.now();
  const http = createHttpFront({ routes, counters, valueBytesMax, timeouts, nowMs, unixMs, log });
  const namespace = options.memcachedNamespace ?? 'default';
  const memcached = createMemcachedFront({ routes, counters, namespace, version, valueBytesMax, nowMs });
  const metrics = createMetrics({ counters, routes, version });
  let stopping = false;
  const admin = createAdmin({ routes, metrics, version, isStopping: () => stopping });
  let unsubscribe = (): void => {};

  const close = async (): Promise<void> => {
    stopping = true;
    unsubscribe();
    await Promise.all([http.close(), memcached.closeAll()]);
    await routes.drain();
    await admin.close();
    sweeper.close();
  };

  return {
    start: async () => {
      const first = topologySource.current();
      if (first !== undefined) routes.use(first);
      unsubscribe = topologySource.subscribe((topology) => routes.use(topology));
      try {
        await listening('admin', options.admin, () => admin.listen({ ...options.admin }));
        const { memcached: address } = options;
        if (address !== undefined) await listening('memcached', address, () => listenTcp(memcached.server, address));
        await listening('http', options.http, () => http.listen({ ...options.http }));
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
    get httpAddress() {
      return addressOf(http.server);
    },
    get memcachedAddress() {
      return options.memcached === undefined ? undefined : addressOf(memcached.server);
    },
    get adminAddress() {
      return addressOf(admin.server);
    },
  };
}
