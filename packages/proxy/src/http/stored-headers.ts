import type { Metadata } from '../entry/metadata.ts';
import { CONTENT_ENCODING_BYTES_MAX, CONTENT_LANGUAGE_BYTES_MAX, CONTENT_TYPE_BYTES_MAX } from '../limits.ts';
import { Problem } from './problems.ts';

/**
 * The representation headers that a PUT stores with the value and a GET replays. They are checked by grammar here,
 * because one that Node refuses to send would turn every later read of the key into an error.
 */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t \\x21-\\x7e])*"';
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[ \\t]*;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|${QUOTED}))?)*$`);
const TOKEN_LIST = new RegExp(`^${TOKEN}(?:[ \\t]*,[ \\t]*${TOKEN})*$`);

/** What a read says when nothing was stored: bytes of unknown meaning. Not stored, as it is the default. */
export const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

export function storedHeaders(headers: {
  readonly 'content-type'?: string | undefined;
  readonly 'content-encoding'?: string | undefined;
  readonly 'content-language'?: string | string[] | undefined;
}): Metadata {
  const contentType = headers['content-type'];
  const contentEncoding = headers['content-encoding'];
  const contentLanguage = headers['content-language'];
  if (contentType !== undefined) {
    check('Content-Type', contentType, MEDIA_TYPE, CONTENT_TYPE_BYTES_MAX, 'text/plain; charset=utf-8');
  }
  if (contentEncoding !== undefined) {
    check('Content-Encoding', contentEncoding, TOKEN_LIST, CONTENT_ENCODING_BYTES_MAX, 'gzip');
  }
  const language = typeof contentLanguage === 'object' ? contentLanguage.join(', ') : contentLanguage;
  if (language !== undefined) check('Content-Language', language, TOKEN_LIST, CONTENT_LANGUAGE_BYTES_MAX, 'en, de-CH');
  return {
    contentType: contentType === DEFAULT_CONTENT_TYPE ? undefined : contentType,
    contentEncoding,
    contentLanguage: language,
  };
}

function check(name: string, value: string, grammar: RegExp, bytesMax: number, example: string): void {
  if (value.length > bytesMax) {
    throw new Problem('metadata-invalid', `${name} may have at most ${bytesMax} bytes; it is stored with the value.`);
  }
  if (!grammar.test(value)) {
    throw new Problem(
      'metadata-invalid',
      `${name} is stored and sent again with the value, so it must be valid, such as ${example}.`,
    );
  }
}
