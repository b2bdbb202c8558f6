import { createOutput, type Output } from '@ringway/protocol';

/**
 * Replies in the order of their requests, though the nodes answer in any order. A request takes a slot when it is
 * read; the reply of the oldest unanswered slot is written straight to the session's output, that of a later one
 * waits in its slot.
 */
export class ReplyQueue {
  readonly #out: () => Output;
  #slots: Slot[] = [];
  /** Slots before it are answered and written. */
  #head = 0;

  /** @param out the session's output of this turn */
  constructor(out: () => Output) {
    this.#out = out;
  }

  get pendingCount(): number {
    return this.#slots.length - this.#head;
  }

  open(): Slot {
    const slot: Slot = { own: undefined, done: false };
    this.#slots.push(slot);
    return slot;
  }

  /** Where the reply of this slot is to be written now. Call settle when it is complete, in the same turn. */
  outputOf(slot: Slot): Output {
    if (this.#slots[this.#head] === slot) return this.#out();
    slot.own = createOutput(64);
    return slot.own;
  }

  settle(slot: Slot): void {
    slot.done = true;
    while (this.#head < this.#slots.length) {
      const head = this.#slots[this.#head];
      if (head === undefined || !head.done) break;
      if (head.own !== undefined) this.#out().copy(head.own.bytes, 0, head.own.length);
      this.#head++;
    }
    if (this.#head > 256 && this.#head * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
  }
}

export interface Slot {
  own: Output | undefined;
  done: boolean;
}
