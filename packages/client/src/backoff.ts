/**
 * How long to wait before attempt number `attempt` (1 = the first retry), in milliseconds: exponential with full
 * jitter over the upper half, so that many proxies do not come back in step.
 * (Brooker, "Exponential Backoff And Jitter", 2015: "equal jitter".)
 *
 * @param random a number in [0, 1)
 */
export function backoffMs(attempt: number, random: number, limits: { minMs: number; maxMs: number }): number {
  const ceiling = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(attempt - 1, 30));
  return ceiling / 2 + (random * ceiling) / 2;
}
