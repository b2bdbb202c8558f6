import {
  Reply,
  RequestKind,
  ResponseKind,
  writeMetaArithmetic,
  writeMetaDelete,
  writeMetaGet,
  writeMetaSetHeader,
  writeValue,
  writeValueCas,
  type Output,
  type RequestParser,
} from '@ringway/protocol';
import type { Counters } from '../counters.ts';
import { decodeMetadata, metadataBytes } from '../entry/metadata.ts';
import { statusTable, type RelayOptions } from './relay.ts';

/** How a text command is said to a node, and how the node's reply is said to the client. */
export type Translation = Pick<RelayOptions, 'write' | 'translate'>;

/** A wire key: bytes[0, length). */
export interface WireKey {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** Where the client's own part begins, after the namespace and its slash. */
  readonly ownStart: number;
}

/** One key of get, gets, gat or gats; a hit is counted. */
export function readCommand(request: RequestParser, key: WireKey, counters: Counters): Translation {
  const { kind } = request;
  const withVersion = kind === RequestKind.gets || kind === RequestKind.gats;
  const touches = kind === RequestKind.gat || kind === RequestKind.gats;
  const flags = `v f${withVersion ? ' c' : ''}${touches ? ` T${request.exptime}` : ''}`;
  // The reply names the key as the client wrote it; the request's own bytes are gone by then.
  const own = Buffer.copyBytesFrom(key.bytes, key.ownStart, key.length - key.ownStart);
  return {
    write: (out) => writeMetaGet(out, key.bytes, 0, key.length, flags),
    translate: (out, reply, input, bodyStart, bodyEnd) => {
      if (reply.kind === ResponseKind.miss) return true;
      if (reply.kind !== ResponseKind.value) return false;
      counters.hits++;
      const body = bodyAlone(reply.flags, input, bodyStart, bodyEnd);
      const size = bodyEnd - body.start;
      if (withVersion) writeValueCas(out, own, 0, own.length, body.flags, size, reply.casHigh, reply.casLow);
      else writeValue(out, own, 0, own.length, body.flags, size);
      out.copy(input, body.start, bodyEnd);
      out.crlf();
      return true;
    },
  };
}

/** A value that HTTP wrote carries its metadata in front; a memcached client gets the body, and no flags of ours. */
function bodyAlone(flags: number, input: Uint8Array, start: number, end: number): { start: number; flags: number } {
  const blockBytes = metadataBytes(flags, end - start);
  if (blockBytes === 0 || decodeMetadata(input, start, start + blockBytes) === undefined) return { start, flags };
  return { start: start + blockBytes, flags: 0 };
}

const STORE_REPLIES = statusTable({
  [ResponseKind.hit]: Reply.stored,
  [ResponseKind.notStored]: Reply.notStored,
  [ResponseKind.exists]: Reply.exists,
  [ResponseKind.notFound]: Reply.notFound,
});

const STORE_MODES: Partial<Record<RequestKind, string>> = {
  [RequestKind.set]: '',
  [RequestKind.cas]: '',
  [RequestKind.add]: ' ME',
  [RequestKind.replace]: ' MR',
  [RequestKind.append]: ' MA',
};

/** set, add, replace, append, cas. Undefined: not a command that stores through here. */
export function storeCommand(
  request: RequestParser,
  key: WireKey,
  body: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
): Translation | undefined {
  const mode = STORE_MODES[request.kind];
  if (mode === undefined) return undefined;
  const compare = request.kind === RequestKind.cas ? ` C${decimal(request.casHigh, request.casLow)}` : '';
  const flags = `F${request.flags} T${request.exptime}${mode}${compare}`;
  return {
    write: (out) => {
      writeMetaSetHeader(out, key.bytes, 0, key.length, body.end - body.start, flags);
      out.copy(body.bytes, body.start, body.end);
      out.crlf();
    },
    translate: STORE_REPLIES,
  };
}

const DELETE_REPLIES = statusTable({ [ResponseKind.hit]: Reply.deleted, [ResponseKind.notFound]: Reply.notFound });
const TOUCH_REPLIES = statusTable({ [ResponseKind.hit]: Reply.touched, [ResponseKind.miss]: Reply.notFound });

/** delete, touch, incr, decr. Undefined: not one of them. */
export function keyCommand(request: RequestParser, key: WireKey): Translation | undefined {
  const { kind, exptime } = request;
  if (kind === RequestKind.delete) {
    return { write: (out) => writeMetaDelete(out, key.bytes, 0, key.length, ''), translate: DELETE_REPLIES };
  }
  if (kind === RequestKind.touch) {
    return { write: (out) => writeMetaGet(out, key.bytes, 0, key.length, `T${exptime}`), translate: TOUCH_REPLIES };
  }
  if (kind !== RequestKind.incr && kind !== RequestKind.decr) return undefined;
  const flags = `v D${decimal(request.deltaHigh, request.deltaLow)}${kind === RequestKind.decr ? ' MD' : ''}`;
  return {
    write: (out) => writeMetaArithmetic(out, key.bytes, 0, key.length, flags),
    translate: (out, reply, input, bodyStart, bodyEnd) => {
      if (reply.kind === ResponseKind.value) return number(out, input, bodyStart, bodyEnd);
      if (reply.kind !== ResponseKind.notFound) return false;
      out.ascii(Reply.notFound);
      return true;
    },
  };
}

function number(out: Output, input: Uint8Array, start: number, end: number): boolean {
  out.copy(input, start, end);
  out.crlf();
  return true;
}

function decimal(high: number, low: number): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}
