import type { Socket } from 'node:net';
import type { PinnedValue } from '../engine/large-value.ts';
import { OUTPUT_BYTES_MAX } from './limits.ts';
import type { ReplySink, Turn } from './turn.ts';

/**
 * The way out of a connection. Replies gather in the turn's output and leave in one write at the end of the turn; before
 * that only when they grow large, or when a pinned value follows, and then everything of the turn leaves in one writev.
 *
 * The output's store can be used again as soon as the kernel has taken its bytes, which it nearly always has when write()
 * returns. Otherwise the socket goes on reading from the store, and the turn gets another one.
 */
export class ReplyWriter implements ReplySink {
  readonly #socket: Socket;
  readonly #turn: Turn;
  readonly #unsentBytesMax: number;
  #corked = false;
  /** Bytes the client had taken when last looked at, and since when it has been so many. */
  #takenBytes = 0;
  #takenSinceMs: number;

  constructor(socket: Socket, turn: Turn, unsentBytesMax: number, nowMs: number) {
    this.#socket = socket;
    this.#turn = turn;
    this.#unsentBytesMax = unsentBytesMax;
    this.#takenSinceMs = nowMs;
  }

  /** The client has more to take than it may have. */
  get blocked(): boolean {
    return this.#socket.writableLength > this.#unsentBytesMax;
  }

  /** How long the client has been seen to take nothing of what waits for it, as far as repeated calls can tell. */
  stalledMs(nowMs: number): number {
    const waitingBytes = this.#socket.writableLength;
    const takenBytes = this.#socket.bytesWritten - waitingBytes;
    if (waitingBytes === 0 || takenBytes !== this.#takenBytes) {
      this.#takenBytes = takenBytes;
      this.#takenSinceMs = nowMs;
    }
    return nowMs - this.#takenSinceMs;
  }

  sendPinned(value: PinnedValue): void {
    if (!this.#corked) {
      this.#socket.cork();
      this.#corked = true;
    }
    this.#send();
    const { chunks } = value;
    const last = chunks.length - 1;
    chunks.forEach((chunk, i) => {
      this.#turn.counters.sentBytes += chunk.length;
      if (i < last) this.#socket.write(chunk);
      else this.#socket.write(chunk, () => value.release());
    });
  }

  relieve(): boolean {
    if (this.#turn.out.length > OUTPUT_BYTES_MAX) this.#send();
    if (!this.blocked) return false;
    this.#uncork();
    return this.blocked;
  }

  /** Sends all that the turn has to say. */
  flush(): void {
    this.#send();
    this.#uncork();
  }

  #send(): void {
    const { out, counters } = this.#turn;
    if (out.length === 0) return;
    counters.sentBytes += out.length;
    const socket = this.#socket;
    if (socket.writableLength > 0 || this.#corked) {
      socket.write(Buffer.copyBytesFrom(out.bytes, 0, out.length));
      out.clear();
      return;
    }
    socket.write(out.bytes.subarray(0, out.length));
    if (socket.writableLength === 0) out.clear();
    else this.#turn.replaceOutput();
  }

  #uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }
}
