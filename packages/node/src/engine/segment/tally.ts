/** What an engine has done so far: totals of EngineStats. */
export interface Tally {
  storesTotal: number;
  evictionsTotal: number;
  evictedUnreadTotal: number;
  evictionAgeMs: number;
  expirationsTotal: number;
  expiredUnreadTotal: number;
}

export function createTally(): Tally {
  return {
    storesTotal: 0,
    evictionsTotal: 0,
    evictedUnreadTotal: 0,
    evictionAgeMs: 0,
    expirationsTotal: 0,
    expiredUnreadTotal: 0,
  };
}
