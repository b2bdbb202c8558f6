import { RequestKind } from '@ringway/protocol';
import { Histogram } from './histogram.ts';

/** Why a command failed although its line was well formed. */
export const FailureReason = {
  not_owner: 0,
  too_large: 1,
  out_of_memory: 2,
  non_numeric: 3,
  bad_data: 4,
  versions_exhausted: 5,
} as const;
export type FailureReason = (typeof FailureReason)[keyof typeof FailureReason];

/** Commands as metrics tell them apart: by what they do, not by how they are spelled. */
export const CommandClass = { get: 0, set: 1, delete: 2, touch: 3, incr: 4, other: 5 } as const;
export type CommandClass = (typeof CommandClass)[keyof typeof CommandClass];

const CLASS_COUNT = Object.keys(CommandClass).length;
const REASON_COUNT = Object.keys(FailureReason).length;

const classOfKind: Readonly<Record<keyof typeof RequestKind, CommandClass>> = {
  get: CommandClass.get,
  gets: CommandClass.get,
  gat: CommandClass.get,
  gats: CommandClass.get,
  metaGet: CommandClass.get,
  set: CommandClass.set,
  add: CommandClass.set,
  replace: CommandClass.set,
  append: CommandClass.set,
  prepend: CommandClass.set,
  cas: CommandClass.set,
  metaSet: CommandClass.set,
  delete: CommandClass.delete,
  metaDelete: CommandClass.delete,
  touch: CommandClass.touch,
  incr: CommandClass.incr,
  decr: CommandClass.incr,
  metaArithmetic: CommandClass.incr,
  metaNoop: CommandClass.other,
  metaDebug: CommandClass.other,
  stats: CommandClass.other,
  verbosity: CommandClass.other,
  flushAll: CommandClass.other,
  version: CommandClass.other,
  quit: CommandClass.other,
  shutdown: CommandClass.other,
  hello: CommandClass.other,
};

/** By RequestKind, whose numbers are dense. */
const CLASS_BY_KIND: Uint8Array = new Uint8Array(Object.keys(RequestKind).length);
for (const [name, kind] of Object.entries(RequestKind)) {
  CLASS_BY_KIND[kind] = classOfKind[name as keyof typeof RequestKind];
}

/** Upper bounds of the duration histogram, seconds. */
const DURATION_BOUNDS_SECONDS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1];

/**
 * What the data port has done since the start. Plain numbers, increased where things happen and never reset; `stats` and
 * /metrics both read them.
 */
export class Counters {
  /** By CommandClass. */
  readonly commands: Float64Array = new Float64Array(CLASS_COUNT);
  /** By CommandClass: time a command took; of pipelined commands the mean of their turn, under the class of the last. */
  readonly durations: readonly Histogram[] = Array.from(
    { length: CLASS_COUNT },
    () => new Histogram(DURATION_BOUNDS_SECONDS),
  );
  /** By CommandClass and FailureReason. */
  readonly #failures = new Float64Array(CLASS_COUNT * REASON_COUNT);
  /** Lines that were no command, or a malformed one. */
  protocolErrors = 0;
  flushes = 0;

  /** Keys asked for by reads, and what became of them. */
  getHits = 0;
  getMisses = 0;
  getExpired = 0;
  getFlushed = 0;
  stores = 0;
  /** By touch, gat, and mg with a time to live. */
  touchHits = 0;
  touchMisses = 0;
  deleteHits = 0;
  deleteMisses = 0;
  incrementHits = 0;
  incrementMisses = 0;
  decrementHits = 0;
  decrementMisses = 0;
  casHits = 0;
  casMisses = 0;
  casBadValue = 0;

  receivedBytes = 0;
  sentBytes = 0;
  connections = 0;
  connectionsOpened = 0;
  connectionsRejected = 0;
  idleCloses = 0;
  stallCloses = 0;

  count(kind: RequestKind): void {
    this.commands[CLASS_BY_KIND[kind] ?? 0]! += 1;
  }

  time(kind: RequestKind, seconds: number, times: number): void {
    this.durations[CLASS_BY_KIND[kind] ?? 0]?.observe(seconds, times);
  }

  fail(kind: RequestKind, reason: FailureReason): void {
    this.#failures[(CLASS_BY_KIND[kind] ?? 0) * REASON_COUNT + reason]! += 1;
  }

  failuresOf(commandClass: CommandClass, reason: FailureReason): number {
    return this.#failures[commandClass * REASON_COUNT + reason] ?? 0;
  }

  failuresBy(reason: FailureReason): number {
    let sum = 0;
    for (let i: number = reason; i < this.#failures.length; i += REASON_COUNT) sum += this.#failures[i] ?? 0;
    return sum;
  }
}
