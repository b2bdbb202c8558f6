import type { Topology } from '@ringway/ring';
import { ClusterError } from '../errors.ts';
import type { Log } from '../log.ts';
import { readIfValid } from '../store/read-if-valid.ts';
import type { TopologyStore, TopologyVersion } from '../store/topology-store.ts';
import { createSeed } from './document.ts';
import type { MemberSpec } from './member-view.ts';
import { createHttpProbe, type Probe } from './probe.ts';
import {
  isSettled,
  nextWakeMs,
  startController,
  step,
  type ControllerEffect,
  type ControllerEvent,
  type ControllerState,
} from './step.ts';

export interface ControllerOptions {
  readonly store: TopologyStore;
  readonly specs: readonly MemberSpec[];
  /** Finds the last good document; asked when the store has none that is valid. */
  readonly lastGood: () => Promise<Topology | undefined>;
  readonly log: Log;
  /** That many random bytes, for the names and secrets of a new cluster. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly nowMs: () => number;
  readonly probe?: Probe & Disposable;
}

/** A source of topologies for the process it runs in, which need not follow the store by itself. */
export interface Controller {
  /**
   * The document in force. Nothing while the members of this run are waited for: what is stored then names processes that
   * are gone or still start.
   */
  current(): Topology | undefined;
  /** Calls back for each newer document; returns how to stop that. */
  subscribe(listener: (topology: Topology) => void): () => void;
  /** The document was stored and every member that answers goes by it; resolves with the first such. */
  readonly settled: Promise<Topology>;
  /** Says that the process of a member was started, and by which incarnation it will go. */
  announce(id: string, incarnation: string): void;
  /** Stops; a document that is being stored is stored. */
  close(): Promise<void>;
}

/**
 * Runs the controller: carries out what `step` decides, and tells it what came of it. The caller holds the lease of the
 * store for as long as it runs.
 *
 * @throws {ClusterError} CLUSTER_STORE when the store cannot be read
 */
export async function runController(options: ControllerOptions): Promise<Controller> {
  const found = await readIfValid(options.store);
  const shell = new ControllerShell(options, found, found ?? (await options.lastGood()));
  shell.handle({ kind: 'ticked' });
  return shell;
}

class ControllerShell implements Controller {
  readonly settled: Promise<Topology>;
  readonly #options: ControllerOptions;
  readonly #probe: Probe & Disposable;
  readonly #settle: (topology: Topology) => void;
  readonly #listeners = new Set<(topology: Topology) => void>();
  #state: ControllerState;
  #current: Topology | undefined;
  #wake: NodeJS.Timeout | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ControllerOptions, found: Topology | undefined, stored: Topology | undefined) {
    this.#options = options;
    this.#probe = options.probe ?? createHttpProbe();
    ({ promise: this.settled, resolve: this.#settle } = Promise.withResolvers<Topology>());
    this.#state = startController({
      nowMs: options.nowMs(),
      specs: options.specs,
      seed: createSeed(options.randomBytes),
      stored,
      expected: found,
    });
  }

  current(): Topology | undefined {
    return this.#current;
  }

  subscribe(listener: (topology: Topology) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(id: string, incarnation: string): void {
    this.handle({ kind: 'announced', id, incarnation });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#wake);
    this.#probe[Symbol.dispose]();
    await this.#publishing;
  }

  handle(event: ControllerEvent): void {
    if (this.#closed) return;
    const nowMs = this.#options.nowMs();
    const [state, effects] = step(this.#state, event, nowMs);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (state.isInForce && state.stored !== undefined) this.#tell(state.stored);
    if (state.stored !== undefined && isSettled(state)) this.#settle(state.stored);
    clearTimeout(this.#wake);
    const wakeMs = nextWakeMs(state, nowMs);
    if (wakeMs !== Infinity)
      this.#wake = setTimeout(() => this.handle({ kind: 'ticked' }), Math.max(0, wakeMs - nowMs));
  }

  #tell(topology: Topology): void {
    if (topology === this.#current) return;
    this.#current = topology;
    for (const listener of this.#listeners) listener(topology);
  }

  #carryOut(effect: ControllerEffect): void {
    switch (effect.kind) {
      case 'probe':
        void this.#ask(effect.id, effect.admin);
        return;
      case 'publish':
        this.#publishing = this.#publish(effect.topology, effect.expected);
        return;
      case 'log':
        this.#options.log[effect.level](effect.fields, effect.message);
        return;
      default:
        return effect satisfies never;
    }
  }

  async #ask(id: string, admin: string): Promise<void> {
    let event: ControllerEvent = { kind: 'unanswered', id };
    try {
      const report = await this.#probe(admin);
      if (report.id === id) event = { kind: 'answered', id, report };
      else this.#options.log.warn({ admin, found: report.id }, `another node answers in place of ${id}`);
    } catch (error) {
      this.#options.log.debug({ error, admin }, `${id} does not answer`);
    }
    this.handle(event);
  }

  async #publish(topology: Topology, expected: TopologyVersion | undefined): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.write(topology, expected);
      this.handle({ kind: 'stored', topology });
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'CLUSTER_CONFLICT') {
        this.handle({ kind: 'found', topology: await readIfValid(store).catch(() => undefined) });
      } else {
        log.error({ error, epoch: topology.epoch }, 'the topology could not be stored; it is tried again');
        this.handle({ kind: 'storeFailed' });
      }
    }
  }
}
