import { BULK_REQUEST_BYTES } from '@ringway/client';
import { writeMetaDelete, writeMetaGet, writeMetaSetHeader, type Output } from '@ringway/protocol';
import { entityTag, versionOfEntityTag } from '../entry/entity-tag.ts';
import type { EncodedMetadata } from '../entry/metadata.ts';
import { PRECONDITION_ATTEMPTS_MAX } from '../limits.ts';
import type { NodeLink } from '../routing/node-link.ts';
import { Command, type Outcome } from './command.ts';
import { evaluate, UNCONDITIONAL, type Preconditions } from './conditions.ts';

/** One key and its node, for requests that may take more than one exchange: the bytes are the request's own. */
export interface Target {
  readonly key: Uint8Array;
  readonly link: NodeLink;
  readonly deadlineMs: number;
}

export interface Value {
  readonly metadata: EncodedMetadata;
  readonly body: Uint8Array;
  /** As the memcached protocol takes it; undefined: does not expire. */
  readonly expiry: number | undefined;
}

export type WriteResult =
  | { readonly kind: 'created'; readonly entityTag: string }
  | { readonly kind: 'overwritten'; readonly entityTag: string }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly failure: Extract<Outcome, { kind: 'failed' }>['failure'] };

/**
 * What the node itself can be made to check, so that the common conditions cost one exchange and have no race:
 *
 *     If-None-Match: *          add
 *     If-Match: *               replace
 *     If-Match: "tag"           compare with that version
 *     anything else             ask for the version, evaluate here, then compare with the version seen
 */
type Guard =
  | { readonly kind: 'none' | 'add' | 'replace' | 'ask' | 'never' }
  | { readonly kind: 'compare'; readonly version: string };

function guardOf(preconditions: Preconditions): Guard {
  const { ifMatch, ifNoneMatch } = preconditions;
  if (preconditions === UNCONDITIONAL) return { kind: 'none' };
  if (ifMatch === undefined && ifNoneMatch === '*') return { kind: 'add' };
  if (ifNoneMatch !== undefined || ifMatch === undefined) return { kind: 'ask' };
  if (ifMatch === '*') return { kind: 'replace' };
  const versions = ifMatch.strong.map(versionOfEntityTag).filter((version) => version !== undefined);
  const [version, ...others] = versions;
  if (version === undefined) return { kind: 'never' };
  return others.length > 0 ? { kind: 'ask' } : { kind: 'compare', version };
}

export async function store(target: Target, value: Value, preconditions: Preconditions): Promise<WriteResult> {
  const guard = guardOf(preconditions);
  switch (guard.kind) {
    case 'none':
      return stored(await sendStore(target, value, ''), 'overwritten');
    case 'add':
      return stored(await sendStore(target, value, ' ME'), 'created');
    case 'replace':
      return stored(await sendStore(target, value, ' MR'), 'overwritten');
    case 'compare':
      return stored(await sendStore(target, value, ` C${guard.version}`), 'overwritten');
    case 'never':
      return { kind: 'precondition-failed' };
    case 'ask':
      return guarded(target, preconditions, 'stored', (version) =>
        version === undefined ? sendStore(target, value, ' ME') : sendStore(target, value, ` C${version}`),
      );
    default:
      return guard satisfies never;
  }
}

export async function remove(target: Target, preconditions: Preconditions): Promise<WriteResult> {
  const guard = guardOf(preconditions);
  switch (guard.kind) {
    case 'none':
      return removed(await sendRemove(target, ''), 'absent');
    case 'replace':
      return removed(await sendRemove(target, ''), 'precondition-failed');
    case 'compare':
      return removed(await sendRemove(target, `C${guard.version}`), 'precondition-failed');
    case 'never':
      return { kind: 'precondition-failed' };
    case 'add':
    case 'ask':
      return guarded(target, preconditions, 'deleted', (version) =>
        version === undefined ? Promise.resolve(NOTHING_THERE) : sendRemove(target, `C${version}`),
      );
    default:
      return guard satisfies never;
  }
}

const NOTHING_THERE: Outcome = { kind: 'absent' };

/** Asks for the version, evaluates the preconditions against it, and acts on that version only; again when it changed in between. */
async function guarded(
  target: Target,
  preconditions: Preconditions,
  onDone: 'stored' | 'deleted',
  act: (version: string | undefined) => Promise<Outcome>,
): Promise<WriteResult> {
  for (let attempt = 0; attempt < PRECONDITION_ATTEMPTS_MAX; attempt++) {
    // Each round depends on the one before it.
    // oxlint-disable-next-line no-await-in-loop
    const current = await sendAsk(target);
    if (current.kind === 'failed') return current;
    const tag = current.kind === 'done' ? entityTag(current.high, current.low) : undefined;
    if (evaluate(preconditions, tag, false) === 'failed') return { kind: 'precondition-failed' };
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await act(tag === undefined ? undefined : versionOfEntityTag(tag));
    if (outcome === NOTHING_THERE) return { kind: 'absent' };
    if (outcome.kind === 'failed') return outcome;
    if (outcome.kind === 'done' && onDone === 'deleted') return { kind: 'deleted' };
    if (outcome.kind === 'done') {
      return { kind: tag === undefined ? 'created' : 'overwritten', entityTag: entityTag(outcome.high, outcome.low) };
    }
  }
  return { kind: 'conflict' };
}

function stored(outcome: Outcome, done: 'created' | 'overwritten'): WriteResult {
  if (outcome.kind === 'done') return { kind: done, entityTag: entityTag(outcome.high, outcome.low) };
  return outcome.kind === 'failed' ? outcome : { kind: 'precondition-failed' };
}

function removed(outcome: Outcome, absent: 'absent' | 'precondition-failed'): WriteResult {
  if (outcome.kind === 'done') return { kind: 'deleted' };
  if (outcome.kind === 'failed') return outcome;
  return { kind: outcome.kind === 'absent' ? absent : 'precondition-failed' };
}

function sendStore(target: Target, value: Value, mode: string): Promise<Outcome> {
  const { metadata, body, expiry } = value;
  const storedBytes = metadata.block.length + body.length;
  const flags = `c F${metadata.flags}${expiry === undefined ? '' : ` T${expiry}`}${mode}`;
  return send(target, storedBytes >= BULK_REQUEST_BYTES, (out) => {
    writeMetaSetHeader(out, target.key, 0, target.key.length, storedBytes, flags);
    out.copy(metadata.block, 0, metadata.block.length);
    out.copy(body, 0, body.length);
    out.crlf();
  });
}

function sendRemove(target: Target, flags: string): Promise<Outcome> {
  return send(target, false, (out) => writeMetaDelete(out, target.key, 0, target.key.length, flags));
}

function sendAsk(target: Target): Promise<Outcome> {
  return send(target, false, (out) => writeMetaGet(out, target.key, 0, target.key.length, 'c'));
}

function send(target: Target, bulk: boolean, write: (out: Output) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    target.link.send(new Command({ link: target.link, deadlineMs: target.deadlineMs, write, done: resolve }), bulk);
  });
}
