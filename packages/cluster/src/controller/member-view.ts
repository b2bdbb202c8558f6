import { BOOT_MS, DOWN_AFTER_MS, PROBE_MS_MAX, PROBE_MS_MIN } from '../limits.ts';

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
 *   unseen ──────── answered ───────▶ answering ──── no answer for DOWN_AFTER_MS ────▶ silent
 *      │                               ▲     ▲                                          │ ▲
 *      │                      answered │     └──────────────── answered ────────────────┘ │
 *      ▼                               │                                                  │
 *   announced ◀── (from any of them) ──┴─────────── no answer for BOOT_MS ────────────────┘
 *
 * Announced: whoever started its process says that it did, and by which incarnation it will go. It can be admitted before
 * it answers, so that it serves from its first moment on.
 */
export interface MemberView {
  readonly spec: MemberSpec;
  readonly status: 'unseen' | 'announced' | 'answering' | 'silent';
  /** Of its newest process that is known, seen or announced. */
  readonly incarnation: string | undefined;
  /** By the last answer, the epoch by which it serves; undefined if it does not. */
  readonly servingEpoch: number | undefined;
  /** Of the last answer or announcement, or of the beginning. */
  readonly heardMs: number;
  /** A question is under way. */
  readonly asked: boolean;
  readonly nextProbeMs: number;
  readonly probeEveryMs: number;
}

export function unseenMember(spec: MemberSpec, nowMs: number): MemberView {
  return {
    spec,
    status: 'unseen',
    incarnation: undefined,
    servingEpoch: undefined,
    heardMs: nowMs,
    asked: false,
    nextProbeMs: nowMs,
    probeEveryMs: PROBE_MS_MIN,
  };
}

export function memberAnnounced(view: MemberView, incarnation: string, nowMs: number): MemberView {
  return askSoon({ ...view, status: 'announced', incarnation, servingEpoch: undefined, heardMs: nowMs }, nowMs);
}

/** @param epoch of the newest document: until the member goes by it, it is asked again soon */
export function memberAnswered(view: MemberView, report: MemberReport, epoch: number, nowMs: number): MemberView {
  const servingEpoch = report.admitted ? report.epoch : undefined;
  const probeEveryMs = servingEpoch === epoch ? PROBE_MS_MAX : Math.min(PROBE_MS_MAX, 2 * view.probeEveryMs);
  return {
    ...view,
    status: 'answering',
    incarnation: report.incarnation,
    servingEpoch,
    heardMs: nowMs,
    asked: false,
    probeEveryMs,
    nextProbeMs: nowMs + probeEveryMs,
  };
}

/** A member that was just there is asked often, since it is most likely about to start again; then less and less. */
export function memberUnanswered(view: MemberView, nowMs: number): MemberView {
  const silent = nowMs - view.heardMs >= (view.status === 'announced' ? BOOT_MS : DOWN_AFTER_MS);
  const probeEveryMs = silent ? Math.min(PROBE_MS_MAX, 2 * view.probeEveryMs) : PROBE_MS_MIN;
  const status = silent && view.status !== 'unseen' ? 'silent' : view.status;
  return { ...view, status, asked: false, probeEveryMs, nextProbeMs: nowMs + probeEveryMs };
}

/** Something is expected of the member: it is asked at once, and often. */
export function askSoon(view: MemberView, nowMs: number): MemberView {
  return { ...view, probeEveryMs: PROBE_MS_MIN, nextProbeMs: nowMs };
}
