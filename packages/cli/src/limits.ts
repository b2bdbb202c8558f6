/** Every bound of the command, with its unit. */

export const NODES_MAX = 64;
export const PORT_MAX = 65_535;

/** Distance between the data port and the admin port of a node started by `up`. */
export const ADMIN_PORT_OFFSET = 100;

/** Random bytes that tell one run of a node from another; as in the topology document. */
export const INCARNATION_BYTES = 8;

/** Ports tried one after another for each node before `up` gives up. */
export const PORTS_TRIED_MAX = 200;

/** A child that died is started again after the first, then after twice as long each time, up to the last. */
export const RESTART_MS_MIN = 100;
export const RESTART_MS_MAX = 10_000;

/** A child that lived this long starts its back-off from the beginning. */
export const RESTART_FORGIVEN_MS = 30_000;

/** Deaths of one child before the cluster was ever ready that are taken for a defect that no restart cures. */
export const START_DEATHS_MAX = 3;

/** Until a cluster that is starting is called stuck. */
export const START_TIMEOUT_MS = 30_000;

/** How long children may take to end by themselves before they are killed. */
export const STOP_TIMEOUT_MS = 5_000;

/**
 * A second signal this soon is the same key press that came by two ways (the terminal signals every process of the
 * group, and npm passes it on as well); later it means "now".
 */
export const SIGNAL_ECHO_MS = 500;

export const CONNECTIONS_MAX = 4_096;
export const TTL_SECONDS_MAX = 2_147_483_647;
export const REQUESTS_MAX: number = Number.MAX_SAFE_INTEGER;

/** Read from a trace at once. Small, since a few bytes of a compressed trace are very many requests. */
export const TRACE_CHUNK_BYTES: number = 16 * 1024;

/** A longer line means that the file is no text. */
export const TRACE_LINE_BYTES_MAX: number = 4 * 1024;

/** Blocks one line of an ARC trace may ask for; the published ones stay far below. */
export const TRACE_LINE_BLOCKS_MAX = 1_000_000;

/** Until an answer begins, and between two parts of it. */
export const REPLAY_REQUEST_TIMEOUT_MS = 10_000;

/** After a failed request its connection rests, so that a dead server is not asked in a tight loop. */
export const REPLAY_FAILURE_PAUSE_MS = 100;

/** Failures in a row after which a replay gives up. */
export const REPLAY_FAILURES_MAX = 1_000;

export const PROGRESS_BAR_MS = 200;
export const PROGRESS_LINE_MS = 5_000;

/** Until the admin API of a proxy or node is taken for unreachable. */
export const ADMIN_TIMEOUT_MS = 2_000;

/** Memory of a node: less is no use, more cannot be addressed by its engine. */
export const MEMORY_BYTES_MIN: number = 1024 * 1024;
export const MEMORY_BYTES_MAX: number = 32 * 1024 * 1024 * 1024;

/** Largest value the proxy takes by default. */
export const VALUE_BYTES_MAX: number = 8 * 1024 * 1024;
