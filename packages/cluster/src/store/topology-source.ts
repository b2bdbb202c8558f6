import { setTimeout as delay } from 'node:timers/promises';
import { acceptTopology, type Topology } from '@ringway/ring';
import { ClusterError } from '../errors.ts';
import { LAST_GOOD_DELAY_MS } from '../limits.ts';
import type { Log } from '../log.ts';
import { readTopologyFile, writeTopologyFile } from './file-store.ts';
import type { TopologyStore } from './topology-store.ts';

export interface TopologySourceOptions {
  readonly store: TopologyStore;
  /** File for the copy of the newest document that was accepted, for a start while the store has none that is valid. */
  readonly lastGoodPath: string;
  readonly log: Log;
}

/** The newest document this process may go by. It follows the store, and never goes back. */
export interface TopologySource {
  current(): Topology | undefined;
  /** Calls back for each newer document; returns how to stop that. */
  subscribe(listener: (topology: Topology) => void): () => void;
  /** Looks at the store now, without waiting to be told of a change. */
  refresh(): Promise<void>;
  close(): void;
}

/** Reads the store, falls back to the last good document, and follows the store from then on. */
export async function openTopologySource(options: TopologySourceOptions): Promise<TopologySource> {
  const source = new StoreSource(options);
  await source.refresh();
  await source.fallBack();
  return source;
}

class StoreSource implements TopologySource {
  readonly #options: TopologySourceOptions;
  readonly #listeners = new Set<(topology: Topology) => void>();
  readonly #unwatch: () => void;
  readonly #closed = new AbortController();
  #current: Topology | undefined;
  #reading: Promise<void> | undefined;
  #readAgain = false;
  #lastRefusal = '';

  constructor(options: TopologySourceOptions) {
    this.#options = options;
    // Watched before it is first read: a change in between is then seen twice and not missed.
    this.#unwatch = options.store.watch(() => void this.refresh());
  }

  current(): Topology | undefined {
    return this.#current;
  }

  subscribe(listener: (topology: Topology) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One read at a time; asked for during one, another follows, since that one may have begun before the change. */
  refresh(): Promise<void> {
    if (this.#reading !== undefined) this.#readAgain = true;
    this.#reading ??= this.#readUntilQuiet();
    return this.#reading;
  }

  /** A broken file must not keep a proxy from starting that knew a good one yesterday. */
  async fallBack(): Promise<void> {
    if (this.#current !== undefined) return;
    const { lastGoodPath, log } = this.#options;
    const lastGood = await readTopologyFile(lastGoodPath).catch((error: unknown) => {
      log.warn({ error }, 'the last good topology cannot be used either');
      return undefined;
    });
    if (lastGood === undefined) return;
    log.warn({ epoch: lastGood.epoch }, 'the topology is the last good one, until the store has a valid one');
    this.#adopt(lastGood);
  }

  close(): void {
    this.#closed.abort();
    this.#unwatch();
    this.#listeners.clear();
  }

  async #readUntilQuiet(): Promise<void> {
    do {
      this.#readAgain = false;
      await this.#read();
    } while (this.#readAgain && !this.#closed.signal.aborted);
    this.#reading = undefined;
  }

  async #read(): Promise<void> {
    try {
      const offered = await this.#options.store.read();
      if (offered === undefined || this.#closed.signal.aborted) return;
      const acceptance = acceptTopology(this.#current, offered);
      if (acceptance.kind === 'accepted') this.#adopt(offered);
      if (acceptance.kind === 'refused') this.#refuse(acceptance.code, acceptance.reason);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.#refuse(error.code, error.message);
    }
  }

  #adopt(topology: Topology): void {
    this.#current = topology;
    this.#lastRefusal = '';
    for (const listener of this.#listeners) listener(topology);
    void this.#keep(topology);
  }

  /** Said once, however often the same document is found. */
  #refuse(code: string, reason: string): void {
    if (reason === this.#lastRefusal) return;
    this.#lastRefusal = reason;
    const epoch = this.#current?.epoch;
    this.#options.log.error({ code, reason, epoch }, 'a topology was refused; the last good one stays in use');
  }

  async #keep(topology: Topology): Promise<void> {
    const { lastGoodPath, log } = this.#options;
    try {
      await delay(LAST_GOOD_DELAY_MS, undefined, { ref: false, signal: this.#closed.signal });
      if (this.#current !== topology) return;
      const kept = await readTopologyFile(lastGoodPath).catch(() => undefined);
      if (kept?.epoch === topology.epoch && kept.digest === topology.digest) return;
      await writeTopologyFile(lastGoodPath, topology);
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      log.warn({ error }, 'the last good topology could not be kept');
    }
  }
}
