import { isAlias, isMap, isScalar, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { CliError } from '../errors.ts';
import { BadValue, parseValue } from './kinds.ts';
import { options } from './options.ts';
import { suggest } from './suggest.ts';

/** One value of the file, still as the text that was written. */
export interface FileValue {
  readonly text: string;
  /** `file:line:column`, as editors understand it. */
  readonly place: string;
}

/**
 * Reads a configuration file. The same file serves every verb, so all of it is checked, not only what this verb uses.
 *
 * @returns the values by dotted path
 * @throws {CliError} CLI_CONFIG with file, line and column
 */
export function parseConfigFile(path: string, text: string): Map<string, FileValue> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) throw refusal(placeOf(problem.pos[0]), `not YAML: ${problem.message}`);
  const values = new Map<string, FileValue>();
  if (document.contents !== null) readSection(document.contents, '', placeOf, values);
  return values;
}

function readSection(
  node: Node,
  section: string,
  placeOf: (offset: number) => string,
  values: Map<string, FileValue>,
): void {
  const known = namesIn(section);
  if (!isMap(node)) {
    const what = section === '' ? 'the file' : section;
    throw refusal(placeOf(offsetOf(node)), `${what} must be a section with ${known.join(', ')}, not ${describe(node)}`);
  }
  for (const pair of node.items as Pair<Node, Node | null>[]) {
    const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
    const path = section === '' ? name : `${section}.${name}`;
    if (!known.includes(name)) throw refusal(placeOf(offsetOf(pair.key)), unknownKey(path, name, known));
    const isSection = options.some((option) => option.yaml?.startsWith(`${path}.`));
    if (!isSection) values.set(path, readValue(path, pair, placeOf));
    else if (pair.value !== null && !isEmpty(pair.value)) readSection(pair.value, path, placeOf, values);
  }
}

function readValue(path: string, pair: Pair<Node, Node | null>, placeOf: (offset: number) => string): FileValue {
  const place = placeOf(offsetOf(pair.value ?? pair.key));
  const text =
    isScalar(pair.value) && !isEmpty(pair.value) ? (pair.value.source ?? String(pair.value.value)) : undefined;
  const spec = options.find((option) => option.yaml === path);
  try {
    if (spec !== undefined) parseValue(spec.kind, text ?? '');
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw refusal(place, `${path} must be ${error.message}, not ${describe(pair.value)}`);
  }
  return { text: text ?? '', place };
}

/** Names that may stand directly in a section, the empty path being the file itself. */
function namesIn(section: string): string[] {
  const prefix = section === '' ? '' : `${section}.`;
  const names = options.flatMap(({ yaml }) =>
    yaml?.startsWith(prefix) ? [yaml.slice(prefix.length).split('.')[0] ?? ''] : [],
  );
  return [...new Set(names)].toSorted();
}

function unknownKey(path: string, name: string, known: readonly string[]): string {
  const guess = suggest(name, known);
  return `unknown key ${path}; ${guess === undefined ? `known here: ${known.join(', ')}` : `did you mean ${guess}?`}`;
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

function describe(node: Node | null): string {
  if (node === null || isEmpty(node)) return 'nothing';
  if (isMap(node)) return 'a section';
  if (isAlias(node)) return 'an alias';
  return isScalar(node) ? `"${node.source ?? String(node.value)}"` : 'a list';
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function refusal(place: string, message: string): CliError {
  return new CliError('CLI_CONFIG', `${place}: ${message}`);
}
