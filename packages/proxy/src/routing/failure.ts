import type { ClientError } from '@ringway/client';
import { ResponseKind, type ResponseParser } from '@ringway/protocol';
import type { NodeLink } from './node-link.ts';
import { replyText } from './reply-text.ts';

/**
 * Why a node did not do what was asked, in the three outcomes that matter to a caller: it was certainly not done
 * (`down`, `moving`, `refused`), it may have been done (`unknown`), or it was refused for what it is (`too-large`, `full`).
 */
export type NodeFailure =
  | { readonly kind: 'down'; readonly node: string }
  | { readonly kind: 'moving'; readonly node: string }
  | { readonly kind: 'refused'; readonly node: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly node: string; readonly timedOut: boolean }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'full' };

/** A failure of the way to the node. A request that timed out counts against the node's health here. */
export function failureOfError(link: NodeLink, error: ClientError): NodeFailure {
  if (error.code === 'CLIENT_TIMEOUT') link.noteFailure(error);
  if (!error.sent) return { kind: 'down', node: link.id };
  return { kind: 'unknown', node: link.id, timedOut: error.code === 'CLIENT_TIMEOUT' };
}

/** A failure that the node itself reported: a reply that is none of the command's own outcomes. */
export function failureOfReply(link: NodeLink, reply: ResponseParser, input: Uint8Array): NodeFailure {
  if (reply.kind === ResponseKind.notOwner) return { kind: 'moving', node: link.id };
  const message = replyText(input, reply.messageStart, reply.messageEnd);
  if (reply.kind === ResponseKind.serverError && message.startsWith('object too large')) return { kind: 'too-large' };
  if (reply.kind === ResponseKind.serverError && message.startsWith('out of memory')) return { kind: 'full' };
  return { kind: 'refused', node: link.id, message };
}
