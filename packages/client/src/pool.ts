import type { ProtocolLimits } from '@ringway/protocol';
import { backoffMs } from './backoff.ts';
import { Connection, type Greeting } from './connection.ts';
import { ClientError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import * as limits from './limits.ts';
import type { Sweeper } from './sweeper.ts';

export interface PoolOptions {
  readonly host: string;
  readonly port: number;
  readonly sweeper: Sweeper;
  readonly greeting?: Greeting | undefined;
  readonly protocolLimits?: Partial<ProtocolLimits> | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** Jitter of the reconnect back-off: a number in [0, 1). */
  readonly random?: (() => number) | undefined;
  /** A connection came up. */
  readonly onUp?: (() => void) | undefined;
  /** A connection ended or could not be made. */
  readonly onDown?: ((error: ClientError) => void) | undefined;
  /** A reply arrived. Called for each: keep it to a field write. */
  readonly onAlive?: (() => void) | undefined;
}

/** The connections to one node. */
export interface Pool {
  /**
   * Sends one request. `bulk` requests (large values) take a connection of their own, opened at first use, so that
   * small ones do not wait behind them.
   * While the node is known to be unreachable the exchange fails at once with CLIENT_UNAVAILABLE.
   */
  send(exchange: Exchange, bulk?: boolean): void;
  readonly pendingCount: number;
  readonly connectionCount: number;
  /** Opens the main connection now instead of at the first request. */
  warm(): void;
  /** Replies that are due still arrive; new requests are refused. Resolves when every connection has ended. */
  drain(): Promise<void>;
  /** Ends every connection now; what waits on them fails. */
  close(): void;
}

export function createPool(options: PoolOptions): Pool {
  const lanes = [new Lane(options), new Lane(options)] as const;
  return {
    send: (exchange, bulk = false) => lanes[bulk ? 1 : 0].send(exchange),
    get pendingCount() {
      return lanes[0].pendingCount + lanes[1].pendingCount;
    },
    get connectionCount() {
      return Number(lanes[0].isConnected) + Number(lanes[1].isConnected);
    },
    warm: () => lanes[0].warm(),
    drain: async () => void (await Promise.all(lanes.map((lane) => lane.drain()))),
    close: () => lanes.forEach((lane) => lane.close()),
  };
}

/** One connection and its successors: reconnects with back-off, fails fast in between. */
class Lane {
  readonly #options: PoolOptions;
  #connection: Connection | undefined;
  #attempt = 0;
  #retryAtMs = 0;
  #closed = false;
  #onDrained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get pendingCount(): number {
    return this.#connection?.pendingCount ?? 0;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  send(exchange: Exchange): void {
    if (this.#connection === undefined && !this.#open()) {
      const { host, port } = this.#options;
      const code = this.#closed ? 'CLIENT_CLOSED' : 'CLIENT_UNAVAILABLE';
      return exchange.onFailure(new ClientError(code, `${host}:${port}: no connection`, { sent: false }));
    }
    this.#connection?.send(exchange);
  }

  warm(): void {
    if (this.#connection === undefined) this.#open();
  }

  drain(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    if (connection === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      connection.drain();
    });
  }

  close(): void {
    this.#closed = true;
    this.#connection?.destroy('CLIENT_CLOSED', 'the pool was closed');
  }

  readonly #onAlive = (): void => {
    this.#attempt = 0;
    this.#options.onAlive?.();
  };

  #open(): boolean {
    const { sweeper, host, port, greeting, protocolLimits } = this.#options;
    if (this.#closed || sweeper.nowMs() < this.#retryAtMs) return false;
    const connection = new Connection({
      host,
      port,
      greeting,
      protocolLimits,
      connectTimeoutMs: this.#options.connectTimeoutMs ?? limits.CONNECT_TIMEOUT_MS,
      onReady: () => this.#options.onUp?.(),
      onEnd: (error, wasReady) => this.#onEnd(connection, error, wasReady),
      onAlive: this.#onAlive,
    });
    this.#connection = connection;
    sweeper.add(connection);
    return true;
  }

  #onEnd(connection: Connection, error: ClientError, wasReady: boolean): void {
    this.#options.sweeper.delete(connection);
    if (this.#connection === connection) this.#connection = undefined;
    this.#attempt++;
    // A connection that had answered is worth one attempt at once: most ends are restarts and idle cuts.
    if (!wasReady || this.#attempt > 1) {
      const random = (this.#options.random ?? Math.random)();
      const range = { minMs: limits.RECONNECT_MS_MIN, maxMs: limits.RECONNECT_MS_MAX };
      this.#retryAtMs = this.#options.sweeper.nowMs() + backoffMs(this.#attempt, random, range);
    }
    this.#onDrained?.();
    if (!this.#closed) this.#options.onDown?.(error);
  }
}
