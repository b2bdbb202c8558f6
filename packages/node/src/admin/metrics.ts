import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Engine } from '../engine/engine.ts';
import { CommandClass, FailureReason } from '../server/counters.ts';
import type { Counters } from '../server/counters.ts';
import { RINGWAY_VERSION } from '../version.ts';
import { registerHistogram } from './histogram-metric.ts';
import type { NodeState } from './state.ts';

export interface MetricsOptions {
  readonly engine: Engine;
  readonly counters: Counters;
  readonly state: () => NodeState;
}

/** Reasons for which a store is rejected. */
const REJECTED_WRITES = ['too_large', 'out_of_memory', 'versions_exhausted'] as const;

type Labels = Readonly<Record<string, string>>;
type Samples = () => readonly (readonly [value: number, labels?: Labels])[];

/** Builds metric families whose samples are read from the node's own numbers when they are scraped. */
class Families {
  readonly registry = new Registry();

  gauge(name: string, help: string, labelNames: readonly string[], samples: Samples): void {
    const { registry } = this;
    const collect = function (this: Gauge): void {
      for (const [value, labels = {}] of samples()) this.set(labels, value);
    };
    void new Gauge({ name, help, labelNames, registers: [registry], collect });
  }

  counter(name: string, help: string, labelNames: readonly string[], samples: Samples): void {
    const { registry } = this;
    const collect = function (this: Counter): void {
      this.reset();
      for (const [value, labels = {}] of samples()) this.inc(labels, value);
    };
    void new Counter({ name, help, labelNames, registers: [registry], collect });
  }
}

/** The node's metrics: `ringway_node_*`, `ringway_ring_version`, build info, and the library's process and runtime ones. */
export function createMetrics(options: MetricsOptions): Registry {
  const families = new Families();
  collectDefaultMetrics({ register: families.registry });
  addProcess(families, options);
  addCommands(families, options.counters);
  addStorage(families, options);
  addConnections(families, options);
  addOwnership(families, options);
  return families.registry;
}

function addProcess(families: Families, { state }: MetricsOptions): void {
  families.gauge('ringway_build_info', 'Version of this process; always 1.', ['version', 'runtime', 'role'], () => [
    [1, { version: RINGWAY_VERSION, runtime: `node ${process.versions.node}`, role: 'node' }],
  ]);
  families.gauge('ringway_node_info', 'Identity of this node; always 1.', ['node', 'cluster'], () => [
    [1, { node: state().id, cluster: state().cluster ?? '' }],
  ]);
}

function addCommands(families: Families, counters: Counters): void {
  const classes = Object.entries(CommandClass);
  const reasons = Object.entries(FailureReason);
  families.counter('ringway_node_commands_total', 'Commands executed.', ['command'], () =>
    classes.map(([command, index]) => [counters.commands[index] ?? 0, { command }]),
  );
  families.counter('ringway_node_command_failures_total', 'Commands refused.', ['command', 'reason'], () =>
    classes.flatMap(([command, commandClass]) =>
      reasons.map(([reason, index]) => [counters.failuresOf(commandClass, index), { command, reason }] as const),
    ),
  );
  families.counter('ringway_node_protocol_errors_total', 'Lines that were no well-formed command.', [], () => [
    [counters.protocolErrors],
  ]);
  registerHistogram(families.registry, {
    name: 'ringway_node_command_duration_seconds',
    help: 'Time of a command within the node; of pipelined commands the mean of their batch.',
    series: () => classes.map(([command, index]) => ({ labels: { command }, histogram: counters.durations[index] })),
  });
  families.counter('ringway_node_key_lookups_total', 'Keys asked for by reads.', [], () => [
    [counters.getHits + counters.getMisses],
  ]);
  families.counter('ringway_node_key_hits_total', 'Keys asked for by reads and found.', [], () => [[counters.getHits]]);
  families.counter('ringway_node_key_misses_total', 'Keys asked for by reads and not found.', ['reason'], () => [
    [counters.getMisses - counters.getExpired - counters.getFlushed, { reason: 'absent' }],
    [counters.getExpired, { reason: 'expired' }],
    [counters.getFlushed, { reason: 'flushed' }],
  ]);
  families.counter('ringway_node_rejected_writes_total', 'Stores refused for want of room.', ['reason'], () =>
    REJECTED_WRITES.map((reason) => [counters.failuresBy(FailureReason[reason]), { reason }]),
  );
  families.counter('ringway_node_misrouted_requests_total', 'Requests for partitions of other nodes.', [], () => [
    [counters.failuresBy(FailureReason.not_owner)],
  ]);
}

function addStorage(families: Families, { engine }: MetricsOptions): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    families.gauge(`ringway_node_${name}`, help, [], () => [[read()]]);
  const counter = (name: string, help: string, read: () => number): void =>
    families.counter(`ringway_node_${name}`, help, [], () => [[read()]]);
  gauge('items', 'Items held.', () => engine.stats().items);
  gauge('memory_used_bytes', 'Bytes of keys, values and overhead.', () => engine.stats().memoryUsedBytes);
  gauge('memory_limit_bytes', 'Limit of the bytes above.', () => engine.stats().memoryLimitBytes);
  gauge('memory_pinned_bytes', 'Bytes held for values being sent.', () => engine.stats().pinnedBytes);
  gauge('memory_reserved_bytes', 'Bytes held for values being received.', () => engine.stats().reservedBytes);
  counter('stores_total', 'Values stored.', () => engine.stats().storesTotal);
  counter('evictions_total', 'Live items dropped to make room.', () => engine.stats().evictionsTotal);
  counter('evicted_unread_total', 'Evicted items that were never read.', () => engine.stats().evictedUnreadTotal);
  counter('expirations_total', 'Expired items freed.', () => engine.stats().expirationsTotal);
  gauge('eviction_age_seconds', 'Idle time of the last evicted item.', () => engine.stats().evictionAgeMs / 1000);
}

function addConnections(families: Families, { counters, state }: MetricsOptions): void {
  families.gauge('ringway_node_connections', 'Open connections.', [], () => [[counters.connections]]);
  families.gauge('ringway_node_connections_limit', 'Most connections.', [], () => [[state().connections.limit]]);
  families.gauge('ringway_node_connection_buffer_bytes', 'Bytes in buffers of connections.', [], () => [
    [state().connections.bufferBytes],
  ]);
  families.counter('ringway_node_connections_opened_total', 'Connections accepted.', [], () => [
    [counters.connectionsOpened],
  ]);
  families.counter('ringway_node_rejected_connections_total', 'Connections refused at the limit.', [], () => [
    [counters.connectionsRejected],
  ]);
  families.counter('ringway_node_closed_connections_total', 'Connections closed by the node.', ['reason'], () => [
    [counters.idleCloses, { reason: 'idle' }],
    [counters.stallCloses, { reason: 'stalled' }],
  ]);
  families.counter('ringway_node_received_bytes_total', 'Bytes received.', [], () => [[counters.receivedBytes]]);
  families.counter('ringway_node_sent_bytes_total', 'Bytes sent.', [], () => [[counters.sentBytes]]);
}

function addOwnership(families: Families, { state }: MetricsOptions): void {
  families.gauge('ringway_ring_version', 'Epoch of the topology in use; 0 without one.', [], () => [[state().epoch]]);
  families.gauge('ringway_node_admitted', 'Whether the topology names this run of the node.', [], () => [
    [state().admitted ? 1 : 0],
  ]);
  families.gauge('ringway_node_owned_partitions', 'Partitions this node serves.', [], () => [
    [state().partitionsOwned],
  ]);
}
