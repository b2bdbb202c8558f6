/**
 * What the proxy counts: plain number fields, written on the hot path and read when Prometheus asks (admin/metrics.ts).
 * Totals only grow.
 */
export class Counters {
  gets = 0;
  puts = 0;
  deletes = 0;
  /** Reads of one key, over both fronts. hits / lookups is the hit ratio. */
  lookups = 0;
  hits = 0;
  /** Reads answered as a miss because their node could not be asked. */
  unavailableMisses = 0;
  /** Answers of status 4xx other than a plain miss. */
  rejected = 0;
  /** Answers of status 5xx. */
  failures = 0;
  notModified = 0;
  memcachedCommands = 0;
  memcachedConnections = 0;
}
