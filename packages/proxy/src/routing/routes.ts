import type { Sweeper } from '@ringway/client';
import { createRouter, keyHashOf, type KeyHash, type Member, type Router, type Topology } from '@ringway/ring';
import type { Log } from '../log.ts';
import { greetingFor } from './greeting.ts';
import { NodeLink } from './node-link.ts';

export interface RoutesOptions {
  readonly sweeper: Sweeper;
  readonly valueBytesMax: number;
  /** In [0, 1): jitter of waits. */
  readonly random: () => number;
  readonly log: Log;
}

/** Which node owns a key: the newest topology, compiled, and the links to its members. */
export interface Routes {
  /** One hash and two array reads. Undefined before the first topology. */
  linkOf(key: Uint8Array, start: number, end: number): NodeLink | undefined;
  /** Takes a topology; links to members that stay where they are stay open. */
  use(topology: Topology): void;
  readonly topology: Topology | undefined;
  readonly links: readonly NodeLink[];
  drain(): Promise<void>;
}

export function createRoutes(options: RoutesOptions): Routes {
  return new TopologyRoutes(options);
}

class TopologyRoutes implements Routes {
  readonly #options: RoutesOptions;
  #topology: Topology | undefined;
  #hash: KeyHash | undefined;
  #router: Router | undefined;
  /** In the order of the table's members: what the router answers indexes it. */
  #links: readonly NodeLink[] = [];

  constructor(options: RoutesOptions) {
    this.#options = options;
  }

  get topology(): Topology | undefined {
    return this.#topology;
  }

  get links(): readonly NodeLink[] {
    return this.#links;
  }

  linkOf(key: Uint8Array, start: number, end: number): NodeLink | undefined {
    const router = this.#router;
    if (router === undefined || this.#hash === undefined) return undefined;
    return this.#links[router.ownerOf(router.partitionOf(this.#hash.high(key, start, end)))];
  }

  use(topology: Topology): void {
    const members = new Map(topology.members.map((member) => [member.id, member]));
    const kept = new Map(this.#links.map((link) => [`${link.id} ${link.address}`, link]));
    const links = topology.table.members.map((id) => {
      const member = members.get(id);
      if (member === undefined) throw new Error(`the topology's table names ${id}, which is no member`);
      const link = kept.get(`${id} ${member.data}`);
      kept.delete(`${id} ${member.data}`);
      return link ?? this.#connect(member);
    });
    if (this.#topology?.hash.key !== topology.hash.key) this.#hash = keyHashOf(topology);
    this.#topology = topology;
    this.#router = createRouter(topology.table);
    this.#links = links;
    for (const link of kept.values()) void link.drain();
    this.#options.log.info({ epoch: topology.epoch, members: links.length }, 'topology in use');
  }

  async drain(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.drain()));
  }

  #connect(member: Member): NodeLink {
    const { sweeper, valueBytesMax, random, log } = this.#options;
    const current = (): Topology => {
      if (this.#topology === undefined) throw new Error('links exist only under a topology');
      return this.#topology;
    };
    const link = new NodeLink({
      id: member.id,
      address: member.data,
      sweeper,
      valueBytesMax,
      random,
      greeting: greetingFor(member.id, current),
      onHealth: (each, effect) => log.warn({ node: each.id, address: each.address }, `node ${effect}`),
    });
    link.warm();
    return link;
  }
}
