import { setTimeout as pause } from 'node:timers/promises';
import { REPLAY_FAILURE_PAUSE_MS, REPLAY_FAILURES_MAX } from '../limits.ts';
import { Exchange, type Answer } from './exchange.ts';
import { Latency } from './latency.ts';
import { createReplayValues, type ReplayValues } from './replay-value.ts';
import type { Trace } from './trace.ts';

export interface PlayerOptions {
  readonly trace: Pick<Trace, 'next'>;
  readonly url: string;
  readonly namespace: string;
  readonly connections: number;
  readonly valueBytes: number;
  readonly ttlSeconds: number | undefined;
  /** Requests of the trace to play, all of them if there are fewer. */
  readonly requestsMax: number;
}

/** What has happened so far; read it at any time. */
export interface Tally {
  /** Requests of the trace that are done: a GET, and on a miss the PUT that fills it. */
  readonly requests: number;
  readonly hits: number;
  readonly misses: number;
  /** Hits whose bytes were not what was stored. */
  readonly corrupt: number;
  /** Failed requests by kind: the method, and the status or the system's name of the error. */
  readonly errors: ReadonlyMap<string, number>;
  readonly failed: number;
  readonly get: Latency;
  readonly put: Latency;
}

/**
 * Plays a trace the way app servers use a cache:
 *
 * 1. GET the key. 200 is a hit, and its bytes are compared with what belongs to the key.
 * 2. 404 is a miss: PUT the value, as if it had been fetched from where it really lives.
 * 3. Anything else is a failure, counted by kind; the replay goes on.
 *
 * Each connection takes the next request of the trace when it is done with its last one, so requests start in the order
 * of the trace, and as many as there are connections are under way.
 */
export function createPlayer(options: PlayerOptions): Player {
  return new TracePlayer(options);
}

export interface Player {
  readonly tally: Tally;
  /** Whether the end of the trace, or of what was asked for, was not reached. */
  readonly interrupted: boolean;
  /** Finishes what is under way and takes no more. */
  stop(): void;
  /** @throws what the trace throws when it is damaged; the requests before it are done */
  play(): Promise<void>;
}

class TracePlayer implements Player {
  readonly #options: PlayerOptions;
  readonly #values: ReplayValues;
  readonly #errors = new Map<string, number>();
  readonly #get = new Latency();
  readonly #put = new Latency();
  #started = 0;
  #requests = 0;
  #hits = 0;
  #misses = 0;
  #corrupt = 0;
  #failed = 0;
  #failuresInRow = 0;
  #stopped = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#values = createReplayValues(options.valueBytes);
  }

  get tally(): Tally {
    return {
      requests: this.#requests,
      hits: this.#hits,
      misses: this.#misses,
      corrupt: this.#corrupt,
      errors: this.#errors,
      failed: this.#failed,
      get: this.#get,
      put: this.#put,
    };
  }

  get interrupted(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
  }

  async play(): Promise<void> {
    const connections = Array.from({ length: this.#options.connections }, () => this.#playOn());
    const results = await Promise.allSettled(connections);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #playOn(): Promise<void> {
    const exchange = new Exchange({ ...this.#options, values: this.#values });
    try {
      for (let key = await this.#next(); key !== undefined; key = await this.#next()) {
        await this.#request(exchange, key);
      }
    } finally {
      await exchange.close();
    }
  }

  async #next(): Promise<string | undefined> {
    if (this.#stopped || this.#started === this.#options.requestsMax) return undefined;
    this.#started++;
    return this.#options.trace.next();
  }

  async #request(exchange: Exchange, key: string): Promise<void> {
    const read = await timed(this.#get, () => exchange.get(key));
    if (read.status === 200) {
      this.#hits++;
      if (!read.intact) this.#corrupt++;
      this.#failuresInRow = 0;
    } else if (read.status === 404) {
      this.#misses++;
      const write = await timed(this.#put, () => exchange.put(key));
      if (write.status >= 200 && write.status < 300) this.#failuresInRow = 0;
      else await this.#fail('PUT', write);
    } else {
      await this.#fail('GET', read);
    }
    this.#requests++;
  }

  async #fail(method: string, answer: Answer): Promise<void> {
    const kind = `${method} ${answer.failure ?? answer.status}`;
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
    this.#failed++;
    if (++this.#failuresInRow >= REPLAY_FAILURES_MAX) this.#stopped = true;
    await pause(REPLAY_FAILURE_PAUSE_MS);
  }
}

async function timed(latency: Latency, send: () => Promise<Answer>): Promise<Answer> {
  const startedMs = performance.now();
  const answer = await send();
  latency.record(performance.now() - startedMs);
  return answer;
}
