import { randomBytes } from 'node:crypto';
import { hashKeyBytes, incarnationBytes } from '@ringway/ring';
import { Admin } from './admin/admin.ts';
import { createMetrics } from './admin/metrics.ts';
import type { NodeState } from './admin/state.ts';
import { createOwnership, createStandaloneOwnership } from './cluster/ownership.ts';
import type { Ownership } from './cluster/ownership.ts';
import { followTopology } from './cluster/topology-source.ts';
import type { TopologySource } from './cluster/topology-source.ts';
import type { Engine } from './engine/engine.ts';
import { MEMORY_BYTES_MAX } from './engine/segment/limits.ts';
import { createSegmentEngine } from './engine/segment/segment-engine.ts';
import { listenError, NodeError, NodeErrorCode } from './errors.ts';
import { silentLogger } from './logger.ts';
import type { Logger } from './logger.ts';
import { createClock } from './server/clock.ts';
import type { Clock } from './server/clock.ts';
import { Counters } from './server/counters.ts';
import type { NodeFacts } from './server/facts.ts';
import { DEFAULT_SESSION_LIMITS, MEMORY_BYTES_MIN, VALUE_BYTES_LIMIT } from './server/limits.ts';
import type { SessionLimits } from './server/limits.ts';
import { Listener } from './server/listener.ts';
import { Turn } from './server/turn.ts';
import { RINGWAY_VERSION } from './version.ts';

export interface Address {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface NodeOptions {
  /** Name of the node in the topology: printable, without spaces. */
  readonly id: string;
  readonly data: Address;
  /** No admin port when undefined. */
  readonly admin?: Address | undefined;
  readonly memoryBytes: number;
  readonly limits?: Partial<NodeLimits> | undefined;
  /** The cluster's topologies. Without it the node stands alone and owns everything, as a plain memcached. */
  readonly topologySource?: TopologySource | undefined;
  /** Name of the cluster; topologies of another one are refused. */
  readonly clusterName?: string | undefined;
  readonly logger?: Logger | undefined;
  /** This run of the node, hexadecimal; random when not given. */
  readonly incarnation?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Makes the output buffers; for tests, which fill them with a pattern. */
  readonly allocate?: ((bytes: number) => Uint8Array) | undefined;
}

export interface NodeLimits extends SessionLimits {
  /** Largest value, bytes; at most VALUE_BYTES_LIMIT. */
  readonly valueBytes: number;
}

/** A storage node. */
export interface StorageNode extends AsyncDisposable {
  /** Listens, first on the data port; once. Rejects with NODE_PORT_TAKEN; then nothing is left open. */
  start(): Promise<void>;
  /** Accepts no more, ends connections after what was executed has been sent, and resolves when all is closed. */
  close(): Promise<void>;
  /** Where it listens; undefined before start. */
  readonly dataAddress: Address | undefined;
  readonly adminAddress: Address | undefined;
  state(): NodeState;
}

const ID_PATTERN = /^[\x21-\x7e]{1,128}$/;
const INCARNATION_PATTERN = /^[0-9a-f]{16}$/;

/** Makes a node that is not yet listening. Throws NODE_OPTION. */
export function createNode(options: NodeOptions): StorageNode {
  checkOptions(options);
  return new RingwayNode(options);
}

function checkOptions({ id, memoryBytes, limits, incarnation }: NodeOptions): void {
  const refuse = (message: string): never => {
    throw new NodeError(NodeErrorCode.option, message);
  };
  if (!ID_PATTERN.test(id))
    refuse(`id must be 1 to 128 printable characters without spaces, not ${JSON.stringify(id)}`);
  if (!Number.isSafeInteger(memoryBytes) || memoryBytes < MEMORY_BYTES_MIN || memoryBytes > MEMORY_BYTES_MAX) {
    refuse(`memoryBytes must be a whole number from ${MEMORY_BYTES_MIN} to ${MEMORY_BYTES_MAX}, not ${memoryBytes}`);
  }
  if (incarnation !== undefined && !INCARNATION_PATTERN.test(incarnation)) {
    refuse(`incarnation must be ${2 * incarnationBytes} hexadecimal digits, not ${JSON.stringify(incarnation)}`);
  }
  const valueBytes = limits?.valueBytes;
  if (valueBytes !== undefined && !(valueBytes > 0 && valueBytes <= VALUE_BYTES_LIMIT)) {
    refuse(`limits.valueBytes must be 1 to ${VALUE_BYTES_LIMIT}, not ${valueBytes}`);
  }
}

class RingwayNode implements StorageNode {
  readonly #options: NodeOptions;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #engine: Engine;
  readonly #ownership: Ownership;
  readonly #counters = new Counters();
  readonly #facts: NodeFacts;
  readonly #listener: Listener;
  readonly #admin: Admin | undefined;
  #dataAddress: Address | undefined;
  #adminAddress: Address | undefined;
  #unfollow: () => void = () => {};
  #closed: Promise<void> | undefined;

  constructor(options: NodeOptions) {
    const limits: SessionLimits = { ...DEFAULT_SESSION_LIMITS, ...options.limits };
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? createClock();
    this.#engine = createSegmentEngine({
      memoryLimitBytes: options.memoryBytes,
      ...(options.limits?.valueBytes === undefined ? {} : { valueBytesMax: options.limits.valueBytes }),
    });
    this.#ownership = ownershipOf(options);
    this.#facts = { startedAtMs: this.#clock.nowMs(), limits, host: options.data.host, port: 0 };
    const turn = new Turn({
      engine: this.#engine,
      ownership: this.#ownership,
      counters: this.#counters,
      clock: this.#clock,
      facts: this.#facts,
      allocate: options.allocate ?? ((bytes) => Buffer.allocUnsafeSlow(bytes)),
    });
    this.#listener = new Listener({ turn, clock: this.#clock, limits });
    this.#admin = options.admin === undefined ? undefined : this.#createAdmin();
  }

  get dataAddress(): Address | undefined {
    return this.#dataAddress;
  }

  get adminAddress(): Address | undefined {
    return this.#adminAddress;
  }

  async start(): Promise<void> {
    const { data, admin, topologySource } = this.#options;
    if (topologySource !== undefined) {
      this.#unfollow = followTopology({
        source: topologySource,
        ownership: this.#ownership,
        engine: this.#engine,
        logger: this.#logger,
      });
    }
    try {
      this.#dataAddress = await listenOn(this.#listener, data);
      this.#facts.port = this.#dataAddress.port;
      if (this.#admin !== undefined && admin !== undefined) this.#adminAddress = await listenOn(this.#admin, admin);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#logger.info({ node: this.#options.id, data: this.#dataAddress, admin: this.#adminAddress }, 'node listens');
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  async #shutDown(): Promise<void> {
    this.#unfollow();
    await Promise.all([this.#listener.close(), this.#admin?.close()]);
    this.#logger.info({ node: this.#options.id }, 'node closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  state(): NodeState {
    const ownership = this.#ownership;
    const stats = this.#engine.stats();
    return {
      id: this.#options.id,
      incarnation: ownership.incarnation,
      role: 'node',
      version: RINGWAY_VERSION,
      cluster: ownership.cluster,
      epoch: ownership.epoch,
      digest: ownership.digest,
      admitted: ownership.admitted,
      partitionsOwned: ownership.partitionsOwned,
      items: stats.items,
      memory: { usedBytes: stats.memoryUsedBytes, limitBytes: stats.memoryLimitBytes },
      connections: {
        open: this.#counters.connections,
        limit: this.#facts.limits.connections,
        bufferBytes: this.#listener.bufferBytes,
      },
      uptimeSeconds: Math.floor((this.#clock.nowMs() - this.#facts.startedAtMs) / 1000),
    };
  }

  #createAdmin(): Admin {
    const state = (): NodeState => this.state();
    return new Admin({
      metrics: createMetrics({ engine: this.#engine, counters: this.#counters, state }),
      state,
      verify: () => this.#engine.verify(),
      unreadyReason: () => {
        if (this.#dataAddress === undefined) return 'the data port is not open';
        return this.#ownership.admitted ? undefined : 'the topology does not name this run of the node';
      },
    });
  }
}

function ownershipOf({ id, incarnation, clusterName, topologySource }: NodeOptions): Ownership {
  const options = {
    nodeId: id,
    incarnation: incarnation ?? randomBytes(incarnationBytes).toString('hex'),
    clusterName,
  };
  return topologySource === undefined
    ? createStandaloneOwnership(options, randomBytes(hashKeyBytes))
    : createOwnership(options);
}

async function listenOn(port: Listener | Admin, { host, port: number }: Address): Promise<Address> {
  try {
    const address = await port.listen(host, number);
    return { host: address.address, port: address.port };
  } catch (error) {
    throw listenError(error, host, number);
  }
}
