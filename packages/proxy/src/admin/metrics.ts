import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Counters } from '../counters.ts';
import type { NodeLink } from '../routing/node-link.ts';
import type { Routes } from '../routing/routes.ts';

/**
 * The proxy's metrics, declared once: name, kind, help, and how to read them. The hot path only adds to number
 * fields; samples are made here, when Prometheus asks.
 */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly samples: () => readonly Sample[];
}

interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MetricsOptions {
  readonly counters: Counters;
  readonly routes: Routes;
  readonly version: string;
}

export function createMetrics(options: MetricsOptions): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of [...requestMetrics(options), ...nodeMetrics(options.routes)]) {
    registry.registerMetric({
      name: metric.name,
      get: async () => ({
        name: metric.name,
        help: metric.help,
        type: metric.type,
        aggregator: 'sum',
        values: metric.samples().map(({ value, labels }) => ({ value, labels })),
      }),
    } as never);
  }
  return registry;
}

function requestMetrics({ counters, routes, version }: MetricsOptions): Metric[] {
  const ops = [
    ['get', () => counters.gets],
    ['put', () => counters.puts],
    ['delete', () => counters.deletes],
  ] as const;
  return [
    gauge('ringway_build_info', 'Always 1; the version is in the label.', () => [one(1, { version, role: 'proxy' })]),
    counter('ringway_proxy_requests_total', 'HTTP requests for a key, by operation.', () =>
      ops.map(([op, read]) => one(read(), { op })),
    ),
    counter('ringway_proxy_key_lookups_total', 'Keys asked for, over both fronts.', () => [one(counters.lookups)]),
    counter('ringway_proxy_key_hits_total', 'Keys found, over both fronts.', () => [one(counters.hits)]),
    counter('ringway_proxy_not_modified_total', 'Reads answered 304.', () => [one(counters.notModified)]),
    counter(
      'ringway_proxy_unavailable_misses_total',
      'Reads answered as a miss because their node could not be asked.',
      () => [one(counters.unavailableMisses)],
    ),
    counter(
      'ringway_proxy_rejected_requests_total',
      'HTTP requests refused for what they are (4xx, plain misses aside).',
      () => [one(counters.rejected)],
    ),
    counter('ringway_proxy_request_failures_total', 'HTTP requests that could not be served (5xx).', () => [
      one(counters.failures),
    ]),
    counter('ringway_proxy_memcached_commands_total', 'Commands on the memcached front.', () => [
      one(counters.memcachedCommands),
    ]),
    gauge('ringway_proxy_memcached_connections', 'Open connections on the memcached front.', () => [
      one(counters.memcachedConnections),
    ]),
    gauge('ringway_ring_epoch', 'Epoch of the topology in use; 0 before the first.', () => [
      one(routes.topology?.epoch ?? 0),
    ]),
  ];
}

function nodeMetrics(routes: Routes): Metric[] {
  const each = (read: (link: NodeLink) => number) => (): Sample[] =>
    routes.links.map((link) => one(read(link), { node: link.id }));
  return [
    counter(
      'ringway_proxy_node_requests_total',
      'Requests for keys of a node.',
      each((link) => link.requests),
    ),
    counter('ringway_proxy_node_failures_total', 'Failures of connections and requests to a node, by reason.', () =>
      routes.links.flatMap((link) =>
        [...link.failures].map(([code, count]) => one(count, { node: link.id, reason: code.slice(7).toLowerCase() })),
      ),
    ),
    counter(
      'ringway_proxy_node_refused_requests_total',
      'Requests not sent because the node was ejected.',
      each((link) => link.refusedWhileEjected),
    ),
    counter(
      'ringway_proxy_node_ejections_total',
      'Times this proxy took a node out.',
      each((link) => link.ejections),
    ),
    gauge(
      'ringway_proxy_node_up',
      'Whether this proxy sends to the node.',
      each((link) => Number(link.isUp)),
    ),
    gauge(
      'ringway_proxy_node_connections',
      'Connections to a node.',
      each((link) => link.connectionCount),
    ),
    gauge(
      'ringway_proxy_node_pending_requests',
      'Requests waiting for a node.',
      each((link) => link.pendingCount),
    ),
  ];
}

function counter(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'counter', samples };
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', samples };
}

function one(value: number, labels: Sample['labels'] = {}): Sample {
  return { value, labels };
}
