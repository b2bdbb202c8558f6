/** Every bound of this package, with its unit. */

/** A change that the system did not announce (network file systems do not) is seen this much later. */
export const STORE_POLL_MS = 1_000;

/**
 * How long a reader waits before it keeps a copy of a document it accepted. The writer keeps one too, and then there is
 * nothing to do: on one machine a dozen processes follow the same file.
 */
export const LAST_GOOD_DELAY_MS = 1_000;

/** The file holds the secret of the hash: nobody but its owner may read it. */
export const TOPOLOGY_FILE_MODE = 0o600;

/** Bytes of the file that are read at most; the ring's own limit is in characters, all of them ASCII. */
export const TOPOLOGY_FILE_BYTES_MAX: number = 16 * 1024 * 1024;

/** How long the controller waits for all members before the table is made of those that answered. */
export const GATHER_MS = 5_000;

/** Between two questions to a member: while it is waited for, growing to the other, and for good. */
export const PROBE_MS_MIN = 25;
export const PROBE_MS_MAX = 1_000;

/** Until a question to a member counts as not answered. */
export const PROBE_TIMEOUT_MS = 1_000;

/** Bytes of a member's answer that are read at most. */
export const PROBE_BYTES_MAX: number = 64 * 1024;

/** A member that has not answered for this long is marked as down. A restart is quicker than that. */
export const DOWN_AFTER_MS = 3_000;

/** The same for one whose process was announced and has not answered yet: it may have to start on a busy machine. */
export const BOOT_MS = 10_000;

/** Until a document that could not be stored is tried again. */
export const PUBLISH_RETRY_MS = 500;

/** Random bytes in the name of a new cluster: enough to tell two of them apart in a log. */
export const CLUSTER_NAME_BYTES = 4;

/** Copies of each partition in a new cluster. */
export const REPLICAS = 1;

/** Epochs passed over when the stored document is lost and the last good one may not have been the newest. */
export const RECOVERY_EPOCH_GAP = 1_000;
