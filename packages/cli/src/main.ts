import { readCommandLine } from './command-line.ts';
import type { Verb } from './config/options.ts';
import { resolveSettings, type Settings } from './config/settings.ts';
import { CliError } from './errors.ts';
import { ExitCode } from './exit-code.ts';

type Runner = (settings: Settings, argument: string | undefined) => Promise<ExitCode>;

/** Each verb loads only what it needs: reading code is most of the time a start takes. */
const runners: Record<Verb, () => Promise<Runner>> = {
  up: async () => (await import('./verbs/up.ts')).runUp,
  node: async () => (await import('./verbs/node.ts')).runNode,
  proxy: async () => (await import('./verbs/proxy.ts')).runProxy,
  replay: async () => (await import('./verbs/replay.ts')).runReplay,
  status: async () => (await import('./verbs/status.ts')).runStatus,
};

/** Runs the command and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<never> {
  let code: ExitCode;
  try {
    code = await run(args);
  } catch (error) {
    code = report(error);
  }
  process.exit(code);
}

async function run(args: readonly string[]): Promise<ExitCode> {
  const invocation = await readCommandLine(args);
  if (typeof invocation === 'number') return invocation;
  const { verb, argument, flags } = invocation;
  const settings = await resolveSettings(verb, { flags, environment: process.env });
  return (await runners[verb]())(settings, argument);
}

/** One line for what a person can change; the stack for what only we can. */
function report(error: unknown): ExitCode {
  if (error instanceof CliError) {
    console.error(`ringway: ${error.message}`);
    return error.exitCode;
  }
  console.error(error);
  return ExitCode.failed;
}
