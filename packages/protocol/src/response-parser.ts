import { base64Bytes, decodeBase64 } from './base64.ts';
import { findSpace, isPrintable, isToken, spells, CR, LF, SPACE } from './byte.ts';
import { MALFORMED, MALFORMED_SIGNED, parseSigned, parseUnsigned, Unsigned64 } from './decimal.ts';
import { EXPTIME_SECONDS_MAX, OPAQUE_BYTES_MAX, resolveLimits, UINT32_MAX } from './limits.ts';
import type { ProtocolLimits } from './limits.ts';
import { MetaFlagList } from './meta-flag-list.ts';
import { isLetter, MetaFlag, RESPONSE_FLAG_SYNTAX, TokenSyntax } from './meta-flag.ts';
import { BUSY_WORD, HELLO_REPLY_WORD, NOT_OWNER_WORD, SERVER_ERROR_WORD } from './node-extension.ts';
import { ParseResult } from './parse-result.ts';
import { ResponseKind } from './response-kind.ts';
import type { ResponseParser } from './response.ts';
import { WordTable } from './word-table.ts';

const K = ResponseKind;
const NO_BYTES = new Uint8Array(0);

/** What stands behind the first word of a reply. */
type Shape = 'nothing' | 'flags' | 'sizeAndFlags' | 'value' | 'stat' | 'debug' | 'text' | 'serverError' | 'hello';

interface Reply {
  readonly kind: ResponseKind;
  readonly shape: Shape;
}

const REPLIES = new WordTable<Reply>([
  ['HD', { kind: K.hit, shape: 'flags' }],
  ['VA', { kind: K.value, shape: 'sizeAndFlags' }],
  ['EN', { kind: K.miss, shape: 'flags' }],
  ['NF', { kind: K.notFound, shape: 'flags' }],
  ['EX', { kind: K.exists, shape: 'flags' }],
  ['NS', { kind: K.notStored, shape: 'flags' }],
  ['MN', { kind: K.noop, shape: 'nothing' }],
  ['OK', { kind: K.ok, shape: 'nothing' }],
  ['ME', { kind: K.metaDebug, shape: 'debug' }],
  [HELLO_REPLY_WORD, { kind: K.hello, shape: 'hello' }],
  ['END', { kind: K.end, shape: 'nothing' }],
  ['STAT', { kind: K.stat, shape: 'stat' }],
  ['VALUE', { kind: K.value, shape: 'value' }],
  ['RESET', { kind: K.reset, shape: 'nothing' }],
  ['ERROR', { kind: K.error, shape: 'nothing' }],
  ['STORED', { kind: K.stored, shape: 'nothing' }],
  ['EXISTS', { kind: K.exists, shape: 'nothing' }],
  ['DELETED', { kind: K.deleted, shape: 'nothing' }],
  ['TOUCHED', { kind: K.touched, shape: 'nothing' }],
  ['VERSION', { kind: K.version, shape: 'text' }],
  ['NOT_FOUND', { kind: K.notFound, shape: 'nothing' }],
  ['NOT_STORED', { kind: K.notStored, shape: 'nothing' }],
  ['CLIENT_ERROR', { kind: K.clientError, shape: 'text' }],
  [SERVER_ERROR_WORD, { kind: K.serverError, shape: 'serverError' }],
]);

class LineResponseParser implements ResponseParser {
  kind: ResponseKind = K.error;
  bodyBytes = -1;
  flags = 0;
  casHigh = 0;
  casLow = 0;
  valueHigh = 0;
  valueLow = 0;
  ttlSeconds = -1;
  opaqueStart = 0;
  opaqueEnd = 0;
  keyBytes: Uint8Array = NO_BYTES;
  keyStart = 0;
  keyEnd = 0;
  messageStart = 0;
  messageEnd = 0;
  incarnationStart = 0;
  incarnationEnd = 0;
  epoch = 0;
  errorReason = '';

  readonly #limits: ProtocolLimits;
  readonly #metaList = new MetaFlagList();
  readonly #number64 = new Unsigned64();
  readonly #decodedKey: Uint8Array;
  /** Bytes of the current line that are known to hold no newline. */
  #searchedBytes = 0;
  #input: Uint8Array = NO_BYTES;
  /** Rest of the line, without its CRLF: from the end of the last token taken to the end of the line. */
  #at = 0;
  #lineEnd = 0;
  /** Where the last token taken begins. It ends at #at. */
  #tokenStart = 0;

  constructor(limits: Partial<ProtocolLimits> | undefined) {
    this.#limits = resolveLimits(limits);
    this.#decodedKey = new Uint8Array(base64Bytes(this.#limits.keyBytes));
  }

  get metaFlagCount(): number {
    return this.#metaList.count;
  }

  get metaFlags(): Uint8Array {
    return this.#metaList.letters;
  }

  get metaTokenStarts(): Int32Array {
    return this.#metaList.tokenStarts;
  }

  get metaTokenEnds(): Int32Array {
    return this.#metaList.tokenEnds;
  }

  get won(): boolean {
    return this.#metaList.has(MetaFlag.won);
  }

  get stale(): boolean {
    return this.#metaList.has(MetaFlag.stale);
  }

  get alreadySent(): boolean {
    return this.#metaList.has(MetaFlag.alreadySent);
  }

  hasMeta(letter: number): boolean {
    return this.#metaList.has(letter);
  }

  metaNumber(letter: number): number {
    return this.#metaList.number(letter);
  }

  reset(): void {
    this.#searchedBytes = 0;
  }

  parse(input: Uint8Array, start: number, end: number): number {
    let at = start + this.#searchedBytes;
    while (at < end && input[at] !== LF) {
      at++;
    }
    const length = at - start;
    if (length >= this.#limits.lineBytes) {
      this.#searchedBytes = 0;
      this.#surprise('the line is too long');
      return ParseResult.error;
    }
    if (at === end) {
      this.#searchedBytes = length;
      return ParseResult.needMore;
    }
    this.#searchedBytes = 0;
    this.#clear(input);
    if (length === 0 || input[at - 1] !== CR) {
      this.#surprise('the line does not end in CRLF');
      return ParseResult.error;
    }
    this.#at = start;
    this.#lineEnd = at - 1;
    return this.#parseLine(input, start) ? at + 1 : ParseResult.error;
  }

  #clear(input: Uint8Array): void {
    this.#input = input;
    this.keyBytes = input;
    this.keyStart = 0;
    this.keyEnd = 0;
    this.bodyBytes = -1;
    this.flags = 0;
    this.casHigh = 0;
    this.casLow = 0;
    this.ttlSeconds = -1;
    this.opaqueStart = 0;
    this.opaqueEnd = 0;
    this.messageStart = 0;
    this.messageEnd = 0;
    this.incarnationStart = 0;
    this.incarnationEnd = 0;
    this.#metaList.clear();
  }

  #surprise(reason: string): false {
    this.errorReason = reason;
    return false;
  }

  #parseLine(input: Uint8Array, start: number): boolean {
    const wordEnd = findSpace(input, start, this.#lineEnd);
    const reply = REPLIES.find(input, start, wordEnd);
    this.#at = wordEnd;
    if (reply === undefined) {
      return this.#parseNumber(start) || this.#surprise('the reply is unknown');
    }
    this.kind = reply.kind;
    return this.#parseShape(reply.shape);
  }

  #parseShape(shape: Shape): boolean {
    switch (shape) {
      case 'flags':
        return this.#parseFlags();
      case 'sizeAndFlags':
        return this.#parseSize() && this.#parseFlags();
      case 'nothing':
        return this.#isAtEnd() || this.#surprise('something stands behind a whole reply');
      case 'value':
        return this.#parseValue();
      case 'stat':
      case 'debug':
        return this.#takeKey() && this.#takeText(true);
      case 'text':
        return this.#takeText(false);
      case 'serverError':
        return this.#parseServerError();
      case 'hello':
        return this.#parseHello();
      default:
        return shape satisfies never;
    }
  }

  #isAtEnd(): boolean {
    return this.#at === this.#lineEnd;
  }

  /** Takes one space and the token behind it; false when there is none. */
  #take(): boolean {
    const start = this.#at + 1;
    if (start >= this.#lineEnd || this.#input[start] === SPACE) {
      return false;
    }
    this.#tokenStart = start;
    this.#at = findSpace(this.#input, start, this.#lineEnd);
    return true;
  }

  #takeKey(): boolean {
    if (!this.#take() || !this.#isKey(this.#tokenStart, this.#at)) {
      return this.#surprise('the key is malformed');
    }
    this.keyStart = this.#tokenStart;
    this.keyEnd = this.#at;
    return true;
  }

  #isKey(start: number, end: number): boolean {
    return end > start && end - start <= this.#limits.keyBytes && isToken(this.#input, start, end);
  }

  #takeUnsigned(max: number): number {
    return this.#take() ? parseUnsigned(this.#input, this.#tokenStart, this.#at, max) : MALFORMED;
  }

  /** Takes one space and the rest of the line, which may be empty, as the message; with `optional` the space may be missing too. */
  #takeText(optional: boolean): boolean {
    if (this.#isAtEnd()) {
      return optional || this.#surprise('the text is missing');
    }
    this.messageStart = this.#at + 1;
    this.messageEnd = this.#lineEnd;
    return isPrintable(this.#input, this.messageStart, this.messageEnd) || this.#surprise('the text is not printable');
  }

  #parseSize(): boolean {
    this.bodyBytes = this.#takeUnsigned(this.#limits.valueBytes);
    return this.bodyBytes !== MALFORMED || this.#surprise('the value length is malformed or above the limit');
  }

  /** `VALUE <key> <flags> <bytes>[ <version>]` */
  #parseValue(): boolean {
    if (!this.#takeKey()) {
      return false;
    }
    this.flags = this.#takeUnsigned(UINT32_MAX);
    if (this.flags === MALFORMED) {
      return this.#surprise('the client flags are malformed');
    }
    if (!this.#parseSize()) {
      return false;
    }
    const versionGood = this.#isAtEnd() || (this.#take() && this.#parseVersion());
    return (versionGood && this.#isAtEnd()) || this.#surprise('the version is malformed');
  }

  /** Reads the last token taken as a version. */
  #parseVersion(): boolean {
    const good = this.#number64.parse(this.#input, this.#tokenStart, this.#at);
    this.casHigh = this.#number64.high;
    this.casLow = this.#number64.low;
    return good;
  }

  #parseNumber(start: number): boolean {
    if (!this.#isAtEnd() || !this.#number64.parse(this.#input, start, this.#lineEnd)) {
      return false;
    }
    this.kind = K.number;
    this.valueHigh = this.#number64.high;
    this.valueLow = this.#number64.low;
    return true;
  }

  #parseFlags(): boolean {
    const list = this.#metaList;
    while (!this.#isAtEnd()) {
      if (!this.#take()) {
        return this.#surprise('a meta flag is missing');
      }
      const letter = this.#input[this.#tokenStart]!;
      if (!isLetter(letter) || list.has(letter)) {
        return this.#surprise('a meta flag is malformed or repeated');
      }
      this.#tokenStart++;
      list.add(letter, this.#tokenStart, this.#at);
      if (!this.#parseToken(letter)) {
        return this.#surprise('the token of a meta flag is malformed');
      }
    }
    return !list.has(MetaFlag.binaryKey) || this.#decodeKey() || this.#surprise('the key is no base64');
  }

  #parseToken(letter: number): boolean {
    const start = this.#tokenStart;
    const end = this.#at;
    switch (RESPONSE_FLAG_SYNTAX[letter]!) {
      case TokenSyntax.none:
        return start === end;
      case TokenSyntax.seconds:
        this.ttlSeconds = parseSigned(this.#input, start, end, -1, EXPTIME_SECONDS_MAX);
        this.#metaList.setNumber(letter, this.ttlSeconds);
        return this.ttlSeconds !== MALFORMED_SIGNED;
      case TokenSyntax.unsigned64:
        return this.#parseVersion();
      case TokenSyntax.unsigned32:
        this.flags = parseUnsigned(this.#input, start, end, UINT32_MAX);
        this.#metaList.setNumber(letter, this.flags);
        return this.flags !== MALFORMED;
      case TokenSyntax.unsigned53: {
        const value = parseUnsigned(this.#input, start, end, Number.MAX_SAFE_INTEGER);
        this.#metaList.setNumber(letter, value);
        return value !== MALFORMED;
      }
      case TokenSyntax.text:
        return letter === MetaFlag.opaque ? this.#setOpaque(start, end) : this.#setKey(start, end);
      default:
        return false;
    }
  }

  #setOpaque(start: number, end: number): boolean {
    this.opaqueStart = start;
    this.opaqueEnd = end;
    return end - start <= OPAQUE_BYTES_MAX && isToken(this.#input, start, end);
  }

  #setKey(start: number, end: number): boolean {
    this.keyStart = start;
    this.keyEnd = end;
    return this.#isKey(start, end);
  }

  #decodeKey(): boolean {
    const count = decodeBase64(this.#input, this.keyStart, this.keyEnd, this.#decodedKey);
    this.keyBytes = this.#decodedKey;
    this.keyStart = 0;
    this.keyEnd = count;
    return count > 0;
  }

  #parseServerError(): boolean {
    const wordStart = this.#at + 1;
    if (!this.#takeText(false)) {
      return false;
    }
    const wordEnd = findSpace(this.#input, wordStart, this.#lineEnd);
    if (spells(this.#input, wordStart, this.#lineEnd, BUSY_WORD)) {
      this.kind = K.busy;
    } else if (spells(this.#input, wordStart, wordEnd, NOT_OWNER_WORD)) {
      this.kind = K.notOwner;
      this.#at = wordEnd;
      return this.#parseNotOwner();
    }
    return true;
  }

  /** `SERVER_ERROR not_owner <epoch>[ <member id>]` */
  #parseNotOwner(): boolean {
    this.epoch = this.#takeUnsigned(Number.MAX_SAFE_INTEGER);
    if (this.epoch === MALFORMED) {
      return this.#surprise('the epoch is malformed');
    }
    this.messageStart = this.#at;
    this.messageEnd = this.#at;
    if (this.#isAtEnd()) {
      return true;
    }
    const taken = this.#take();
    this.messageStart = this.#tokenStart;
    this.messageEnd = this.#at;
    return (taken && this.#isAtEnd()) || this.#surprise('the member id is malformed');
  }

  /** `RW <node id> <incarnation> <epoch>` */
  #parseHello(): boolean {
    if (!this.#takeText(false)) {
      return false;
    }
    const nodeTaken = this.#take();
    this.messageStart = this.#tokenStart;
    this.messageEnd = this.#at;
    const incarnationTaken = nodeTaken && this.#take();
    this.incarnationStart = this.#tokenStart;
    this.incarnationEnd = this.#at;
    this.epoch = incarnationTaken ? this.#takeUnsigned(Number.MAX_SAFE_INTEGER) : MALFORMED;
    return (this.epoch !== MALFORMED && this.#isAtEnd()) || this.#surprise('the handshake is malformed');
  }
}

export function createResponseParser(limits?: Partial<ProtocolLimits>): ResponseParser {
  return new LineResponseParser(limits);
}
