import { createSegmentEngine, createStoreRequest } from '@ringway/node/engine';
import type { Engine, StoreRequest } from '@ringway/node/engine';

export const KEY_BYTES = 24;
export const VALUE_BYTES = 100;
const MIB = 1024 * 1024;

/** An engine, and requests for it with numbered keys of 24 bytes and values of 100. No call of it allocates. */
export class EngineLoad {
  readonly engine: Engine;
  readonly request: StoreRequest = createStoreRequest();
  readonly #key = new Uint8Array(KEY_BYTES).fill(0x6b);
  readonly #target = new Uint8Array(64 * 1024);

  constructor(limitMib: number) {
    this.engine = createSegmentEngine({ memoryLimitBytes: limitMib * MIB });
    this.request.key.bytes = this.#key;
    this.request.key.end = KEY_BYTES;
    this.request.valueBytes = new Uint8Array(VALUE_BYTES).fill(0x76);
    this.request.valueEnd = VALUE_BYTES;
    this.engine.advance(1_000_000);
  }

  /** Points the request at a key. The hash comes for nothing: the owner of an engine has it already. */
  point(number: number): void {
    const { key } = this.request;
    for (let i = 0, rest = number; i < 8; i++, rest >>>= 4) this.#key[i] = 0x61 + (rest & 15);
    key.hashHigh = mix(number, 0x9e37_79b1);
    key.hashLow = mix(number, 0x85eb_ca6b);
  }

  set(number: number): number {
    this.point(number);
    return this.engine.store(this.request);
  }

  /** 1 for a hit, whose value is copied out. */
  get(number: number): number {
    this.point(number);
    if (!this.engine.find(this.request.key, false)) return 0;
    this.engine.copyValue(this.#target, 64, 0, this.engine.found.valueBytes);
    return 1;
  }

  fill(from: number, to: number): void {
    for (let i = from; i < to; i++) this.set(i);
  }
}

function mix(number: number, multiplier: number): number {
  let hash = Math.imul(number ^ 0x5bd1_e995, multiplier);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Calls in a second, in millions: the quickest of several rounds. Fails when a result is not the one expected. */
export function millionsPerSecond(
  count: number,
  rounds: number,
  expected: number,
  call: (i: number) => number,
): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    const start = performance.now();
    for (let i = 0; i < count; i++) sum += call(round * count + i);
    const ms = performance.now() - start;
    if (sum !== expected * count) throw new Error(`${sum} of ${expected * count}: a call did not do what is measured`);
    best = Math.max(best, count / ms / 1000);
  }
  return best;
}
