import type { Socket } from 'node:net';
import { ReceiveBuffer } from '@ringway/client';
import {
  createOutput,
  createRequestParser,
  ParseResult,
  Reply,
  RequestKind,
  writeErrorLine,
  writeStat,
  writeVersion,
  type Output,
  type RequestParser,
} from '@ringway/protocol';
import type { Counters } from '../counters.ts';
import * as limits from '../limits.ts';
import type { NodeLink } from '../routing/node-link.ts';
import type { Routes } from '../routing/routes.ts';
import { keyCommand, readCommand, storeCommand, type Translation, type WireKey } from './commands.ts';
import { failAsError, failAsMiss, Relay } from './relay.ts';
import { ReplyQueue } from './reply-queue.ts';

export interface SessionOptions {
  readonly routes: Routes;
  readonly counters: Counters;
  readonly namespace: string;
  readonly version: string;
  readonly valueBytesMax: number;
  readonly nowMs: () => number;
}

/**
 * One memcached connection. Commands are sent on as they are read, so a pipeline is in flight on many nodes at once;
 * replies go back in the order of the commands, in one write per turn.
 *
 * Reading stops while too much is in flight or the client does not take its replies: a client can make itself slow,
 * never the proxy large.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #parser: RequestParser;
  readonly #received = new ReceiveBuffer();
  #out: Output = newOutput();
  #replies = new ReplyQueue(() => this.#out);
  #neededBytes = 0;
  /** Bytes of a refused command's data block that are still to come and to be thrown away. */
  #skipBytes = 0;
  #flushScheduled = false;
  #ending = false;
  readonly #wireKey: Buffer;
  readonly #prefixBytes: number;

  constructor(socket: Socket, options: SessionOptions) {
    this.#options = options;
    this.#socket = socket;
    this.#parser = createRequestParser({ valueBytes: options.valueBytesMax });
    this.#wireKey = Buffer.allocUnsafeSlow(2 * limits.WIRE_KEY_BYTES_MAX);
    this.#prefixBytes = this.#wireKey.write(`${options.namespace}/`, 'latin1');
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#resume());
    socket.on('error', () => socket.destroy());
  }

  #onData(chunk: Uint8Array): void {
    if (this.#ending) return;
    const received = this.#received;
    if (received.isEmpty) {
      const used = this.#execute(chunk, chunk.length);
      if (used < chunk.length) received.append(chunk, used, chunk.length, this.#neededBytes);
    } else {
      received.append(chunk, 0, chunk.length, this.#neededBytes);
      if (received.end >= this.#neededBytes) {
        const used = this.#execute(received.bytes, received.end);
        if (used >= received.end) received.clear(limits.MEMCACHED_UNSENT_BYTES_MAX);
        else received.consume(used);
      }
    }
    this.#scheduleFlush();
    if (this.#isFull()) this.#socket.pause();
  }

  /** Executes every whole command of input[0, end). Returns how many bytes were used. */
  #execute(input: Uint8Array, end: number): number {
    let position = 0;
    this.#neededBytes = 0;
    while (position < end && !this.#ending) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, end - position);
        this.#skipBytes -= skipped;
        position += skipped;
        continue;
      }
      const next = this.#executeOne(input, position, end);
      if (next === ParseResult.needMore) break;
      position = next;
    }
    return this.#ending ? end : position;
  }

  #executeOne(input: Uint8Array, position: number, end: number): number {
    const parser = this.#parser;
    const bodyStart = parser.parse(input, position, end);
    if (bodyStart === ParseResult.needMore) return ParseResult.needMore;
    if (bodyStart === ParseResult.error) return this.#refuse(parser);
    if (parser.bodyBytes < 0) {
      this.#command(parser);
      return bodyStart;
    }
    const bodyEnd = bodyStart + parser.bodyBytes;
    if (bodyEnd + 2 > end) {
      this.#neededBytes = bodyEnd + 2 - position;
      parser.reset();
      return ParseResult.needMore;
    }
    if (input[bodyEnd] !== 13 || input[bodyEnd + 1] !== 10) {
      this.#say((out) => out.ascii(Reply.badDataChunk));
      this.#endAfterReplies();
      return end;
    }
    this.#store(parser, input, bodyStart, bodyEnd);
    return bodyEnd + 2;
  }

  #refuse(parser: RequestParser): number {
    const line = parser.errorLine;
    if (line !== '') this.#say((out) => writeErrorLine(out, line));
    this.#skipBytes = parser.errorSkipBytes;
    if (parser.errorFatal) this.#endAfterReplies();
    return parser.errorNext;
  }

  #command(request: RequestParser): void {
    const { kind } = request;
    this.#options.counters.memcachedCommands++;
    switch (kind) {
      case RequestKind.get:
      case RequestKind.gets:
      case RequestKind.gat:
      case RequestKind.gats:
        return this.#read(request);
      case RequestKind.delete:
      case RequestKind.touch:
      case RequestKind.incr:
      case RequestKind.decr:
        return this.#route(request, keyCommand);
      case RequestKind.metaNoop:
        return this.#say((out) => out.ascii(Reply.metaNoop));
      case RequestKind.verbosity:
        return this.#sayUnlessQuiet(request, (out) => out.ascii(Reply.ok));
      case RequestKind.version:
        return this.#say((out) => writeVersion(out, this.#options.version));
      case RequestKind.stats:
        return this.#say((out) => this.#stats(out));
      case RequestKind.quit:
        return this.#endAfterReplies();
      default:
        return this.#sayUnlessQuiet(request, (out) =>
          writeErrorLine(out, 'SERVER_ERROR this command is not supported through the proxy'),
        );
    }
  }

  #read(request: RequestParser): void {
    for (let i = 0; i < request.keyCount; i++) {
      const start = request.keyStarts[i] ?? 0;
      const end = request.keyEnds[i] ?? 0;
      const key = this.#keyOf(request.input, start, end);
      this.#options.counters.lookups++;
      // A key that is too long with its namespace cannot have been stored: it is a miss.
      if (key === undefined) continue;
      const link = this.#linkOf(key);
      if (link === undefined) continue;
      this.#relay(link, readCommand(request, key, this.#options.counters), failAsMiss);
    }
    this.#say((out) => out.ascii(Reply.end));
  }

  #store(request: RequestParser, bytes: Uint8Array, start: number, end: number): void {
    this.#options.counters.memcachedCommands++;
    this.#route(request, (each, key) => storeCommand(each, key, { bytes, start, end }));
  }

  #route(request: RequestParser, translate: (request: RequestParser, key: WireKey) => Translation | undefined): void {
    const key = this.#keyOf(request.keyBytes, request.keyStart, request.keyEnd);
    if (key === undefined) {
      return this.#sayUnlessQuiet(request, (out) =>
        writeErrorLine(out, 'CLIENT_ERROR key too long with its namespace'),
      );
    }
    const translation = translate(request, key);
    if (translation === undefined) {
      return this.#sayUnlessQuiet(request, (out) =>
        writeErrorLine(out, 'SERVER_ERROR this command is not supported through the proxy'),
      );
    }
    const link = this.#linkOf(key);
    if (link === undefined) {
      return this.#sayUnlessQuiet(request, (out) => writeErrorLine(out, 'SERVER_ERROR no topology yet'));
    }
    this.#relay(link, translation, failAsError, request.noreply);
  }

  #relay(link: NodeLink, translation: Translation, fail: typeof failAsError, quiet = false): void {
    const slot = this.#replies.open();
    const answer = (reply: (out: Output) => void): void => {
      reply(quiet ? NOWHERE : this.#replies.outputOf(slot));
      NOWHERE.clear();
      this.#replies.settle(slot);
      this.#scheduleFlush();
    };
    const deadlineMs = this.#options.nowMs() + limits.NODE_TIMEOUT_MS;
    link.send(new Relay({ link, deadlineMs, ...translation, fail, answer }));
  }

  #linkOf(key: WireKey): NodeLink | undefined {
    return this.#options.routes.linkOf(key.bytes, 0, key.length);
  }

  #keyOf(source: Uint8Array, start: number, end: number): WireKey | undefined {
    const length = this.#prefixBytes + end - start;
    if (length > limits.WIRE_KEY_BYTES_MAX) return undefined;
    this.#wireKey.set(source.subarray(start, end), this.#prefixBytes);
    return { bytes: this.#wireKey, length, ownStart: this.#prefixBytes };
  }

  #say(reply: (out: Output) => void): void {
    const slot = this.#replies.open();
    reply(this.#replies.outputOf(slot));
    this.#replies.settle(slot);
  }

  #sayUnlessQuiet(request: RequestParser, reply: (out: Output) => void): void {
    if (!request.noreply) this.#say(reply);
  }

  #stats(out: Output): void {
    const { counters, version, routes } = this.#options;
    writeStat(out, 'version', version);
    writeStat(out, 'curr_connections', counters.memcachedConnections);
    writeStat(out, 'cmd_get', counters.lookups);
    writeStat(out, 'get_hits', counters.hits);
    writeStat(out, 'ringway_nodes', routes.links.length);
    out.ascii(Reply.end);
  }

  #isFull(): boolean {
    return (
      this.#replies.pendingCount > limits.MEMCACHED_PENDING_COUNT_MAX ||
      this.#socket.writableLength > limits.MEMCACHED_UNSENT_BYTES_MAX
    );
  }

  #resume(): void {
    if (this.#socket.isPaused() && !this.#isFull() && !this.#ending) this.#socket.resume();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    if (this.#socket.destroyed) return;
    if (this.#out.length > 0) {
      this.#socket.write(this.#out.bytes.subarray(0, this.#out.length));
      // What the kernel did not take is still referred to by the socket.
      if (this.#socket.writableLength === 0) this.#out.clear();
      else this.#out = newOutput();
    }
    if (this.#ending && this.#replies.pendingCount === 0) this.#socket.end(() => this.#socket.destroy());
    else this.#resume();
  };

  /** Reads no further command; the connection ends after the replies that are due, or when the client takes none. */
  end(): void {
    this.#endAfterReplies();
  }

  #endAfterReplies(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#socket.setTimeout(limits.NODE_TIMEOUT_MS * 2, () => this.#socket.destroy());
    this.#scheduleFlush();
  }
}

/** Where replies go that nobody wants. */
const NOWHERE: Output = createOutput(64);

function newOutput(): Output {
  return createOutput(16 * 1024);
}
