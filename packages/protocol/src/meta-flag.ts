/** Letters of meta flags, by what they mean. Case matters. */
export const MetaFlag = {
  /** I: mark stale in place of removing (md), accept an older version as stale (ms). */
  invalidate: 0x49,
  /** N<seconds>: on a miss create an empty item that lives so long. */
  vivify: 0x4e,
  /** R<seconds>: win the right to refill when less time than this is left. */
  recache: 0x52,
  /** T<seconds>: set the time to live. */
  ttl: 0x54,
  /** E<number>: version to give the item. */
  newCas: 0x45,
  /** C<number>: act only on this version. */
  compareCas: 0x43,
  /** S<number>: size of the value, once more; must agree with the line of ms. */
  valueBytes: 0x53,
  /** F<number>: client flags to store. */
  clientFlags: 0x46,
  /** D<number>: delta of ma. */
  delta: 0x44,
  /** J<number>: value of an item that ma creates. */
  initial: 0x4a,
  /** M<letter>: mode of ms (S E A P R) or ma (I + D -). */
  mode: 0x4d,
  /** O<token>: opaque, returned as sent. */
  opaque: 0x4f,
  /** P, L: hints for a router in between, ignored. */
  path: 0x50,
  location: 0x4c,
  /** q: no reply in the usual case. */
  quiet: 0x71,
  /** b: the key is base64. */
  binaryKey: 0x62,
  /** u: do not count as an access. */
  noBump: 0x75,
  /** k, t, h, l, s, c, f, v: return the key, seconds to live, whether read before, seconds since the last access, size, version, client flags, value. */
  returnKey: 0x6b,
  returnTtl: 0x74,
  returnFetched: 0x68,
  returnIdle: 0x6c,
  returnSize: 0x73,
  returnCas: 0x63,
  returnClientFlags: 0x66,
  returnValue: 0x76,
  /** W, X, Z, in replies alone: won the right to fill, stale, another caller has won before. */
  won: 0x57,
  stale: 0x58,
  alreadySent: 0x5a,
} as const;
export type MetaFlag = (typeof MetaFlag)[keyof typeof MetaFlag];

/** Letters of meta flag M: of ms (set, add, append, prepend, replace) and of ma (increment, decrement). */
export const MetaMode = {
  set: 0x53,
  add: 0x45,
  append: 0x41,
  prepend: 0x50,
  replace: 0x52,
  increment: 0x49,
  decrement: 0x44,
} as const;
export type MetaMode = (typeof MetaMode)[keyof typeof MetaMode];

/** How the token behind a flag's letter is read. */
export const TokenSyntax = {
  /** No such flag. */
  unknown: 0,
  /** No token; in requests one is ignored, as memcached does. */
  none: 1,
  /** Signed seconds. */
  seconds: 2,
  /** 64 bits. */
  unsigned64: 3,
  /** 32 bits. */
  unsigned32: 4,
  /** Up to 2^53 - 1. */
  unsigned53: 5,
  /** One letter. */
  letter: 6,
  /** Printable bytes. */
  text: 7,
} as const;

type Syntax = (typeof TokenSyntax)[keyof typeof TokenSyntax];

const LETTER_COUNT = 128;

function syntaxTable(rows: readonly (readonly [Syntax, readonly MetaFlag[]])[]): Uint8Array {
  const table = new Uint8Array(LETTER_COUNT);
  for (const [syntax, letters] of rows) {
    for (const letter of letters) {
      table[letter] = syntax;
    }
  }
  return table;
}

const F = MetaFlag;

/** Letter to TokenSyntax, in requests. */
export const REQUEST_FLAG_SYNTAX: Uint8Array = syntaxTable([
  [TokenSyntax.none, [F.invalidate, F.path, F.location, F.quiet, F.binaryKey, F.noBump, F.returnKey, F.returnTtl]],
  [TokenSyntax.none, [F.returnFetched, F.returnIdle, F.returnSize, F.returnCas, F.returnClientFlags, F.returnValue]],
  [TokenSyntax.seconds, [F.vivify, F.recache, F.ttl]],
  [TokenSyntax.unsigned64, [F.newCas, F.compareCas, F.delta, F.initial]],
  [TokenSyntax.unsigned32, [F.clientFlags]],
  [TokenSyntax.unsigned53, [F.valueBytes]],
  [TokenSyntax.letter, [F.mode]],
  [TokenSyntax.text, [F.opaque]],
]);

/** Letter to TokenSyntax, in replies. */
export const RESPONSE_FLAG_SYNTAX: Uint8Array = syntaxTable([
  [TokenSyntax.none, [F.binaryKey, F.won, F.stale, F.alreadySent]],
  [TokenSyntax.seconds, [F.returnTtl]],
  [TokenSyntax.unsigned64, [F.returnCas]],
  [TokenSyntax.unsigned32, [F.returnClientFlags]],
  [TokenSyntax.unsigned53, [F.returnSize, F.returnIdle, F.returnFetched]],
  [TokenSyntax.text, [F.returnKey, F.opaque]],
]);

/** Whether the byte is A-Z or a-z: nothing else can be a flag. */
export function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
