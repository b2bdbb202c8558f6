export { DEFAULT_LIMITS } from './limits.ts';
export type { ProtocolLimits } from './limits.ts';
export { ProtocolError, ProtocolErrorCode } from './protocol-error.ts';
export { createOutput } from './output.ts';
export type { Output } from './output.ts';
export { MetaFlag, MetaMode } from './meta-flag.ts';
export { ParseResult } from './parse-result.ts';

export { ErrorLine } from './error-line.ts';
export { RequestKind } from './request-kind.ts';
export { createRequestParser } from './request-parser.ts';
export type { RequestParser } from './request.ts';
export {
  writeMetaArithmetic,
  writeMetaDebug,
  writeMetaDelete,
  writeMetaGet,
  writeMetaNoop,
  writeMetaSet,
  writeMetaSetHeader,
} from './meta-request-writer.ts';
export {
  writeArithmetic,
  writeBare,
  writeCas,
  writeDelete,
  writeFlushAll,
  writeGet,
  writeGetAndTouch,
  writeStore,
  writeTouch,
  writeVerbosity,
  writeWithArguments,
} from './text-request-writer.ts';
export type {
  ArithmeticVerb,
  GetAndTouchVerb,
  GetVerb,
  StoreOptions,
  StoreVerb,
  Words64,
} from './text-request-writer.ts';

export { ResponseKind } from './response-kind.ts';
export { createResponseParser } from './response-parser.ts';
export type { ResponseParser } from './response.ts';
export {
  Reply,
  writeErrorLine,
  writeMetaDebugReply,
  writeMetaStatus,
  writeMetaValue,
  writeNumber,
  writeStat,
  writeValue,
  writeValueCas,
  writeVersion,
} from './reply.ts';
export type { MetaFields, MetaStatus } from './reply.ts';

export { writeHello, writeHelloReply, writeNotOwner } from './node-extension.ts';
export type { Hello, HelloReply, NotOwner } from './node-extension.ts';
