import { ClientError, createPool, type Exchange, type Greeting, type Pool, type Sweeper } from '@ringway/client';
import { HEALTHY, stepHealth, type Health, type HealthEvent } from '../health/machine.ts';
import * as limits from '../limits.ts';

export interface NodeLinkOptions {
  readonly id: string;
  /** host:port of the node's data listener. */
  readonly address: string;
  readonly sweeper: Sweeper;
  readonly valueBytesMax: number;
  readonly greeting: Greeting;
  /** In [0, 1): jitter of waits. */
  readonly random: () => number;
  readonly onHealth: (link: NodeLink, effect: 'ejected' | 'readmitted') => void;
}

/** Everything this proxy has with one node: connections, its verdict on the node's health, and what it counted. */
export class NodeLink {
  readonly id: string;
  readonly address: string;
  readonly #sweeper: Sweeper;
  readonly #pool: Pool;
  readonly #random: () => number;
  readonly #onHealth: NodeLinkOptions['onHealth'];
  #health: Health = HEALTHY;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  requests = 0;
  refusedWhileEjected = 0;
  ejections = 0;
  readonly failures: Map<string, number> = new Map();

  constructor(options: NodeLinkOptions) {
    this.id = options.id;
    this.address = options.address;
    this.#sweeper = options.sweeper;
    this.#random = options.random;
    this.#onHealth = options.onHealth;
    const { host, port } = splitAddress(options.address);
    this.#pool = createPool({
      host,
      port,
      sweeper: options.sweeper,
      greeting: options.greeting,
      protocolLimits: { valueBytes: options.valueBytesMax },
      random: options.random,
      onAlive: () => {
        if (this.#health !== HEALTHY) this.#step({ kind: 'succeeded' });
      },
      onUp: () => this.#step({ kind: 'succeeded' }),
      onDown: (error) => this.noteFailure(error),
    });
  }

  get isUp(): boolean {
    return this.#health.kind === 'up';
  }

  get health(): Health['kind'] {
    return this.#health.kind;
  }

  get pendingCount(): number {
    return this.#pool.pendingCount;
  }

  get connectionCount(): number {
    return this.#pool.connectionCount;
  }

  send(exchange: Exchange, bulk = false): void {
    this.requests++;
    if (this.#health.kind === 'up') return this.#pool.send(exchange, bulk);
    this.refusedWhileEjected++;
    exchange.onFailure(new ClientError('CLIENT_UNAVAILABLE', `${this.address}: ejected`, { sent: false }));
  }

  warm(): void {
    this.#pool.warm();
  }

  /** Counts a failure, of a connection or (told by the exchange) of a request that timed out. */
  noteFailure(error: ClientError): void {
    if (error.code === 'CLIENT_CLOSED' || error.code === 'CLIENT_UNAVAILABLE') return;
    this.failures.set(error.code, (this.failures.get(error.code) ?? 0) + 1);
    // Losing a connection that worked may be a restart: the next request finds out by connecting.
    const refused = error.code === 'CLIENT_CONNECT' || error.code === 'CLIENT_IDENTITY';
    this.#step({ kind: 'failed', refused, nowMs: this.#sweeper.nowMs(), jitter: this.#random() });
  }

  async drain(): Promise<void> {
    this.#stopTimer();
    await this.#pool.drain();
  }

  close(): void {
    this.#stopTimer();
    this.#pool.close();
  }

  #step(event: HealthEvent): void {
    const [health, effect] = stepHealth(this.#health, event, {
      failureCountMax: limits.FAILURES_TO_EJECT,
      ejectionMsMin: limits.EJECTION_MS_MIN,
      ejectionMsMax: limits.EJECTION_MS_MAX,
    });
    this.#health = health;
    switch (effect) {
      case undefined:
        return;
      case 'probe':
        // Connecting and being greeted by the right node is the probe; a live connection is as good.
        return this.#probe();
      case 'readmitted':
        return this.#onHealth(this, effect);
      case 'ejected':
        this.ejections++;
        this.#waitToProbe();
        return this.#onHealth(this, effect);
      default:
        return effect satisfies never;
    }
  }

  #probe(): void {
    this.#pool.send({
      deadlineMs: this.#sweeper.nowMs() + limits.NODE_TIMEOUT_MS,
      write: (out) => out.ascii('mn\r\n'),
      onReply: () => this.#step({ kind: 'succeeded' }),
      onFailure: () => {
        // A failed connection may have told onDown already, which has ended the probe; a timeout has not.
        if (this.#health.kind !== 'probing') return;
        this.#step({ kind: 'failed', refused: true, nowMs: this.#sweeper.nowMs(), jitter: this.#random() });
      },
    });
  }

  #waitToProbe(): void {
    if (this.#closed || this.#health.kind !== 'ejected') return;
    const waitMs = Math.max(0, this.#health.untilMs - this.#sweeper.nowMs());
    this.#timer = setTimeout(() => this.#step({ kind: 'waited' }), waitMs);
    this.#timer.unref();
  }

  #stopTimer(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}

/** `host:port`, the host of an IPv6 address in brackets. */
export function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(colon + 1)) };
}
