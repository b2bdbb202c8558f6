import { createOutput, createRequestParser } from '@ringway/protocol';
import type { Output, RequestParser } from '@ringway/protocol';
import type { Ownership } from '../cluster/ownership.ts';
import { createKeyRef } from '../engine/key-ref.ts';
import type { KeyRef } from '../engine/key-ref.ts';
import type { Engine } from '../engine/engine.ts';
import type { PinnedValue, Reservation } from '../engine/large-value.ts';
import { createStoreRequest } from '../engine/store-request.ts';
import type { StoreRequest } from '../engine/store-request.ts';
import { createWord64 } from '../engine/word64.ts';
import type { Word64 } from '../engine/word64.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { NodeFacts } from './facts.ts';
import { OUTPUT_BYTES_INITIAL, VALUE_BYTES_LIMIT } from './limits.ts';
import { ReplyFields } from './reply-fields.ts';

/** Where replies leave by: the session whose commands are executed. */
export interface ReplySink {
  /** Sends what the output holds, then the value, and releases it when it is sent. */
  sendPinned(value: PinnedValue): void;
  /** To be asked within a long reply: sends what the output holds when that is much. True: stop, the client does not take any more. */
  relieve(): boolean;
}

const NO_SINK: ReplySink = {
  sendPinned: (value) => value.release(),
  relieve: () => false,
};

export interface TurnOptions {
  readonly engine: Engine;
  readonly ownership: Ownership;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly facts: NodeFacts;
  /** Makes output buffers; tests give one that fills them with a pattern. */
  readonly allocate: (bytes: number) => Uint8Array;
}

/**
 * What the commands of one read event are executed with. There is one turn in a node and its sessions take it by turns, so
 * parser, output and requests are reused for ever and a connection at rest holds none of them.
 */
export class Turn {
  readonly engine: Engine;
  readonly ownership: Ownership;
  readonly counters: Counters;
  readonly facts: NodeFacts;
  readonly request: RequestParser = createRequestParser({
    valueBytes: VALUE_BYTES_LIMIT,
    swallowBytes: VALUE_BYTES_LIMIT,
  });
  readonly key: KeyRef = createKeyRef();
  readonly store: StoreRequest = createStoreRequest(this.key);
  /** Scratch for the numbers of the request: version to compare with, version to give, delta. */
  readonly compare: Word64 = createWord64();
  readonly version: Word64 = createWord64();
  readonly delta: Word64 = createWord64();
  readonly fields: ReplyFields = new ReplyFields();
  /** When the turn began, whole milliseconds: the time of all its commands. */
  nowMs = 0;
  /** Commands executed in this turn. */
  commandCount = 0;
  out: Output;
  sink: ReplySink = NO_SINK;
  /** The value of a store command that was received into the engine; then `store` has no value. */
  reservation: Reservation | undefined;
  /** Key of a multi-key read to begin with: above 0 when the reply was interrupted. */
  keyIndex = 0;
  #startedMs = 0;
  readonly #clock: Clock;
  readonly #allocate: (bytes: number) => Uint8Array;

  constructor(options: TurnOptions) {
    this.engine = options.engine;
    this.ownership = options.ownership;
    this.counters = options.counters;
    this.facts = options.facts;
    this.#clock = options.clock;
    this.#allocate = options.allocate;
    this.out = createOutput(OUTPUT_BYTES_INITIAL, this.#allocate);
  }

  begin(sink: ReplySink): void {
    this.sink = sink;
    this.#startedMs = this.#clock.nowMs();
    this.nowMs = Math.floor(this.#startedMs);
    this.engine.advance(this.nowMs);
  }

  end(): void {
    this.sink = NO_SINK;
    if (this.commandCount === 0) return;
    const seconds = (this.#clock.nowMs() - this.#startedMs) / 1000;
    this.counters.time(this.request.kind, seconds / this.commandCount, this.commandCount);
    this.commandCount = 0;
  }

  /** Leaves the output's store to whoever still sends from it. */
  replaceOutput(): void {
    this.out = createOutput(OUTPUT_BYTES_INITIAL, this.#allocate);
  }
}
