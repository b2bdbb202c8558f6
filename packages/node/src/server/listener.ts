import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';
import type { Clock } from './clock.ts';
import { CLOSE_TIMEOUT_MS, KEEP_ALIVE_DELAY_MS, SWEEP_INTERVAL_MS } from './limits.ts';
import type { SessionLimits } from './limits.ts';
import { Session } from './session.ts';
import type { Turn } from './turn.ts';

export interface ListenerOptions {
  readonly turn: Turn;
  readonly clock: Clock;
  readonly limits: SessionLimits;
}

/** The data port: accepts connections up to the limit, and looks them over once a second. */
export class Listener {
  readonly #turn: Turn;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #server: Server;
  readonly #sessions = new Set<Session>();
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: ListenerOptions) {
    this.#turn = options.turn;
    this.#clock = options.clock;
    this.#limits = options.limits;
    // Half-open, so that the session decides when it ends its side: a client may end its own with commands still waiting.
    this.#server = createServer(
      { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS },
      (socket) => this.#accept(socket),
    );
  }

  /** Bytes of buffers that connections hold now. */
  get bufferBytes(): number {
    let bytes = 0;
    for (const session of this.#sessions) bytes += session.bufferBytes;
    return bytes;
  }

  /** Rejects with the error of listen(). */
  async listen(host: string, port: number): Promise<AddressInfo> {
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref();
    return this.#server.address() as AddressInfo;
  }

  /** Accepts no more, ends the connections, and waits until they are gone; those that take too long are cut. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    const nowMs = this.#clock.nowMs();
    for (const session of this.#sessions) session.close(nowMs);
    const cut = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
    }, CLOSE_TIMEOUT_MS);
    await closed;
    clearTimeout(cut);
  }

  #accept(socket: Socket): void {
    const { counters } = this.#turn;
    if (this.#sessions.size >= this.#limits.connections) {
      counters.connectionsRejected++;
      socket.on('error', () => {});
      socket.end('ERROR Too many open connections\r\n', () => socket.destroy());
      return;
    }
    const session = new Session(socket, this.#turn, this.#limits.unsentBytes, this.#clock.nowMs());
    this.#sessions.add(session);
    counters.connectionsOpened++;
    counters.connections = this.#sessions.size;
    socket.once('close', () => {
      this.#sessions.delete(session);
      counters.connections = this.#sessions.size;
    });
  }

  #sweep(): void {
    const { counters } = this.#turn;
    const nowMs = this.#clock.nowMs();
    for (const session of this.#sessions) {
      const end = session.sweep(nowMs, this.#limits);
      if (end === 'idle') counters.idleCloses++;
      else if (end === 'stalled') counters.stallCloses++;
    }
  }
}
