import { MetaFlag, ResponseKind } from '@ringway/protocol';
import type { ResponseParser } from '@ringway/protocol';
import { bigintOf, text } from './bytes.ts';
import type { ParsedReply } from './response-table.ts';

const KIND_NAMES = new Map<ResponseKind, string>(Object.entries(ResponseKind).map(([name, kind]) => [kind, name]));

/** The fields of the reply line that the parser has just accepted. */
export function describeReply(parser: ResponseParser, input: Uint8Array): ParsedReply {
  const { kind } = parser;
  const key = text(parser.keyBytes, parser.keyStart, parser.keyEnd);
  const opaque = text(input, parser.opaqueStart, parser.opaqueEnd);
  const message = text(input, parser.messageStart, parser.messageEnd);
  const cas = bigintOf(parser.casHigh, parser.casLow);
  const value = bigintOf(parser.valueHigh, parser.valueLow);
  const meta = Array.from(
    { length: parser.metaFlagCount },
    (_, i) =>
      String.fromCharCode(parser.metaFlags[i]!) + text(input, parser.metaTokenStarts[i], parser.metaTokenEnds[i]),
  );
  return {
    kind: KIND_NAMES.get(kind)!,
    ...(key !== '' && { key }),
    ...(parser.bodyBytes >= 0 && { bodyBytes: parser.bodyBytes }),
    ...(parser.flags !== 0 && { flags: parser.flags }),
    ...(cas !== 0n && { cas }),
    ...(kind === ResponseKind.number && value !== 0n && { value }),
    ...(parser.hasMeta(MetaFlag.returnTtl) && { ttl: parser.ttlSeconds }),
    ...(parser.won && { won: true }),
    ...(parser.stale && { stale: true }),
    ...(parser.alreadySent && { alreadySent: true }),
    ...(opaque !== '' && { opaque }),
    ...(meta.length > 0 && { meta }),
    ...(message !== '' && { message }),
    ...((kind === ResponseKind.notOwner || kind === ResponseKind.hello) && { epoch: parser.epoch }),
    ...(kind === ResponseKind.hello && { incarnation: text(input, parser.incarnationStart, parser.incarnationEnd) }),
  };
}
