import { ENTITY_TAG_COUNT_MAX } from '../limits.ts';
import { Problem } from './problems.ts';

/**
 * Conditional requests, RFC 9110 section 13. A precondition is what one header demands of the current entity tag.
 * If-Modified-Since and If-Unmodified-Since are not evaluated: nothing here has a modification date.
 */
export interface Preconditions {
  readonly ifMatch: EntityTags | undefined;
  readonly ifNoneMatch: EntityTags | undefined;
}

/** `*`, or the tags of the list; `strong` are those without W/. Tags are kept with their quotes. */
export type EntityTags = '*' | { readonly strong: readonly string[]; readonly all: readonly string[] };

export type Verdict = 'proceed' | 'not-modified' | 'failed';

export const UNCONDITIONAL: Preconditions = { ifMatch: undefined, ifNoneMatch: undefined };

export function parsePreconditions(headers: {
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
}): Preconditions {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch === undefined && ifNoneMatch === undefined) return UNCONDITIONAL;
  return {
    ifMatch: ifMatch === undefined ? undefined : parseEntityTags(ifMatch, 'If-Match'),
    ifNoneMatch: ifNoneMatch === undefined ? undefined : parseEntityTags(ifNoneMatch, 'If-None-Match'),
  };
}

/**
 * RFC 9110 13.2.2, steps 1, 3 and the outcome of each.
 *
 * @param entityTag the current strong tag with its quotes; undefined when nothing is stored
 * @param isRead GET or HEAD: a failed If-None-Match is "not modified" there, and "failed" elsewhere
 */
export function evaluate(preconditions: Preconditions, entityTag: string | undefined, isRead: boolean): Verdict {
  const { ifMatch, ifNoneMatch } = preconditions;
  if (ifMatch !== undefined) {
    if (entityTag === undefined) return 'failed';
    if (ifMatch !== '*' && !ifMatch.strong.includes(entityTag)) return 'failed';
  }
  if (ifNoneMatch !== undefined && entityTag !== undefined) {
    if (ifNoneMatch === '*' || ifNoneMatch.all.includes(entityTag)) return isRead ? 'not-modified' : 'failed';
  }
  return 'proceed';
}

/** entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE, in a comma-separated list that may have empty members (RFC 9110 8.8.3, 5.6.1). */
export function parseEntityTags(text: string, header: string): EntityTags {
  if (text.trim() === '*') return '*';
  const strong: string[] = [];
  const all: string[] = [];
  const tag = /[ \t]*(?:(W\/)?("[\x21\x23-\x7e\x80-\xff]*"))?[ \t]*(,|$)/gy;
  while (tag.lastIndex < text.length) {
    const match = tag.exec(text);
    if (match === null) {
      throw new Problem(
        'precondition-malformed',
        `${header} must be * or a list of quoted entity tags, such as "7-42".`,
      );
    }
    const opaque = match[2];
    if (opaque === undefined) continue;
    all.push(opaque);
    if (match[1] === undefined) strong.push(opaque);
    if (all.length > ENTITY_TAG_COUNT_MAX) {
      throw new Problem('precondition-malformed', `${header} may list at most ${ENTITY_TAG_COUNT_MAX} entity tags.`);
    }
  }
  if (all.length === 0) {
    throw new Problem('precondition-malformed', `${header} is empty: send * or a quoted entity tag, or leave it out.`);
  }
  return { strong, all };
}
