import { DEADLINE_SWEEP_MS } from './limits.ts';

/** Looks at deadlines on one timer for all connections of a process: a timer per request would cost more than the request. */
export interface Sweeper {
  readonly nowMs: () => number;
  add(target: Sweepable): void;
  delete(target: Sweepable): void;
  close(): void;
}

export interface Sweepable {
  sweep(nowMs: number): void;
}

/** @param nowMs a monotonic clock, in milliseconds; the deadlines of exchanges are on the same clock */
export function createSweeper(nowMs: () => number = () => performance.now()): Sweeper {
  const targets = new Set<Sweepable>();
  const timer = setInterval(() => {
    const now = nowMs();
    for (const target of targets) target.sweep(now);
  }, DEADLINE_SWEEP_MS);
  timer.unref();
  return {
    nowMs,
    add: (target) => void targets.add(target),
    delete: (target) => void targets.delete(target),
    close: () => clearInterval(timer),
  };
}
