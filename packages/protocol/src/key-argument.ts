import { isToken } from './byte.ts';
import { decodeBase64 } from './base64.ts';
import type { RequestFields } from './request.ts';

/** Whether argument i can be a key: at most keyBytes bytes, none of them a control byte or DEL. */
export function isKey(fields: RequestFields, i: number): boolean {
  const { line } = fields;
  const start = line.argumentStarts[i]!;
  const end = line.argumentEnds[i]!;
  return end - start <= fields.limits.keyBytes && (!line.hasControl || isToken(fields.input, start, end));
}

/** Takes argument 0 as the key; false when it cannot be one. */
export function takeKey(fields: RequestFields): boolean {
  const { line } = fields;
  fields.keyStart = line.argumentStarts[0]!;
  fields.keyEnd = line.argumentEnds[0]!;
  fields.keyCount = 1;
  return isKey(fields, 0);
}

/** Takes all arguments as keys; false when one of them cannot be one. */
export function takeKeys(fields: RequestFields): boolean {
  const { line } = fields;
  const count = line.argumentCount;
  for (let i = 0; i < count; i++) {
    if (!isKey(fields, i)) {
      return false;
    }
  }
  fields.keyCount = count;
  if (count > 0) {
    fields.keyStart = line.argumentStarts[0]!;
    fields.keyEnd = line.argumentEnds[0]!;
  }
  return true;
}

/** Replaces the key by what it is the base64 of; false when it is none. */
export function decodeKey(fields: RequestFields): boolean {
  const { line, decodedKey } = fields;
  const count = decodeBase64(fields.input, line.argumentStarts[0]!, line.argumentEnds[0]!, decodedKey);
  if (count < 0) {
    return false;
  }
  fields.keyBinary = true;
  fields.keyBytes = decodedKey;
  fields.keyStart = 0;
  fields.keyEnd = count;
  return true;
}
