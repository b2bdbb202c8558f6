/** Every bound of the client, with its unit. Full is a state with a name: see `ClientErrorCode`. */

/** Requests written or waiting on one connection; one more is refused with CLIENT_QUEUE_FULL. */
export const IN_FLIGHT_MAX: number = 4096;

/** Bytes waiting for one socket (written by us, not yet taken by the kernel); above it CLIENT_QUEUE_FULL. */
export const UNSENT_BYTES_MAX: number = 16 * 1024 * 1024;

/** The buffer one connection reads into. Replies that fit are parsed where they arrived. */
export const READ_BUFFER_BYTES: number = 64 * 1024;

/** Where a connection's output buffer starts; it grows with what one turn gathers. */
export const WRITE_BUFFER_BYTES: number = 16 * 1024;

/** An output buffer above this size is not kept after its write, so that one large value does not stay resident. */
export const WRITE_BUFFER_KEPT_BYTES: number = 256 * 1024;

/** A request of at least this many bytes travels on the bulk connection, out of the way of small ones. */
export const BULK_REQUEST_BYTES: number = 32 * 1024;

export const CONNECT_TIMEOUT_MS: number = 1_000;

/** How long the oldest request may be past its deadline before the whole connection is given up as stalled. */
export const STALL_MS: number = 1_000;

/** How often deadlines are looked at. A timeout is therefore noticed at most this late. */
export const DEADLINE_SWEEP_MS: number = 10;

export const RECONNECT_MS_MIN: number = 25;
export const RECONNECT_MS_MAX: number = 2_000;
