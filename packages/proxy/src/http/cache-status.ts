/**
 * Cache-Status (RFC 9211) of a keyed read: a structured list with one member, this tier. Values are integers and
 * tokens of our own, so nothing needs quoting.
 */
const TIER = 'ringway';

export const CACHE_STATUS_MISS: string = `${TIER}; fwd=uri-miss`;

/** A read answered as a miss because its node could not be asked, or was asked in vain. */
export function cacheStatusUnavailable(detail: 'node-down' | 'node-timeout' | 'node-moving' | 'node-error'): string {
  return `${TIER}; fwd=bypass; detail=${detail}`;
}

/** @param ttlSeconds what is left to live; -1: does not expire */
export function cacheStatusHit(ttlSeconds: number): string {
  return ttlSeconds < 0 ? `${TIER}; hit` : `${TIER}; hit; ttl=${ttlSeconds}`;
}
