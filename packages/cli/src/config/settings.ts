import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CliError } from '../errors.ts';
import { BadValue, formatAddress, parseValue, type Address, type Value } from './kinds.ts';
import { optionsOf, type OptionSpec, type Verb } from './options.ts';
import type { FileValue } from './yaml-file.ts';

export interface SettingsSources {
  /** Flags given on the command line, by option name, as text (`true` for a switch). */
  readonly flags: Readonly<Record<string, string | true | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The options of one verb, read and checked. */
export interface Settings {
  address(name: string): Address;
  optionalAddress(name: string): Address | undefined;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  number(name: string): number;
  optionalNumber(name: string): number | undefined;
  flag(name: string): boolean;
  /** How a person would change the option: its flag. */
  flagOf(name: string): string;
}

/**
 * Gathers the options of a verb from the flags, the environment, the file and the defaults, in this order.
 *
 * @throws {CliError} CLI_CONFIG naming the flag, the variable or the line and column of the file that is wrong
 */
export async function resolveSettings(verb: Verb, sources: SettingsSources): Promise<Settings> {
  const specs = optionsOf(verb);
  const filePath = sources.flags['config'] ?? sources.environment['RINGWAY_CONFIG'];
  const file =
    typeof filePath === 'string' && filePath !== '' ? await readFile(filePath) : new Map<string, FileValue>();
  const values = new Map(specs.map((spec) => [spec.name, valueOf(spec, sources, file)]));
  const settings = new ResolvedSettings(specs, values);
  refusePublicAddresses(specs, values, settings);
  return settings;
}

/** The reader of YAML takes longer to load than a node to start: it is only fetched when there is a file to read. */
async function readFile(path: string): Promise<Map<string, FileValue>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError('CLI_CONFIG', `cannot read the configuration: ${error instanceof Error ? error.message : path}`);
  }
  const { parseConfigFile } = await import('./yaml-file.ts');
  return parseConfigFile(path, text);
}

function valueOf(spec: OptionSpec, sources: SettingsSources, file: ReadonlyMap<string, FileValue>): Value {
  const flag = sources.flags[spec.name];
  if (flag !== undefined) return read(spec, String(flag), spec.flag);
  const variable = sources.environment[spec.env];
  if (variable !== undefined && variable !== '') return read(spec, variable, spec.env);
  const entry = spec.yaml === undefined ? undefined : file.get(spec.yaml);
  if (entry !== undefined) return read(spec, entry.text, `${entry.place}: ${spec.yaml}`);
  return spec.fallback === undefined ? undefined : parseValue(spec.kind, spec.fallback);
}

function read(spec: OptionSpec, text: string, origin: string): Value {
  try {
    return parseValue(spec.kind, text);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new CliError('CLI_CONFIG', `${origin} must be ${error.message}, not "${text}"`);
  }
}

/** There are no tokens yet, so what listens beyond this machine is open to everyone who can reach it. */
function refusePublicAddresses(
  specs: readonly OptionSpec[],
  values: ReadonlyMap<string, Value>,
  settings: Settings,
): void {
  if (!specs.some((spec) => spec.name === 'insecurePublic') || settings.flag('insecurePublic')) return;
  for (const spec of specs) {
    const value = values.get(spec.name);
    if (!isAddress(value) || isLoopback(value.host)) continue;
    throw new CliError(
      'CLI_PUBLIC_ADDRESS',
      `${spec.flag} ${formatAddress(value)} can be reached from other machines, and access tokens are not built yet: ` +
        'bind a loopback address such as 127.0.0.1, or add --insecure-public to let everyone in.',
    );
  }
}

function isAddress(value: Value): value is Address {
  return typeof value === 'object';
}

/** Only what is loopback whatever the resolver says: other names could turn out to be anything. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

class ResolvedSettings implements Settings {
  readonly #specs: readonly OptionSpec[];
  readonly #values: ReadonlyMap<string, Value>;

  constructor(specs: readonly OptionSpec[], values: ReadonlyMap<string, Value>) {
    this.#specs = specs;
    this.#values = values;
  }

  address(name: string): Address {
    return this.#present(name, this.optionalAddress(name));
  }

  optionalAddress(name: string): Address | undefined {
    const value = this.#value(name);
    assert(value === undefined || isAddress(value), `${name} is an address`);
    return value;
  }

  text(name: string): string {
    return this.#present(name, this.optionalText(name));
  }

  optionalText(name: string): string | undefined {
    const value = this.#value(name);
    assert(value === undefined || typeof value === 'string', `${name} is text`);
    return value;
  }

  number(name: string): number {
    return this.#present(name, this.optionalNumber(name));
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#value(name);
    assert(value === undefined || typeof value === 'number', `${name} is a number`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#value(name);
    assert(typeof value === 'boolean', `${name} is a switch`);
    return value;
  }

  flagOf(name: string): string {
    const spec = this.#specs.find((candidate) => candidate.name === name);
    assert(spec !== undefined, `${name} is an option of this verb`);
    return spec.flag;
  }

  #value(name: string): Value {
    assert(this.#values.has(name), `${name} is an option of this verb`);
    return this.#values.get(name);
  }

  #present<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new CliError('CLI_CONFIG', `${this.flagOf(name)} is required`);
    return value;
  }
}
