import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { placeholderOf } from './config/kinds.ts';
import { optionsOf, type OptionSpec, type Verb } from './config/options.ts';
import type { Invocation } from './command-line.ts';
import { ExitCode } from './exit-code.ts';
import { version } from './version.ts';

interface VerbHelp {
  readonly argument?: { readonly name: string; readonly description: string };
  readonly description: string;
  readonly examples: string;
}

const verbHelp: Record<Verb, VerbHelp> = {
  up: {
    description: 'Start a whole cluster here: a proxy, a controller and some nodes. Ctrl-C stops all of it.',
    examples: `
  $ ringway up
  $ ringway up --nodes 5 --memory 256mb
  $ ringway up --http 127.0.0.1:9080 --memcached off`,
  },
  node: {
    description: 'Run one storage node. Without --cluster it is a plain memcached server.',
    examples: `
  $ ringway node --data 127.0.0.1:7411 --memory 1gib
  $ ringway node --id node-2 --data 127.0.0.1:7412 --admin 127.0.0.1:7512 --cluster topology.json`,
  },
  proxy: {
    description: 'Run one proxy in front of the nodes that the topology document names.',
    examples: `
  $ ringway proxy --cluster topology.json
  $ ringway proxy --cluster topology.json --http 127.0.0.1:9080 --memcached off`,
  },
  replay: {
    argument: { name: 'trace', description: 'file of requests, gzipped or not: i32be, lis (ARC) or keys (text)' },
    description: 'Play a trace of requests as app servers would: GET, and PUT on a miss. Every hit is checked.',
    examples: `
  $ ringway replay web12.i32be.gz
  $ ringway replay OLTP.lis.gz --connections 64 --value-bytes 100 --limit 100000 --json`,
  },
  status: {
    description: 'Show the members of the cluster and how they are.',
    examples: `
  $ ringway status
  $ ringway status --admin 127.0.0.1:8081 --json`,
  },
};

const afterHelp = `
Options come from flags, then RINGWAY_... variables, then the YAML file named by --config, then the defaults;
"ringway <command> --help" names all four.

Everything listens on 127.0.0.1 unless told otherwise. There are no access tokens yet, so an address that other
machines could reach is refused; --insecure-public allows it, and then lets in everyone who can reach it.

Exit codes:
  ${ExitCode.ok}  done, or healthy
  ${ExitCode.failed}  it ran, and something failed
  ${ExitCode.usage}  it did not run: a flag, a setting or a port must be changed first
  ${ExitCode.unreachable}  nothing answers at the address
  ${ExitCode.degraded}  it answers, but not all of it is healthy

Example:
  $ ringway up
  $ curl -X PUT --data-binary 'hello' http://127.0.0.1:8080/v1/kv/demo/greeting
  $ curl http://127.0.0.1:8080/v1/kv/demo/greeting`;

/** The command with its verbs and options, as made from the table: help and complaints are printed by it. */
export function createProgram(accept: (invocation: Invocation) => void): Command {
  const program = new Command('ringway')
    .description('A sharded cache tier: HTTP and memcached in front, a hash ring of storage nodes behind.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .addHelpText('after', afterHelp)
    .exitOverride();
  for (const verb of Object.keys(verbHelp) as Verb[]) addVerb(program, verb, accept);
  return program;
}

function addVerb(program: Command, verb: Verb, accept: (invocation: Invocation) => void): void {
  const { argument, description, examples } = verbHelp[verb];
  const command = program.command(verb).description(description).helpOption('--help', 'print this help');
  command.showHelpAfterError(`Try: ringway ${verb} --help`);
  if (argument !== undefined) command.argument(`<${argument.name}>`, argument.description);
  for (const spec of optionsOf(verb)) {
    command.addOption(new Option(`${spec.flag} ${placeholderOf(spec.kind)}`.trim(), describeOption(spec)));
  }
  command.addHelpText('after', `\nExamples:${examples}`);
  command.action(() => accept({ verb, argument: command.args[0], flags: command.opts() }));
}

/** What it is; below it the values to choose from, and the other three places the value can come from. */
function describeOption({ description, kind, fallback, env, yaml }: OptionSpec): string {
  const choices = kind.kind === 'choice' ? `\none of ${kind.choices.join(', ')}` : '';
  const places = [env, yaml, fallback === undefined ? undefined : `default ${fallback}`];
  return `${description}${choices}\n(${places.filter((place) => place !== undefined).join(', ')})`;
}
