import { createKeyHash, createTopology, plan, reviseTopology } from '@ringway/ring';
import type { MemberInput, Topology } from '@ringway/ring';
import type { TopologySource } from '@ringway/node';

export const PARTITIONS = 64;
export const HASH_KEY = '0123456789abcdef';

export function member(id: string, incarnation: string, weight = 1): MemberInput {
  return {
    id,
    zone: 'z',
    weight,
    data: `${id}:7411`,
    admin: `${id}:7511`,
    incarnation: incarnation.padStart(16, '0'),
    state: 'active',
  };
}

export function firstTopology(members: readonly MemberInput[], cluster = 'test'): Topology {
  const table = plan(undefined, members, { partitions: PARTITIONS, replicas: 1 });
  return createTopology({ cluster, hashKey: HASH_KEY, members, table });
}

/** The next topology, planned for those members. */
export function nextTopology(current: Topology, members: readonly MemberInput[]): Topology {
  return reviseTopology(current, {
    members,
    table: plan(current.table, members, { partitions: PARTITIONS, replicas: 1 }),
  });
}

/** Who serves the key. */
export function ownerOf(topology: Topology, key: string): string {
  const hash = createKeyHash(Buffer.from(topology.hash.key, 'hex')).highLatin1(key);
  const partition = hash >>> (32 - Math.log2(topology.hash.partitions));
  return topology.table.members[topology.table.owners[partition]!]!;
}

/** Some keys that the member serves. */
export function keysOf(topology: Topology, id: string, count: number): string[] {
  const keys: string[] = [];
  for (let i = 0; keys.length < count; i++) if (ownerOf(topology, `key${i}`) === id) keys.push(`key${i}`);
  return keys;
}

/** A source that tells what it is told. */
export class ManualSource implements TopologySource {
  #current: Topology | undefined;
  readonly #listeners = new Set<(topology: Topology) => void>();

  constructor(current?: Topology) {
    this.#current = current;
  }

  current(): Topology | undefined {
    return this.#current;
  }

  subscribe(listener: (topology: Topology) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(topology: Topology): void {
    this.#current = topology;
    for (const listener of this.#listeners) listener(topology);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}
