import { RingError } from '../errors.ts';

/** Readers of one value of unknown shape. Each says where it stands, what it should be and what to do about it. */

/** An object with these fields and no others; the optional ones may be missing. */
export function readObject<K extends string, O extends string = never>(
  value: unknown,
  path: string,
  required: readonly K[],
  optional: readonly O[] = [],
): Record<K, unknown> & Partial<Record<O, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object', value);
  const known: readonly string[] = [...required, ...optional];
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined) throw wrong(path, `only the fields ${known.join(', ')}`, stranger);
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw wrong(`${path}.${missing}`, 'a value', undefined);
  return value as Record<K, unknown> & Partial<Record<O, unknown>>;
}

export function readList(value: unknown, path: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(path, 'a list', value);
  if (value.length > lengthMax) throw wrong(path, `at most ${lengthMax} entries`, value);
  return value;
}

export function readInteger(value: unknown, path: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw wrong(path, `an integer from ${min} to ${max}`, value);
  }
  return value;
}

/** A text of a form; `expected` describes the form. */
export function readText(value: unknown, path: string, form: RegExp, expected: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw wrong(path, expected, value);
  return value;
}

export function readChoice<T extends string>(value: unknown, path: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) throw wrong(path, `one of ${choices.join(', ')}`, value);
  return choice;
}

/** The error for a value that is not what it should be. Long values are cut, objects only named. */
export function wrong(path: string, expected: string, found: unknown): RingError {
  return new RingError(
    'RING_DOCUMENT_FIELD',
    `topology document: ${path} must be ${expected}, found ${show(found)}. ` +
      'Fetch the document from the controller again, or restore the last good copy.',
  );
}

const shownCharactersMax = 40;

function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return value === undefined ? 'nothing' : `a value of type ${typeof value}`;
  return JSON.stringify(value.length <= shownCharactersMax ? value : `${value.slice(0, shownCharactersMax)}...`);
}
