import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createNode, type StorageNode } from '@ringway/node';
import { createProxy, type Proxy, type ProxyOptions } from '@ringway/proxy';
import {
  createTopology,
  plan,
  reviseTopology,
  serializeTopology,
  type MemberInput,
  type Topology,
} from '@ringway/ring';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A proxy and its nodes in this process, on free ports, under a topology that the test makes. */
export interface TestCluster extends AsyncDisposable {
  readonly http: Address;
  readonly memcached: Address;
  readonly admin: Address;
  readonly topology: Topology;
  /** Where node number `index`, from 0, listens for the memcached protocol. */
  nodeAddress(index: number): Address;
  /** Ends a node as a crash would, as far as its peers can tell. */
  stopNode(index: number): Promise<void>;
  /** Starts it again on its port; the topology still names the incarnation before. */
  restartNode(index: number): Promise<void>;
  /** Publishes a topology that admits every node's present incarnation. */
  admit(): void;
  /** Items in all nodes together. */
  itemCount(): Promise<number>;
  /** Moves the nodes' clocks on. */
  advanceClock(ms: number): void;
  /** Sends on a fresh connection to the memcached front and expects exactly this back; the pieces go out one by one. */
  memcachedSend(sent: string | readonly string[], expected: string | RegExp): Promise<string>;
}

export interface TestClusterOptions {
  readonly nodes: number;
  readonly valueBytesMax?: number;
  readonly timeouts?: ProxyOptions['timeouts'];
}

const PARTITIONS = 256;
const HASH_KEY = '0123456789abcdef';
const MEMORY_BYTES = 128 * 1024 * 1024;
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

export async function startTestCluster(options: TestClusterOptions): Promise<TestCluster> {
  const cluster = new InProcessCluster(options);
  await cluster.start();
  return cluster;
}

class InProcessCluster implements TestCluster {
  readonly #options: TestClusterOptions;
  readonly #nodes: StorageNode[] = [];
  readonly #listeners = new Set<(topology: Topology) => void>();
  #incarnations = 0;
  #members: MemberInput[] = [];
  #topology: Topology | undefined;
  #proxy: Proxy | undefined;
  #clockOffsetMs = 0;

  constructor(options: TestClusterOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (let i = 0; i < this.#options.nodes; i++) {
      // oxlint-disable-next-line no-await-in-loop
      await this.#startNode(i, 0);
    }
    this.admit();
    const { valueBytesMax, timeouts } = this.#options;
    this.#proxy = createProxy({
      http: ANY_PORT,
      memcached: ANY_PORT,
      admin: ANY_PORT,
      topologySource: this.#source(),
      valueBytesMax,
      timeouts,
      version: '1.6.0-test',
      log: silent,
    });
    await this.#proxy.start();
  }

  get http(): Address {
    return this.#running.httpAddress;
  }

  get memcached(): Address {
    const address = this.#running.memcachedAddress;
    if (address === undefined) throw new Error('the memcached front is off');
    return address;
  }

  get admin(): Address {
    return this.#running.adminAddress;
  }

  get topology(): Topology {
    if (this.#topology === undefined) throw new Error('the cluster has not started');
    return this.#topology;
  }

  nodeAddress(index: number): Address {
    const address = this.#nodes[index]?.dataAddress;
    if (address === undefined) throw new Error(`node ${index} does not listen`);
    return address;
  }

  async stopNode(index: number): Promise<void> {
    await this.#nodes[index]?.close();
  }

  async restartNode(index: number): Promise<void> {
    const [, port] = (this.#members[index]?.data ?? '').split(':');
    await this.#startNode(index, Number(port));
  }

  admit(): void {
    const members = this.#members;
    if (this.#topology === undefined) {
      const table = plan(undefined, members, { partitions: PARTITIONS, replicas: 1 });
      this.#topology = createTopology({ cluster: 'test', hashKey: HASH_KEY, members, table });
    } else {
      this.#topology = reviseTopology(this.#topology, { members });
    }
    for (const listener of this.#listeners) listener(this.#topology);
  }

  async itemCount(): Promise<number> {
    return this.#nodes.reduce((sum, node) => sum + node.state().items, 0);
  }

  advanceClock(ms: number): void {
    this.#clockOffsetMs += ms;
  }

  memcachedSend(sent: string | readonly string[], expected: string | RegExp): Promise<string> {
    return converse(this.memcached, typeof sent === 'string' ? [sent] : sent, expected);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy?.close();
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  get #running(): Proxy {
    if (this.#proxy === undefined) throw new Error('the cluster has not started');
    return this.#proxy;
  }

  async #startNode(index: number, port: number): Promise<void> {
    const id = `node-${index + 1}`;
    this.#incarnations++;
    const incarnation = this.#incarnations.toString(16).padStart(16, '0');
    const { valueBytesMax } = this.#options;
    // Metadata travels in front of a value, so a node takes a little more than the proxy does.
    const limits = valueBytesMax === undefined ? {} : { limits: { valueBytes: valueBytesMax + 1024 } };
    const origin = performance.timeOrigin;
    const node = createNode({
      id,
      data: { host: '127.0.0.1', port },
      memoryBytes: MEMORY_BYTES,
      topologySource: this.#source(),
      incarnation,
      clock: { nowMs: () => origin + performance.now() + this.#clockOffsetMs },
      ...limits,
    });
    await node.start();
    this.#nodes[index] = node;
    const data = `127.0.0.1:${this.nodeAddress(index).port}`;
    this.#members[index] = { id, zone: 'here', weight: 1, data, admin: '127.0.0.1:1', incarnation, state: 'active' };
    this.#members = [...this.#members];
  }

  #source(): {
    current: () => Topology | undefined;
    subscribe: (listener: (topology: Topology) => void) => () => void;
  } {
    return {
      current: () => this.#topology,
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
    };
  }
}

const ANY_PORT: Address = { host: '127.0.0.1', port: 0 };

/** Says something on a new connection and collects what comes back until it is what is expected, or for two seconds. */
export function converse(address: Address, pieces: readonly string[], expected: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true });
    let text = '';
    let ended = false;
    const isDone = (): boolean =>
      typeof expected === 'string'
        ? text.length >= expected.length && !(expected === '' && !ended)
        : expected.test(text);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const matches = typeof expected === 'string' ? text === expected : expected.test(text);
      if (matches) resolve(text);
      else reject(new Error(`expected ${JSON.stringify(String(expected))}, got ${JSON.stringify(text)}`));
    };
    const timer = setTimeout(finish, 2_000);
    socket.on('connect', () => void sendAll(socket.write.bind(socket), pieces));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (isDone()) finish();
    });
    socket.on('error', reject);
    socket.on('end', () => {
      ended = true;
      finish();
    });
  });
}

/** One piece a turn, so that they arrive as reads of their own. */
async function sendAll(write: (bytes: Buffer) => void, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    write(Buffer.from(piece, 'latin1'));
    // oxlint-disable-next-line no-await-in-loop
    await new Promise(setImmediate);
  }
}

/** Writes a topology as the controller would, with some members behind other addresses. */
export function writeTopologyFile(path: string, topology: Topology, data: Readonly<Record<string, string>> = {}): void {
  const members = topology.members.map((member) => ({ ...member, data: data[member.id] ?? member.data }));
  writeFileSync(path, serializeTopology(reviseTopology(topology, { members })), { mode: 0o600 });
}
