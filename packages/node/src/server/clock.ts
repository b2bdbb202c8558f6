/** The node's clock: milliseconds since the Unix epoch, with fractions, never going back. */
export interface Clock {
  nowMs(): number;
}

/**
 * The monotonic clock of the process on the scale of the wall clock at its start: deadlines do not jump when the wall clock
 * is set, and absolute deadlines of clients can be compared with it. It does not follow later corrections of the wall clock.
 */
export function createClock(): Clock {
  const originMs = performance.timeOrigin;
  return { nowMs: () => originMs + performance.now() };
}
