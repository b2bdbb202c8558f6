/** Longest relative time to live, seconds: what is above is an absolute Unix time (memcached's protocol.txt, "Expiration times"). */
const RELATIVE_SECONDS_MAX = 60 * 60 * 24 * 30;

/** A deadline that has passed on every clock. */
const PAST_MS = 1;

/** Deadline of an exptime as clients send it: 0 is never, negative is already over. Milliseconds; 0 is never. */
export function deadlineOf(exptimeSeconds: number, nowMs: number): number {
  if (exptimeSeconds === 0) return 0;
  if (exptimeSeconds < 0) return PAST_MS;
  return exptimeSeconds > RELATIVE_SECONDS_MAX ? exptimeSeconds * 1000 : nowMs + exptimeSeconds * 1000;
}

/** Seconds to live, rounded up so that an item just stored has all it was given; -1 is for ever. */
export function remainingSeconds(expiresAtMs: number, nowMs: number): number {
  return expiresAtMs === 0 ? -1 : Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1000));
}
