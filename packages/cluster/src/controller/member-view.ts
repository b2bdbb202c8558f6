import { DOWN_AFTER_MS, PROBE_MS_MAX, PROBE_MS_MIN } from '../limits.ts';

/** A member as it is configured: what the controller wants to be true. */
export interface MemberSpec {
  readonly id: string;
  readonly zone: string;
  readonly weight: number;
  /** host:port of its memcached protocol. */
  readonly data: string;
  /** host:port of its admin API. */
  readonly admin: string;
}

/** What a member says of itself. */
export interface MemberReport {
  readonly id: string;
  /** Random number of its process, hexadecimal. */
  readonly incarnation: string;
  /** Whether it serves partitions of the cluster, and by which epoch. */
  readonly admitted: boolean;
  readonly epoch: number;
}

/**
 * A member as the controller sees it.
 *
 *              answered                     silent for DOWN_AFTER_MS
 *   unseen ───────────────────▶ answering ────────────────────────────▶ silent
 *                                   ▲                                      │
 *                                   └────────────── answered ──────────────┘
 */
export interface MemberView {
  readonly spec: MemberSpec;
  readonly status: 'unseen' | 'answering' | 'silent';
  /** The last answer, also while silent. */
  readonly report: MemberReport | undefined;
  readonly answeredMs: number;
  /** A question is under way. */
  readonly asked: boolean;
  readonly nextProbeMs: number;
  readonly probeEveryMs: number;
}

export function unseenMember(spec: MemberSpec, nowMs: number): MemberView {
  return {
    spec,
    status: 'unseen',
    report: undefined,
    answeredMs: nowMs,
    asked: false,
    nextProbeMs: nowMs,
    probeEveryMs: PROBE_MS_MIN,
  };
}

/** @param epoch of the newest document: until the member goes by it, it is asked again soon */
export function memberAnswered(view: MemberView, report: MemberReport, epoch: number, nowMs: number): MemberView {
  const isSettled = report.admitted && report.epoch === epoch;
  const probeEveryMs = isSettled ? PROBE_MS_MAX : Math.min(PROBE_MS_MAX, 2 * view.probeEveryMs);
  return {
    ...view,
    status: 'answering',
    report,
    answeredMs: nowMs,
    asked: false,
    probeEveryMs,
    nextProbeMs: nowMs + probeEveryMs,
  };
}

/** A member that was just there is asked often, since it is most likely about to start again; then less and less. */
export function memberUnanswered(view: MemberView, nowMs: number): MemberView {
  const silentMs = nowMs - view.answeredMs;
  const silent = silentMs >= DOWN_AFTER_MS;
  const probeEveryMs = silent ? Math.min(PROBE_MS_MAX, 2 * view.probeEveryMs) : PROBE_MS_MIN;
  const status = silent && view.status === 'answering' ? 'silent' : view.status;
  return { ...view, status, asked: false, probeEveryMs, nextProbeMs: nowMs + probeEveryMs };
}

/** Something is expected of the member: it is asked at once, and often. */
export function askSoon(view: MemberView, nowMs: number): MemberView {
  return { ...view, probeEveryMs: PROBE_MS_MIN, nextProbeMs: nowMs };
}
