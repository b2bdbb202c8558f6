import { formatBytes } from '../terminal/units.ts';
/**
 * What the value of an option may look like. Every option arrives as text, from a flag, a variable or the file, and is
 * read by its kind. A kind that cannot read it says what it expected, so that the caller only has to add where it stood.
 */

export interface Address {
  /** Name or number, an IPv6 number without its brackets. */
  readonly host: string;
  readonly port: number;
}

export type Kind =
  | { readonly kind: 'text'; readonly placeholder: string }
  | { readonly kind: 'address'; readonly orOff: boolean }
  | { readonly kind: 'url' }
  | { readonly kind: 'hex'; readonly digits: number }
  | { readonly kind: 'size'; readonly min: number; readonly max: number }
  | { readonly kind: 'count'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly placeholder: string; readonly choices: readonly string[] }
  | { readonly kind: 'flag' };

/** `undefined` is a value: an address that was switched off. */
export type Value = string | number | boolean | Address | undefined;

/** A value that cannot be read. The message follows the words "must be". */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

/** @throws {BadValue} when the text is not of that kind */
export function parseValue(kind: Kind, text: string): Value {
  switch (kind.kind) {
    case 'text':
      if (text === '') throw new BadValue('some text');
      return text;
    case 'address':
      return kind.orOff && text === 'off' ? undefined : parseAddress(text, kind.orOff);
    case 'url':
      return parseUrl(text);
    case 'hex':
      return parseHex(text, kind.digits);
    case 'size':
      return parseSize(text, kind.min, kind.max);
    case 'count':
      return parseCount(text, kind.min, kind.max);
    case 'choice':
      if (!kind.choices.includes(text)) throw new BadValue(`one of ${kind.choices.join(', ')}`);
      return text;
    case 'flag':
      return parseFlag(text);
    default:
      return kind satisfies never;
  }
}

/** What stands after the flag in --help; a switch takes nothing. */
export function placeholderOf(kind: Kind): string {
  switch (kind.kind) {
    case 'text':
    case 'choice':
      return `<${kind.placeholder}>`;
    case 'address':
      return '<host:port>';
    case 'count':
      return '<n>';
    case 'url':
    case 'hex':
    case 'size':
      return `<${kind.kind}>`;
    case 'flag':
      return '';
    default:
      return kind satisfies never;
  }
}

export function formatAddress(address: Address): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

const addressPattern = /^(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<name>[^\s:[\]]+)):(?<port>\d{1,5})$/;
const PORT_MAX = 65_535;

function parseAddress(text: string, orOff: boolean): Address {
  const groups = addressPattern.exec(text)?.groups;
  const port = Number(groups?.['port']);
  const host = groups?.['v6'] ?? groups?.['name'];
  if (host === undefined || port > PORT_MAX) {
    throw new BadValue(`host:port or [ipv6]:port with a port of at most ${PORT_MAX}${orOff ? ', or off' : ''}`);
  }
  return { host, port };
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:') throw new BadValue('an http:// address such as http://127.0.0.1:8080');
  return url.href.replace(/\/+$/, '');
}

function parseHex(text: string, digits: number): string {
  if (text.length !== digits || !/^[0-9a-f]*$/.test(text)) throw new BadValue(`${digits} digits of 0-9 a-f`);
  return text;
}

/** Bytes in one of each unit. `mb` is 1024 x 1024 bytes, as in the files of memcached and Redis; `mib` says so itself. */
const unitBytes: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1024,
  kib: 1024,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
};

function parseSize(text: string, min: number, max: number): number {
  const groups = /^(?<number>\d+(?:\.\d+)?) ?(?<unit>[a-z]*)$/i.exec(text)?.groups;
  const bytes = unitBytes[groups?.['unit']?.toLowerCase() ?? ''];
  const size = groups === undefined || bytes === undefined ? Number.NaN : Math.floor(Number(groups['number']) * bytes);
  if (!Number.isSafeInteger(size) || size < 1) throw new BadValue('a number of bytes such as 512mb, 1gib or 65536');
  if (size < min || size > max) throw new BadValue(`a size from ${formatBytes(min)} to ${formatBytes(max)}`);
  return size;
}

function parseCount(text: string, min: number, max: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min && count <= max)) throw new BadValue(`a whole number from ${min} to ${max}`);
  return count;
}

function parseFlag(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new BadValue('true or false');
}
