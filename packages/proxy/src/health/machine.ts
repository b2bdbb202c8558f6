/**
 * Whether one node is worth asking, as this proxy sees it. Pure: the shell (routing/node-link.ts) owns time and timers.
 *
 *          failed x limit, or refused                    wait is over
 *     up ------------------------------> ejected(until) ---------------> probing
 *      ^                                    ^                              |  |
 *      |                                    '----------- failed -----------'  |
 *      '-------------------------------------- succeeded ---------------------'
 *
 * While ejected or probing no request goes to the node: it answers from policy (a miss or 503) in microseconds
 * instead of holding each caller for a timeout. The wait doubles with every ejection in a row.
 */
export type Health =
  | { readonly kind: 'up'; readonly failureCount: number }
  | { readonly kind: 'ejected'; readonly untilMs: number; readonly ejectionCount: number }
  | { readonly kind: 'probing'; readonly ejectionCount: number };

export type HealthEvent =
  | { readonly kind: 'succeeded' }
  /** `refused`: there is certainly nobody there; no need to count. `jitter` is in [0, 1). */
  | { readonly kind: 'failed'; readonly refused: boolean; readonly nowMs: number; readonly jitter: number }
  | { readonly kind: 'waited' };

export type HealthEffect = 'probe' | 'ejected' | 'readmitted' | undefined;

export interface HealthLimits {
  /** Failures in a row that eject. */
  readonly failureCountMax: number;
  readonly ejectionMsMin: number;
  readonly ejectionMsMax: number;
}

export const HEALTHY: Health = { kind: 'up', failureCount: 0 };

export function stepHealth(health: Health, event: HealthEvent, limits: HealthLimits): readonly [Health, HealthEffect] {
  switch (event.kind) {
    case 'succeeded':
      if (health.kind === 'up') return [health.failureCount === 0 ? health : HEALTHY, undefined];
      return [HEALTHY, 'readmitted'];
    case 'failed':
      return onFailed(health, event, limits);
    case 'waited':
      if (health.kind !== 'ejected') return [health, undefined];
      return [{ kind: 'probing', ejectionCount: health.ejectionCount }, 'probe'];
    default:
      return event satisfies never;
  }
}

function onFailed(
  health: Health,
  event: Extract<HealthEvent, { kind: 'failed' }>,
  limits: HealthLimits,
): readonly [Health, HealthEffect] {
  // Answers that were under way when the node was ejected say nothing new.
  if (health.kind === 'ejected') return [health, undefined];
  if (health.kind === 'up' && !event.refused && health.failureCount + 1 < limits.failureCountMax) {
    return [{ kind: 'up', failureCount: health.failureCount + 1 }, undefined];
  }
  const ejectionCount = health.kind === 'probing' ? health.ejectionCount + 1 : 1;
  const waitMs = Math.min(limits.ejectionMsMax, limits.ejectionMsMin * 2 ** Math.min(ejectionCount - 1, 30));
  const untilMs = event.nowMs + waitMs * (0.75 + event.jitter / 2);
  return [{ kind: 'ejected', untilMs, ejectionCount }, 'ejected'];
}
