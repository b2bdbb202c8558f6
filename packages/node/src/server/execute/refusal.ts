import { Reply } from '@ringway/protocol';
import { Status } from '../../engine/status.ts';
import type { Refusal } from '../../engine/status.ts';
import { StoreMode } from '../../engine/store-request.ts';
import { FailureReason } from '../counters.ts';
import type { Turn } from '../turn.ts';

/** The line that says why the engine did not do it, CRLF included; the same for text and meta commands. */
export function refusalOf(status: Refusal): string {
  switch (status) {
    case Status.tooLarge:
      return Reply.tooLarge;
    case Status.outOfMemory:
      return Reply.outOfMemory;
    case Status.nonNumeric:
      return Reply.nonNumeric;
    case Status.versionsExhausted:
      return 'SERVER_ERROR version counter is used up, restart the node\r\n';
    default:
      return status satisfies never;
  }
}

export function countRefusal({ counters, request }: Turn, status: Refusal): void {
  counters.fail(request.kind, reasonOf(status));
}

/**
 * Counts a store that was refused. When it was a plain set, the item goes as well, as in memcached: the client wanted the
 * old value gone and may not look at the reply.
 */
export function refuseStore(turn: Turn, status: Refusal): void {
  const { engine, store } = turn;
  countRefusal(turn, status);
  const replaces = store.mode === StoreMode.set && store.compare === undefined;
  if (replaces && engine.find(turn.key, true)) engine.remove();
}

function reasonOf(status: Refusal): FailureReason {
  switch (status) {
    case Status.tooLarge:
      return FailureReason.too_large;
    case Status.outOfMemory:
      return FailureReason.out_of_memory;
    case Status.nonNumeric:
      return FailureReason.non_numeric;
    case Status.versionsExhausted:
      return FailureReason.versions_exhausted;
    default:
      return status satisfies never;
  }
}
