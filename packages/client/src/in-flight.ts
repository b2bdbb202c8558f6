import { strict as assert } from 'node:assert';
import type { Exchange } from './exchange.ts';

/**
 * The requests of one connection in the order their replies will come: a ring of slots.
 *
 *     head                      written                tail
 *      | sent, reply awaited  ...  | gathered this turn  |
 *
 * A slot whose exchange was given up (deadline) keeps its place, empty, so that its late reply is recognised and dropped.
 * Invariants: count <= capacity; slots outside [head, tail) are undefined.
 */
export class InFlight {
  #slots: (Exchange | undefined)[];
  #deadlinesMs: Float64Array;
  #mask: number;
  #head = 0;
  #count = 0;
  readonly #countMax: number;

  constructor(countMax: number) {
    const initial = 64;
    this.#slots = Array.from({ length: initial });
    this.#deadlinesMs = new Float64Array(initial);
    this.#mask = initial - 1;
    this.#countMax = countMax;
  }

  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count >= this.#countMax;
  }

  push(exchange: Exchange): void {
    assert(this.#count < this.#countMax, 'the caller checks full before it pushes');
    if (this.#count > this.#mask) this.#grow();
    const slot = (this.#head + this.#count) & this.#mask;
    this.#slots[slot] = exchange;
    this.#deadlinesMs[slot] = exchange.deadlineMs;
    this.#count++;
  }

  /** Takes the oldest slot out. Undefined: its exchange was given up before. */
  shift(): Exchange | undefined {
    assert(this.#count > 0, 'a reply is matched to a request that was made');
    const slot = this.#head;
    const exchange = this.#slots[slot];
    this.#slots[slot] = undefined;
    this.#head = (slot + 1) & this.#mask;
    this.#count--;
    return exchange;
  }

  /** The deadline of the oldest slot, given up or not. Infinity when nothing waits. */
  get headDeadlineMs(): number {
    return this.#count === 0 ? Infinity : (this.#deadlinesMs[this.#head] ?? Infinity);
  }

  /** Gives up every exchange whose deadline is not after nowMs; returns the earliest deadline that is left. */
  expire(nowMs: number, giveUp: (exchange: Exchange) => void): number {
    let earliest = Infinity;
    for (let i = 0; i < this.#count; i++) {
      const slot = (this.#head + i) & this.#mask;
      const exchange = this.#slots[slot];
      if (exchange === undefined) continue;
      if (exchange.deadlineMs > nowMs) {
        if (exchange.deadlineMs < earliest) earliest = exchange.deadlineMs;
        continue;
      }
      this.#slots[slot] = undefined;
      giveUp(exchange);
    }
    return earliest;
  }

  /** Empties the queue, oldest first. */
  drain(each: (exchange: Exchange) => void): void {
    while (this.#count > 0) {
      const exchange = this.shift();
      if (exchange !== undefined) each(exchange);
    }
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const slots: (Exchange | undefined)[] = Array.from({ length: size });
    const deadlinesMs = new Float64Array(size);
    for (let i = 0; i < this.#count; i++) {
      const from = (this.#head + i) & this.#mask;
      slots[i] = this.#slots[from];
      deadlinesMs[i] = this.#deadlinesMs[from] ?? Infinity;
    }
    this.#slots = slots;
    this.#deadlinesMs = deadlinesMs;
    this.#mask = size - 1;
    this.#head = 0;
  }
}
