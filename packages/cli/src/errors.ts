import { ExitCode } from './exit-code.ts';

/** Everything the command ends with by itself. Anything else that is thrown is a defect and prints its stack. */
export type CliErrorCode =
  | 'CLI_CONFIG' // a value from a flag, the environment or the file that cannot be used
  | 'CLI_PUBLIC_ADDRESS' // a listener that others could reach, without saying so on purpose
  | 'CLI_PORT_TAKEN' // something else listens there
  | 'CLI_STATE_LOCKED' // another controller owns the state directory
  | 'CLI_START' // a process of the cluster did not start
  | 'CLI_TRACE' // a trace that cannot be read as what it should be
  | 'CLI_FAILED' // the work was done, and some of it failed
  | 'CLI_UNREACHABLE'; // nothing answers at the address given

const exitCodes: Record<CliErrorCode, ExitCode> = {
  CLI_CONFIG: ExitCode.usage,
  CLI_PUBLIC_ADDRESS: ExitCode.usage,
  CLI_PORT_TAKEN: ExitCode.usage,
  CLI_STATE_LOCKED: ExitCode.usage,
  CLI_START: ExitCode.failed,
  CLI_TRACE: ExitCode.failed,
  CLI_FAILED: ExitCode.failed,
  CLI_UNREACHABLE: ExitCode.unreachable,
};

/** An error whose message is all a person needs: one line, what is wrong and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.code];
  }
}

/** The code of an error, ours or the system's (`ECONNREFUSED`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
