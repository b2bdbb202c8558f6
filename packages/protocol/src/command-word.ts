import { startsWith, SPACE } from './byte.ts';
import { RequestKind } from './request-kind.ts';
import { WordTable } from './word-table.ts';

const K = RequestKind;

const COMMANDS = new WordTable<RequestKind>([
  ['mg', K.metaGet],
  ['ms', K.metaSet],
  ['md', K.metaDelete],
  ['mn', K.metaNoop],
  ['ma', K.metaArithmetic],
  ['me', K.metaDebug],
  ['get', K.get],
  ['set', K.set],
  ['gat', K.gat],
  ['add', K.add],
  ['cas', K.cas],
  ['gets', K.gets],
  ['incr', K.incr],
  ['decr', K.decr],
  ['gats', K.gats],
  ['quit', K.quit],
  ['touch', K.touch],
  ['stats', K.stats],
  ['delete', K.delete],
  ['append', K.append],
  ['replace', K.replace],
  ['prepend', K.prepend],
  ['version', K.version],
  ['shutdown', K.shutdown],
  ['rw_hello', K.hello],
  ['flush_all', K.flushAll],
  ['verbosity', K.verbosity],
]);

/** What the word input[start, end) asks for; undefined when it is no command. Words are lower case, as in memcached. */
export function commandKind(input: Uint8Array, start: number, end: number): RequestKind | undefined {
  return COMMANDS.find(input, start, end);
}

/** Whether input[start, end) is the beginning of a read of many keys, which has a longer line limit. */
export function isMultiKeyRead(input: Uint8Array, start: number, end: number): boolean {
  return ['get ', 'gets ', 'gat ', 'gats '].some((word) => startsWith(input, start, end, word));
}

/**
 * Whether the word input[start, end) could be a command of some memcached: lower-case letters, digits and `_`.
 * Anything else is another protocol (HTTP, TLS, memcached's binary one) or a storage command in the wrong case,
 * whose payload must not be read as commands.
 */
export function isCommandLike(input: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = input[i]!;
    const isLower = byte >= 0x61 && byte <= 0x7a;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isLower && !isDigit && byte !== 0x5f) {
      return false;
    }
  }
  return true;
}

const HTTP_VERSION = 'HTTP/';
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const SLASH = 0x2f;

/** Whether the line input[start, end) is the first of an HTTP request or response: `HTTP/…` is its first or last word, or it is `METHOD /…`. */
export function isHttp(input: Uint8Array, start: number, end: number): boolean {
  let lastWord = end;
  while (lastWord > start && input[lastWord - 1] !== SPACE) {
    lastWord--;
  }
  if (startsWith(input, lastWord, end, HTTP_VERSION) || startsWith(input, start, end, HTTP_VERSION)) {
    return true;
  }
  let methodEnd = start;
  while (methodEnd < end && input[methodEnd]! >= UPPER_A && input[methodEnd]! <= UPPER_Z) {
    methodEnd++;
  }
  return methodEnd > start && input[methodEnd] === SPACE && input[methodEnd + 1] === SLASH;
}
