import { parseArgs } from 'node:util';
import { optionsOf, verbs, type Verb } from './config/options.ts';
import { ExitCode } from './exit-code.ts';

/** What the command line asked for, still as text. */
export interface Invocation {
  readonly verb: Verb;
  readonly argument: string | undefined;
  readonly flags: Readonly<Record<string, string | true | undefined>>;
}

/**
 * Reads the command line.
 *
 * One that is right is read by what Node has built in. Only one that asks for help or needs a complaint is given to
 * commander, which takes as long to load as all of this verb's own code: `up` would pay for it in every process.
 *
 * @returns the exit code, when all there was to do was to print something
 */
export async function readCommandLine(args: readonly string[]): Promise<Invocation | ExitCode> {
  return readPlainly(args) ?? (await readByCommander(args));
}

/** The verbs that take one argument beside their options. */
const verbsWithArgument: ReadonlySet<Verb> = new Set(['replay']);

function readPlainly([first, ...rest]: readonly string[]): Invocation | undefined {
  const verb = verbs.find((known) => known === first);
  if (verb === undefined) return undefined;
  const specs = optionsOf(verb);
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: Object.fromEntries(
        specs.map(({ flag, kind }) => [flag.slice(2), { type: kind.kind === 'flag' ? 'boolean' : 'string' } as const]),
      ),
      allowPositionals: true,
    });
    if (positionals.length !== (verbsWithArgument.has(verb) ? 1 : 0)) return undefined;
    const flags = specs.map(({ name, flag }) => [name, values[flag.slice(2)]] as const);
    return { verb, argument: positionals[0], flags: Object.fromEntries(flags) as Invocation['flags'] };
  } catch {
    // Whatever is wrong with it: commander finds it too, and says it better.
    return undefined;
  }
}

async function readByCommander(args: readonly string[]): Promise<Invocation | ExitCode> {
  const [{ createProgram }, { CommanderError }] = await Promise.all([import('./program.ts'), import('commander')]);
  let invocation: Invocation | undefined;
  const program = createProgram((given) => {
    invocation = given;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  return invocation ?? ExitCode.usage;
}
