import { base64Bytes } from './base64.ts';
import { findNewline, skipSpaces } from './byte.ts';
import { commandKind, isCommandLike, isHttp, isMultiKeyRead } from './command-word.ts';
import { Unsigned64 } from './decimal.ts';
import { ErrorLine } from './error-line.ts';
import { META_FLAG_COUNT_MAX, resolveLimits } from './limits.ts';
import type { ProtocolLimits } from './limits.ts';
import { MetaFlagList } from './meta-flag-list.ts';
import { parseMetaArithmetic, parseMetaDebug, parseMetaDelete, parseMetaGet, parseMetaSet } from './meta-request.ts';
import { ParseResult } from './parse-result.ts';
import { refuse, refuseFatally } from './refusal.ts';
import { RequestKind } from './request-kind.ts';
import type { RequestFields, RequestParser } from './request.ts';
import {
  parseArguments,
  parseArithmetic,
  parseDelete,
  parseFlushAll,
  parseGet,
  parseGetAndTouch,
  parseHello,
  parseStore,
  parseTouch,
  parseVerbosity,
} from './text-request.ts';
import { WordLine } from './word-line.ts';

const NO_BYTES = new Uint8Array(0);

class LineRequestParser implements RequestParser, RequestFields {
  input: Uint8Array = NO_BYTES;
  kind: RequestKind = RequestKind.version;
  keyBytes: Uint8Array = NO_BYTES;
  keyStart = 0;
  keyEnd = 0;
  keyBinary = false;
  keyCount = 0;
  flags = 0;
  exptime = 0;
  bodyBytes = -1;
  noreply = false;
  casHigh = 0;
  casLow = 0;
  newCasHigh = 0;
  newCasLow = 0;
  deltaHigh = 0;
  deltaLow = 0;
  initialHigh = 0;
  initialLow = 0;
  epoch = 0;
  mode = 0;
  errorLine = '';
  errorSkipBytes = 0;
  errorFatal = false;
  errorNext = 0;

  readonly limits: ProtocolLimits;
  readonly line: WordLine;
  readonly metaList: MetaFlagList = new MetaFlagList();
  readonly number64: Unsigned64 = new Unsigned64();
  readonly decodedKey: Uint8Array;

  /** Bytes of the current line that are known to hold no newline. */
  #searchedBytes = 0;
  /** What retain() copies the line to; made when a line is retained for the first time, which in most sessions none is. */
  #retained: Uint8Array = NO_BYTES;

  constructor(limits: Partial<ProtocolLimits> | undefined) {
    this.limits = resolveLimits(limits);
    // One more than there may be keys: the exptime of gat stands in front of them.
    this.line = new WordLine(Math.max(this.limits.multiGetKeys, META_FLAG_COUNT_MAX) + 1);
    this.decodedKey = new Uint8Array(base64Bytes(this.limits.keyBytes));
  }

  get keyStarts(): Int32Array {
    return this.line.argumentStarts;
  }

  get keyEnds(): Int32Array {
    return this.line.argumentEnds;
  }

  get metaFlagCount(): number {
    return this.metaList.count;
  }

  get metaFlags(): Uint8Array {
    return this.metaList.letters;
  }

  get metaTokenStarts(): Int32Array {
    return this.metaList.tokenStarts;
  }

  get metaTokenEnds(): Int32Array {
    return this.metaList.tokenEnds;
  }

  hasMeta(letter: number): boolean {
    return this.metaList.has(letter);
  }

  metaNumber(letter: number): number {
    return this.metaList.number(letter);
  }

  reset(): void {
    this.#searchedBytes = 0;
  }

  parse(input: Uint8Array, start: number, end: number): number {
    const { line } = this;
    const searched = this.#searchedBytes;
    const stillOpen = searched > 0 && findNewline(input, start + searched, end) === end;
    const next = stillOpen ? ParseResult.needMore : line.cut(input, start, end);
    const lineBytes = (next < 0 ? end : next) - start;
    if (lineBytes >= this.limits.lineBytes && this.#isTooLong(input, start, lineBytes, next >= 0)) {
      return this.#refuseLine(next < 0 ? end : next);
    }
    if (next < 0) {
      this.#searchedBytes = lineBytes;
      return ParseResult.needMore;
    }
    this.#searchedBytes = 0;
    this.#clear();
    this.input = input;
    this.keyBytes = input;
    if (this.#parseLine(input)) {
      return next;
    }
    this.errorNext = next;
    return ParseResult.error;
  }

  retain(): void {
    const { input, line } = this;
    const { start, end } = line;
    const length = end - start;
    if (length > this.#retained.length) {
      this.#retained = new Uint8Array(Math.max(length, this.limits.lineBytes));
    }
    const retained = this.#retained;
    for (let i = 0; i < length; i++) {
      retained[i] = input[start + i]!;
    }
    line.shift(-start);
    this.metaList.shift(-start);
    if (!this.keyBinary && this.keyCount > 0) {
      this.keyBytes = retained;
      this.keyStart -= start;
      this.keyEnd -= start;
    }
    this.input = retained;
  }

  /** Forgets the last line, so that no field of it can be taken for one of this line. */
  #clear(): void {
    this.keyStart = 0;
    this.keyEnd = 0;
    this.keyBinary = false;
    this.keyCount = 0;
    this.flags = 0;
    this.exptime = 0;
    this.bodyBytes = -1;
    this.noreply = false;
    this.casHigh = 0;
    this.casLow = 0;
    this.newCasHigh = 0;
    this.newCasLow = 0;
    this.deltaHigh = 0;
    this.deltaLow = 0;
    this.initialHigh = 0;
    this.initialLow = 0;
    this.mode = 0;
    this.metaList.clear();
  }

  /** Whether a line of so many bytes, all of it or what has come of it, is longer than its command may be. */
  #isTooLong(input: Uint8Array, start: number, byteCount: number, isWhole: boolean): boolean {
    const { lineBytes, multiGetLineBytes } = this.limits;
    const commandStart = skipSpaces(input, start, start + byteCount);
    const limit = isMultiKeyRead(input, commandStart, start + byteCount) ? multiGetLineBytes : lineBytes;
    return isWhole ? byteCount > limit : byteCount >= limit;
  }

  #refuseLine(next: number): number {
    this.#searchedBytes = 0;
    this.#clear();
    refuseFatally(this, ErrorLine.lineTooLong);
    this.errorNext = next;
    return ParseResult.error;
  }

  #parseLine(input: Uint8Array): boolean {
    const { commandStart, commandEnd } = this.line;
    const kind = commandKind(input, commandStart, commandEnd);
    if (kind === undefined) {
      return this.#refuseUnknown(input);
    }
    this.kind = kind;
    switch (kind) {
      case RequestKind.get:
      case RequestKind.gets:
        return parseGet(this);
      case RequestKind.metaGet:
        return parseMetaGet(this);
      case RequestKind.metaSet:
        return parseMetaSet(this);
      case RequestKind.set:
      case RequestKind.add:
      case RequestKind.replace:
      case RequestKind.append:
      case RequestKind.prepend:
      case RequestKind.cas:
        return parseStore(this);
      case RequestKind.gat:
      case RequestKind.gats:
        return parseGetAndTouch(this);
      case RequestKind.incr:
      case RequestKind.decr:
        return parseArithmetic(this);
      case RequestKind.touch:
        return parseTouch(this);
      case RequestKind.delete:
        return parseDelete(this);
      case RequestKind.metaDelete:
        return parseMetaDelete(this);
      case RequestKind.metaArithmetic:
        return parseMetaArithmetic(this);
      case RequestKind.metaDebug:
        return parseMetaDebug(this);
      case RequestKind.stats:
      case RequestKind.shutdown:
        return parseArguments(this);
      case RequestKind.verbosity:
        return parseVerbosity(this);
      case RequestKind.flushAll:
        return parseFlushAll(this);
      case RequestKind.hello:
        return parseHello(this);
      case RequestKind.metaNoop:
      case RequestKind.version:
      case RequestKind.quit:
        return true;
      default:
        return kind satisfies never;
    }
  }

  #refuseUnknown(input: Uint8Array): false {
    const { commandStart, commandEnd, end } = this.line;
    if (isHttp(input, commandStart, end)) {
      return refuseFatally(this, ErrorLine.silent);
    }
    return isCommandLike(input, commandStart, commandEnd)
      ? refuse(this, ErrorLine.unknownCommand)
      : refuseFatally(this, ErrorLine.unknownCommand);
  }
}

export function createRequestParser(limits?: Partial<ProtocolLimits>): RequestParser {
  return new LineRequestParser(limits);
}
