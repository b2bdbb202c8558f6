import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A raw connection: bytes out, bytes in, as latin1 text. */
export class Wire implements AsyncDisposable {
  readonly socket: Socket;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received.push(chunk);
      this.#receivedBytes += chunk.length;
      this.#wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    // A reset is an end like any other for who reads.
    socket.on('error', () => {});
  }

  /** To a port of this machine, or to a Unix socket. */
  static async open(target: number | string): Promise<Wire> {
    const socket =
      typeof target === 'string'
        ? connect({ path: target })
        : connect({ port: target, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Wire(socket);
  }

  send(data: string | Uint8Array): void {
    this.socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  /** Everything received, once that ends with `ending` or the connection is closed; forgets it. */
  async until(ending: string): Promise<string> {
    while (!this.#ended && !this.#tail(ending.length).endsWith(ending)) await this.#more();
    return this.#take();
  }

  /** Everything received up to the end of the connection. */
  async untilClosed(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#take();
  }

  /** Sends anything but `mn`, and returns the replies: what comes before the answer to an `mn` sent behind it, or before the end. */
  async ask(data: string | Uint8Array): Promise<string> {
    this.send(data);
    this.send('mn\r\n');
    const text = await this.until('MN\r\n');
    return text.endsWith('MN\r\n') ? text.slice(0, -4) : `${text}<closed>`;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  #tail(length: number): string {
    const last = this.#received.at(-1) ?? Buffer.alloc(0);
    if (last.length >= length || this.#received.length < 2) return last.toString('latin1');
    this.#received = [Buffer.concat(this.#received)];
    return this.#tail(length);
  }

  #take(): string {
    const text = Buffer.concat(this.#received).toString('latin1');
    this.#received = [];
    return text;
  }

  #more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }
}
