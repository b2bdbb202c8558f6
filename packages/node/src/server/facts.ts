import type { SessionLimits } from './limits.ts';

/** What `stats` and the admin port tell of the process and does not change while it runs. */
export interface NodeFacts {
  readonly startedAtMs: number;
  readonly limits: SessionLimits;
  readonly host: string;
  /** The port in fact listened on; 0 before that. */
  port: number;
}
