/**
 * What HTTP knows about a value beyond its bytes, stored as one block in front of them.
 *
 *     client flags (32 bits):   0x5257 | block length (16 bits)      "RW"
 *     stored value:             block, then the body
 *
 *     block:   +---------+----------------------------------------+
 *              | version | field | field | ...                    |
 *              | 1 byte  |                                        |
 *              +---------+----------------------------------------+
 *     field:   +------+---------------------+---------------------+
 *              | id   | length, big-endian  | bytes               |
 *              | 1    | 2                   | length              |
 *              +------+---------------------+---------------------+
 *
 * A value that needs no field has no block and flags 0. Nodes never look inside. A block that does not parse was not
 * written by us (any memcached client may choose these flags): its value is then served whole, as plain bytes.
 */
export interface Metadata {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
}

const VERSION = 1;
const FLAGS_MAGIC = 0x5257;
const FIELD_HEADER_BYTES = 3;

const FieldId = { contentType: 1, contentEncoding: 2, contentLanguage: 3 } as const;

export interface EncodedMetadata {
  readonly flags: number;
  readonly block: Uint8Array;
}

const NONE: EncodedMetadata = { flags: 0, block: new Uint8Array(0) };

/** The block for these fields and the client flags that announce it. Field values are latin1 text, checked before. */
export function encodeMetadata(metadata: Metadata): EncodedMetadata {
  const fields: [number, string][] = [];
  if (metadata.contentType !== undefined) fields.push([FieldId.contentType, metadata.contentType]);
  if (metadata.contentEncoding !== undefined) fields.push([FieldId.contentEncoding, metadata.contentEncoding]);
  if (metadata.contentLanguage !== undefined) fields.push([FieldId.contentLanguage, metadata.contentLanguage]);
  if (fields.length === 0) return NONE;
  const length = fields.reduce((sum, [, text]) => sum + FIELD_HEADER_BYTES + text.length, 1);
  const block = Buffer.allocUnsafe(length);
  let at = block.writeUInt8(VERSION, 0);
  for (const [id, text] of fields) {
    at = block.writeUInt8(id, at);
    at = block.writeUInt16BE(text.length, at);
    at += block.write(text, at, 'latin1');
  }
  return { flags: ((FLAGS_MAGIC << 16) | length) >>> 0, block };
}

/** How many bytes of the stored value are the block; 0 when these flags announce none. */
export function metadataBytes(flags: number, storedBytes: number): number {
  if (flags >>> 16 !== FLAGS_MAGIC) return 0;
  const length = flags & 0xffff;
  return length <= storedBytes ? length : 0;
}

/** Reads the block at input[start, end). Undefined: not one of ours. Unknown field ids are skipped: a newer writer's. */
export function decodeMetadata(input: Uint8Array, start: number, end: number): Metadata | undefined {
  if (start >= end || input[start] !== VERSION) return undefined;
  const found: { -readonly [K in keyof Metadata]: Metadata[K] } = {};
  let at = start + 1;
  while (at < end) {
    if (at + FIELD_HEADER_BYTES > end) return undefined;
    const id = input[at];
    const length = ((input[at + 1] ?? 0) << 8) | (input[at + 2] ?? 0);
    const textStart = at + FIELD_HEADER_BYTES;
    at = textStart + length;
    if (at > end) return undefined;
    const text = headerText(input, textStart, at);
    if (text === undefined) return undefined;
    if (id === FieldId.contentType) found.contentType = text;
    else if (id === FieldId.contentEncoding) found.contentEncoding = text;
    else if (id === FieldId.contentLanguage) found.contentLanguage = text;
  }
  return found;
}

/** Visible ASCII and spaces only: anything else in a header value would break the answer of every reader of the key. */
function headerText(input: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = input[i] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
