import { connect, type Socket } from 'node:net';
import {
  createOutput,
  createResponseParser,
  ParseResult,
  type Output,
  type ProtocolLimits,
  type ResponseParser,
} from '@ringway/protocol';
import { ClientError, type ClientErrorCode } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { InFlight } from './in-flight.ts';
import * as limits from './limits.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

/** What is said first on a new connection, before any request is let through. */
export interface Greeting {
  write(out: Output): void;
  /** Undefined when the reply is the expected one, else what is wrong with it: the connection is then given up. */
  accept(reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number): string | undefined;
}

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly greeting?: Greeting | undefined;
  readonly protocolLimits?: Partial<ProtocolLimits> | undefined;
  readonly connectTimeoutMs: number;
  readonly onReady: () => void;
  /** The connection is over; every exchange on it has been told. `wasReady` is false when it never came up. */
  readonly onEnd: (error: ClientError, wasReady: boolean) => void;
  /** A reply came: the node is alive. */
  readonly onAlive: () => void;
}

/**
 * One pipelined connection. Requests gathered in one turn of the event loop leave in one write (setImmediate runs
 * right after the poll phase, so it gathers over all sockets that were readable in the turn); replies are matched to
 * requests by order.
 *
 *     connecting --> greeting --> ready --> draining --> ended
 *          \____________\___________\__________________^   (any error: every waiting exchange fails)
 *
 * Any byte that is not a well-formed reply to a request that was written ends the connection: after a surprise the
 * order of replies can no longer be trusted, and a reply given to the wrong request would be a wrong value.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #inFlight = new InFlight(limits.IN_FLIGHT_MAX);
  readonly #reply: ResponseParser;
  readonly #received = new ReceiveBuffer();
  #out: Output = newOutput();
  #state: 'connecting' | 'greeting' | 'ready' | 'draining' | 'ended' = 'connecting';
  #flushScheduled = false;
  /** Exchanges in #inFlight whose bytes are still in #out: a reply to one of them would be unsolicited. */
  #unwrittenCount = 0;
  /** Bytes the unfinished reply in #received needs in all; until then it is not parsed again. */
  #neededBytes = 0;
  /** No exchange is due before this time. A lower bound, made exact by each sweep that reaches it. */
  #earliestDeadlineMs = Infinity;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#reply = createResponseParser(options.protocolLimits);
    const buffer = Buffer.allocUnsafeSlow(limits.READ_BUFFER_BYTES);
    this.#socket = connect({
      host: options.host,
      port: options.port,
      noDelay: true,
      keepAlive: true,
      onread: {
        buffer,
        callback: (byteCount: number): boolean => {
          this.#onRead(buffer, byteCount);
          return true;
        },
      },
    });
    this.#socket.setTimeout(options.connectTimeoutMs, () => this.#onConnectTimeout());
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('error', (error) => this.#end(this.#lossCode(), error.message, error));
    this.#socket.on('close', () => this.#end(this.#lossCode(), 'the connection was closed'));
  }

  get pendingCount(): number {
    return this.#inFlight.count;
  }

  /** True while a request may be given to `send`. Requests given before the connection is up wait for it. */
  get isOpen(): boolean {
    return this.#state === 'connecting' || this.#state === 'greeting' || this.#state === 'ready';
  }

  /** Queues one request. Fails the exchange at once (nothing sent) when a bound is reached. */
  send(exchange: Exchange): void {
    if (!this.isOpen) return exchange.onFailure(this.#failure('CLIENT_CLOSED', 'the connection is closing', false));
    if (this.#inFlight.full || this.#socket.writableLength + this.#out.length > limits.UNSENT_BYTES_MAX) {
      return exchange.onFailure(this.#failure('CLIENT_QUEUE_FULL', 'too much waits for this node', false));
    }
    exchange.write(this.#out);
    this.#inFlight.push(exchange);
    this.#unwrittenCount++;
    if (exchange.deadlineMs < this.#earliestDeadlineMs) this.#earliestDeadlineMs = exchange.deadlineMs;
    this.#scheduleFlush();
  }

  /** Fails what is past its deadline; ends the connection when its oldest request is overdue by STALL_MS. */
  sweep(nowMs: number): void {
    if (nowMs < this.#earliestDeadlineMs && nowMs < this.#inFlight.headDeadlineMs + limits.STALL_MS) return;
    if (this.#state === 'connecting' || this.#state === 'greeting') {
      // Nothing was written yet. Giving up one request but writing it later would turn "not done" into a lie.
      return this.#end('CLIENT_CONNECT', 'the connection was not made before the first deadline');
    }
    this.#earliestDeadlineMs = this.#inFlight.expire(nowMs, (exchange) =>
      exchange.onFailure(this.#failure('CLIENT_TIMEOUT', 'no reply before the deadline', true)),
    );
    if (this.#inFlight.headDeadlineMs + limits.STALL_MS <= nowMs) {
      this.#end('CLIENT_TIMEOUT', 'the oldest request is long overdue');
    }
  }

  /** Takes no new request, waits for the replies that are due (their deadlines bound it), then closes. */
  drain(): void {
    if (this.#state !== 'ready') return this.#end('CLIENT_CLOSED', 'closed before it was ready');
    this.#state = 'draining';
    if (this.#inFlight.count === 0) this.#end('CLIENT_CLOSED', 'closed');
  }

  destroy(code: ClientErrorCode, message: string): void {
    this.#end(code, message);
  }

  #onConnect(): void {
    this.#socket.setTimeout(0);
    const greeting = this.#options.greeting;
    if (greeting === undefined) return this.#becomeReady();
    this.#state = 'greeting';
    const out = createOutput(256, allocate);
    greeting.write(out);
    this.#socket.write(out.bytes.subarray(0, out.length));
    this.#socket.setTimeout(this.#options.connectTimeoutMs);
  }

  #becomeReady(): void {
    this.#state = 'ready';
    this.#socket.setTimeout(0);
    this.#options.onReady();
    this.#scheduleFlush();
  }

  #onConnectTimeout(): void {
    if (this.#state === 'connecting') this.#end('CLIENT_CONNECT', 'the connection was not made in time');
    if (this.#state === 'greeting') this.#end('CLIENT_CONNECT', 'the greeting was not answered in time');
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#state === 'connecting' || this.#state === 'greeting') return;
    if (this.#out.length === 0) return;
    this.#flushScheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    if (this.#state === 'ended' || this.#out.length === 0) return;
    const out = this.#out;
    this.#unwrittenCount = 0;
    this.#socket.write(out.bytes.subarray(0, out.length));
    // The kernel took everything at once: the bytes are gone and the buffer is ours again. Otherwise the socket
    // still refers to it, and the next turn gathers into a new one.
    if (this.#socket.writableLength === 0 && out.bytes.length <= limits.WRITE_BUFFER_KEPT_BYTES) out.clear();
    else this.#out = newOutput();
  };

  #onRead(chunk: Uint8Array, byteCount: number): void {
    const received = this.#received;
    if (received.isEmpty) {
      const parsed = this.#parse(chunk, byteCount);
      if (parsed < byteCount) received.append(chunk, parsed, byteCount, this.#neededBytes);
      return;
    }
    received.append(chunk, 0, byteCount, this.#neededBytes);
    if (received.end < this.#neededBytes) return;
    const parsed = this.#parse(received.bytes, received.end);
    if (parsed === received.end) received.clear(limits.WRITE_BUFFER_KEPT_BYTES);
    else received.consume(parsed);
  }

  /** Hands out every whole reply of input[0, end). Returns how many bytes were used. */
  #parse(input: Uint8Array, end: number): number {
    const reply = this.#reply;
    let position = 0;
    this.#neededBytes = 0;
    while (position < end) {
      const bodyStart = reply.parse(input, position, end);
      if (bodyStart === ParseResult.needMore) break;
      if (bodyStart === ParseResult.error) return this.#surprise('the node sent bytes that are no reply', end);
      let next = bodyStart;
      let bodyEnd = bodyStart;
      if (reply.bodyBytes >= 0) {
        bodyEnd = bodyStart + reply.bodyBytes;
        next = bodyEnd + 2;
        if (next > end) {
          this.#neededBytes = next - position;
          reply.reset();
          break;
        }
        if (input[bodyEnd] !== 13 || input[bodyEnd + 1] !== 10) {
          return this.#surprise('the node sent a data block that does not end where it said', end);
        }
      }
      this.#deliver(input, bodyStart, bodyEnd);
      if (this.#state === 'ended') return end;
      position = next;
    }
    return position;
  }

  #deliver(input: Uint8Array, bodyStart: number, bodyEnd: number): void {
    if (this.#state === 'greeting') return this.#onGreeted(input, bodyStart, bodyEnd);
    if (this.#inFlight.count <= this.#unwrittenCount) {
      this.#surprise('the node sent a reply to nothing', 0);
      return;
    }
    const exchange = this.#inFlight.shift();
    this.#options.onAlive();
    exchange?.onReply(this.#reply, input, bodyStart, bodyEnd);
    if (this.#state === 'draining' && this.#inFlight.count === 0) this.#end('CLIENT_CLOSED', 'closed');
  }

  #onGreeted(input: Uint8Array, bodyStart: number, bodyEnd: number): void {
    const complaint = this.#options.greeting?.accept(this.#reply, input, bodyStart, bodyEnd);
    if (complaint === undefined) this.#becomeReady();
    else this.#end('CLIENT_IDENTITY', complaint);
  }

  #surprise(message: string, end: number): number {
    this.#end('CLIENT_PROTOCOL', message);
    return end;
  }

  #lossCode(): ClientErrorCode {
    return this.#state === 'connecting' ? 'CLIENT_CONNECT' : 'CLIENT_RESET';
  }

  #failure(code: ClientErrorCode, message: string, sent: boolean, cause?: unknown): ClientError {
    const where = `${this.#options.host}:${this.#options.port}`;
    return new ClientError(code, `${where}: ${message}`, cause === undefined ? { sent } : { sent, cause });
  }

  #end(code: ClientErrorCode, message: string, cause?: unknown): void {
    if (this.#state === 'ended') return;
    const wasReady = this.#state === 'ready' || this.#state === 'draining';
    this.#state = 'ended';
    this.#socket.destroy();
    // Written exchanges may have been executed; those still gathered here were certainly not.
    let writtenCount = this.#inFlight.count - this.#unwrittenCount;
    while (this.#inFlight.count > 0) {
      const exchange = this.#inFlight.shift();
      const sent = writtenCount > 0;
      writtenCount--;
      exchange?.onFailure(this.#failure(code, message, sent, cause));
    }
    this.#options.onEnd(this.#failure(code, message, false, cause), wasReady);
  }
}

function newOutput(): Output {
  return createOutput(limits.WRITE_BUFFER_BYTES, allocate);
}

/** Never from the shared pool: these buffers live long, and a slice would keep its whole slab. */
function allocate(bytes: number): Uint8Array {
  return Buffer.allocUnsafeSlow(bytes);
}
