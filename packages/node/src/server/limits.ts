import { strict as assert } from 'node:assert';

/** Limits of the node's data port, with their units. Options may change the ones in SessionLimits. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest value copied into the output and received through the session's buffer. Larger ones are pinned, and reserved before they are read. */
export const COPY_VALUE_BYTES_MAX: number = 16 * KIB;

/** First size of the output buffer that all sessions share, and of its replacement when the kernel did not take it all. */
export const OUTPUT_BYTES_INITIAL: number = 64 * KIB;

/** Output gathered before it is written although the turn goes on. */
export const OUTPUT_BYTES_MAX: number = 256 * KIB;

/** Largest value that any option may allow: what the parser accepts before the engine is asked. */
export const VALUE_BYTES_LIMIT: number = 64 * MIB;

/** First size of a session's receive buffer. */
export const RECEIVE_BYTES_INITIAL: number = 4 * KIB;

/** How often connections are looked over for idleness and stalls, milliseconds. */
export const SWEEP_INTERVAL_MS = 1000;

/** Idle time after which the kernel begins to ask whether the peer is still there, milliseconds. */
export const KEEP_ALIVE_DELAY_MS = 60_000;

/** How long a closing node waits for clients to take what was written, milliseconds. */
export const CLOSE_TIMEOUT_MS = 2000;

export interface SessionLimits {
  /** Connections at one time; above it a client is told so and closed. */
  readonly connections: number;
  /** Bytes written and not taken by the kernel, above which a session neither reads nor executes. */
  readonly unsentBytes: number;
  /** Time without a byte from the client after which the connection is closed; 0 is never. */
  readonly idleMs: number;
  /** Time in which the client took none of what was written to it, or sent none of a large value, after which the connection is closed. */
  readonly stallMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  connections: 10_000,
  unsentBytes: MIB,
  idleMs: 0,
  stallMs: 60_000,
};

assert(COPY_VALUE_BYTES_MAX < OUTPUT_BYTES_MAX, 'a copied value fits the output');
assert(OUTPUT_BYTES_INITIAL <= OUTPUT_BYTES_MAX, 'the output starts below its limit');

/** A node with less could not keep its tables apart from its data. */
export const MEMORY_BYTES_MIN: number = 64 * 1024;
