/** How a command ended, for scripts. Printed by --help; never reused for another meaning. */
export const ExitCode = {
  ok: 0,
  /** It ran and something went wrong: a request failed, a process could not be kept alive. */
  failed: 1,
  /** It did not run: a flag, a variable, a line of the file or a port must be changed first. */
  usage: 2,
  /** What it should talk to does not answer. */
  unreachable: 3,
  /** It answers, but not all of it is healthy. */
  degraded: 5,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
