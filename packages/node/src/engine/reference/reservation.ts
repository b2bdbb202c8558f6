import { assert } from '../assert.ts';
import type { Reservation } from '../large-value.ts';

/** A reservation of the reference engine: an array of its own, which becomes the value. */
export class ArrayReservation implements Reservation {
  readonly reservedBytes: number;
  readonly value: Uint8Array;
  readonly #giveBack: (reservation: ArrayReservation) => void;
  #filledBytes = 0;
  #open = true;

  constructor(valueBytes: number, reservedBytes: number, giveBack: (reservation: ArrayReservation) => void) {
    this.value = new Uint8Array(valueBytes);
    this.reservedBytes = reservedBytes;
    this.#giveBack = giveBack;
  }

  get valueBytes(): number {
    return this.value.length;
  }

  get filledBytes(): number {
    return this.#filledBytes;
  }

  write(source: Uint8Array, start: number, end: number): void {
    assert(this.#open, 'a reservation is written to while it is open');
    assert(this.#filledBytes + (end - start) <= this.value.length, 'a reservation is not overfilled');
    this.value.set(source.subarray(start, end), this.#filledBytes);
    this.#filledBytes += end - start;
  }

  /** Ends it as a value: the room goes back, to be taken again by the item. */
  close(): void {
    assert(this.#filledBytes === this.value.length, 'a stored reservation is full');
    this.abort();
  }

  abort(): void {
    assert(this.#open, 'a reservation ends once');
    this.#open = false;
    this.#giveBack(this);
  }
}
