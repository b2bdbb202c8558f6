import type { Socket } from 'node:net';
import { ParseResult, Reply, writeErrorLine } from '@ringway/protocol';
import { CR, LF } from './byte.ts';
import { FailureReason } from './counters.ts';
import { admitUpload } from './execute/admit-upload.ts';
import { execute } from './execute/execute.ts';
import { Executed } from './execute/executed.ts';
import { CLOSE_TIMEOUT_MS, COPY_VALUE_BYTES_MAX } from './limits.ts';
import type { SessionLimits } from './limits.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { ReplyWriter } from './reply-writer.ts';
import type { Turn } from './turn.ts';
import { Upload } from './upload.ts';

/** Why the walk through the input stopped. */
const NEED_MORE = -1;
const INTERRUPTED = -2;
const CLOSING = -3;

/** Why a sweep ended a connection. */
export type SessionEnd = 'idle' | 'stalled' | 'closed';

/**
 * One connection: read all, execute all, write once.
 *
 *     chunk ──> whole commands ──> executed in place, replies gathered ──> one write
 *                  │  rest of the chunk ──> #waiting, until more comes
 *                  └─ a large value ──────> #upload, straight into the engine
 *
 * When the client does not take its replies, the session neither reads nor executes until it has; what it had read
 * already waits in #waiting, which so holds at most a chunk and the beginning of a command.
 */
export class Session {
  readonly #socket: Socket;
  readonly #turn: Turn;
  readonly #writer: ReplyWriter;
  readonly #waiting = new ReceiveBuffer();
  /** Bytes that must wait before another try to parse can succeed, short of a newline when #atLine. */
  #waitingBytesNeeded = 0;
  /** What is waited for is the end of a line. */
  #atLine = false;
  /** Bytes to throw away: the data block of a refused command. */
  #skipBytes = 0;
  #upload: Upload | undefined;
  /** Key that an interrupted multi-key read goes on with. */
  #keyIndex = 0;
  /** The client has ended its side. */
  #ended = false;
  /** Set when no further command is executed. */
  #closingSinceMs: number | undefined;
  #lastReceivedMs: number;

  constructor(socket: Socket, turn: Turn, unsentBytesMax: number, nowMs: number) {
    this.#socket = socket;
    this.#turn = turn;
    this.#writer = new ReplyWriter(socket, turn, unsentBytesMax, nowMs);
    this.#lastReceivedMs = nowMs;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onEnd());
    socket.on('close', () => this.#onClose());
    // What went wrong with a socket is told by 'close', which follows; there is nobody to answer.
    socket.on('error', () => {});
  }

  /** Bytes of buffers this connection holds now, what is waiting to be sent with them. */
  get bufferBytes(): number {
    return this.#waiting.capacity + this.#socket.writableLength;
  }

  /** Looked over by the listener's sweep: ends the connection when it is idle, stalled or slow to close, and says so. */
  sweep(nowMs: number, limits: SessionLimits): SessionEnd | undefined {
    const end = this.#overdue(nowMs, limits);
    if (end !== undefined) this.#socket.destroy();
    return end;
  }

  #overdue(nowMs: number, limits: SessionLimits): SessionEnd | undefined {
    const silentMs = nowMs - this.#lastReceivedMs;
    if (this.#writer.stalledMs(nowMs) > limits.stallMs) return 'stalled';
    if (this.#upload !== undefined && silentMs > limits.stallMs) return 'stalled';
    if (this.#closingSinceMs !== undefined) {
      return nowMs - this.#closingSinceMs > CLOSE_TIMEOUT_MS ? 'closed' : undefined;
    }
    return limits.idleMs > 0 && silentMs > limits.idleMs ? 'idle' : undefined;
  }

  /** Ends the connection once everything written is sent. What still comes in is read and thrown away. */
  close(nowMs: number): void {
    this.#closingSinceMs ??= nowMs;
    this.#socket.end();
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    const turn = this.#turn;
    turn.counters.receivedBytes += chunk.length;
    if (this.#closingSinceMs !== undefined) return;
    turn.begin(this.#writer);
    this.#lastReceivedMs = turn.nowMs;
    if (this.#waiting.length === 0) {
      const rest = this.#walk(chunk, 0, chunk.length);
      if (rest < chunk.length) this.#waiting.append(chunk.subarray(rest));
    } else {
      const complete = this.#atLine && chunk.includes(LF);
      this.#waiting.append(chunk);
      if (complete || this.#waiting.length >= this.#waitingBytesNeeded) this.#walkWaiting();
    }
    this.#finish();
  }

  /** The client has taken everything: what was read before is executed, then reading goes on. */
  #onDrain(): void {
    if (this.#closingSinceMs !== undefined || !this.#socket.isPaused()) return;
    this.#turn.begin(this.#writer);
    if (this.#waiting.length > 0) this.#walkWaiting();
    this.#finish();
    if (this.#writer.blocked) return;
    if (this.#ended) this.close(this.#turn.nowMs);
    else this.#socket.resume();
  }

  /** The client sends no more. It gets all its replies: 'end' can come while commands wait for the client to take some. */
  #onEnd(): void {
    this.#ended = true;
    if (!this.#socket.isPaused()) this.close(this.#turn.nowMs);
  }

  #onClose(): void {
    this.#closingSinceMs ??= this.#lastReceivedMs;
    this.#upload?.reservation.abort();
    this.#upload = undefined;
    this.#waiting.clear();
  }

  #walkWaiting(): void {
    const waiting = this.#waiting;
    waiting.consumeTo(this.#walk(waiting.bytes, waiting.start, waiting.end));
  }

  #finish(): void {
    this.#writer.flush();
    if (this.#closingSinceMs !== undefined) this.close(this.#closingSinceMs);
    else if (this.#writer.blocked) this.#socket.pause();
    this.#turn.end();
  }

  /** Executes the commands in bytes[start, end) and returns the offset of what must wait. */
  #walk(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const next = this.#step(bytes, at, end);
      if (next === CLOSING) {
        this.#closingSinceMs = this.#turn.nowMs;
        return end;
      }
      if (next < 0) return at;
      at = next;
      if (this.#writer.relieve()) {
        this.#waitFor(0, false);
        return at;
      }
    }
    return at;
  }

  /** One command, or what has come of it. Returns the offset behind it, or why there is none. */
  #step(bytes: Uint8Array, start: number, end: number): number {
    if (this.#skipBytes > 0) {
      const skipped = Math.min(this.#skipBytes, end - start);
      this.#skipBytes -= skipped;
      return start + skipped;
    }
    if (this.#upload !== undefined) return this.#receive(this.#upload, bytes, start, end);
    const { request } = this.#turn;
    const next = request.parse(bytes, start, end);
    if (next === ParseResult.error) return this.#refuse();
    if (next === ParseResult.needMore) {
      request.reset();
      // A line that comes in pieces is looked at again when it has doubled, so that looking stays linear in its length.
      return this.#waitFor(2 * (end - start), true);
    }
    if (request.bodyBytes < 0) return this.#execute(next);
    if (request.bodyBytes > COPY_VALUE_BYTES_MAX) return this.#beginUpload(bytes, start, next);
    const bodyEnd = next + request.bodyBytes;
    if (end < bodyEnd + 2) return this.#waitFor(bodyEnd + 2 - start, false);
    if (bytes[bodyEnd] !== CR || bytes[bodyEnd + 1] !== LF) return this.#refuseData();
    const { store } = this.#turn;
    store.valueBytes = bytes;
    store.valueStart = next;
    store.valueEnd = bodyEnd;
    return this.#execute(bodyEnd + 2);
  }

  #waitFor(bytes: number, atLine: boolean): number {
    this.#waitingBytesNeeded = bytes;
    this.#atLine = atLine;
    return NEED_MORE;
  }

  #execute(next: number): number {
    const turn = this.#turn;
    turn.keyIndex = this.#keyIndex;
    const executed = execute(turn);
    turn.commandCount++;
    this.#keyIndex = 0;
    if (executed === Executed.done) return next;
    if (executed === Executed.close) return CLOSING;
    this.#keyIndex = turn.keyIndex;
    this.#waitFor(0, false);
    return INTERRUPTED;
  }

  /** The line was refused: its error is answered and the data block that belongs to it skipped. */
  #refuse(): number {
    const { request, out, counters } = this.#turn;
    counters.protocolErrors++;
    writeErrorLine(out, request.errorLine);
    this.#skipBytes = request.errorSkipBytes;
    return request.errorFatal ? CLOSING : request.errorNext;
  }

  /** What stands behind the value is not CRLF: the announced length was wrong, and nobody can say where the next command begins. */
  #refuseData(): number {
    const { request, out, counters } = this.#turn;
    counters.fail(request.kind, FailureReason.bad_data);
    if (!request.noreply) out.ascii(Reply.badDataChunk);
    return CLOSING;
  }

  #beginUpload(bytes: Uint8Array, start: number, next: number): number {
    const { request, out } = this.#turn;
    const replyStart = out.length;
    const reservation = admitUpload(this.#turn);
    if (reservation === undefined) {
      if (request.noreply) out.length = replyStart;
      this.#skipBytes = request.bodyBytes + 2;
    } else {
      this.#upload = new Upload(Buffer.copyBytesFrom(bytes, start, next - start), reservation);
    }
    return next;
  }

  #receive(upload: Upload, bytes: Uint8Array, start: number, end: number): number {
    const next = upload.receive(bytes, start, end);
    if (!upload.complete) return next;
    this.#upload = undefined;
    const { request } = this.#turn;
    request.parse(upload.line, 0, upload.line.length);
    if (!upload.closedWell) {
      upload.reservation.abort();
      return this.#refuseData();
    }
    this.#turn.reservation = upload.reservation;
    return this.#execute(next);
  }
}
