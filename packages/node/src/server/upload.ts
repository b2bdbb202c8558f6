import { LF, CR } from './byte.ts';
import type { Reservation } from '../engine/large-value.ts';

/**
 * A large value on its way in: the command's line, kept to be executed when the value is whole, and the room reserved for it.
 * The value's bytes go from the socket's chunk into the engine, through no buffer of ours.
 */
export class Upload {
  /** The command's line, newline included. */
  readonly line: Uint8Array;
  readonly reservation: Reservation;
  /** Bytes of the closing CRLF that have come. */
  #closingBytes = 0;
  #closedWell = true;

  constructor(line: Uint8Array, reservation: Reservation) {
    this.line = line;
    this.reservation = reservation;
  }

  /** Value and CRLF are there. */
  get complete(): boolean {
    return this.#closingBytes === 2;
  }

  /** What stood behind the value was CRLF. */
  get closedWell(): boolean {
    return this.#closedWell;
  }

  /** Takes what it needs from bytes[start, end) and returns the offset of the rest. */
  receive(bytes: Uint8Array, start: number, end: number): number {
    const { reservation } = this;
    const missing = reservation.valueBytes - reservation.filledBytes;
    let at = Math.min(end, start + missing);
    if (at > start) reservation.write(bytes, start, at);
    if (reservation.filledBytes < reservation.valueBytes) return at;
    while (at < end && this.#closingBytes < 2) {
      if (bytes[at] !== (this.#closingBytes === 0 ? CR : LF)) this.#closedWell = false;
      this.#closingBytes++;
      at++;
    }
    return at;
  }
}
