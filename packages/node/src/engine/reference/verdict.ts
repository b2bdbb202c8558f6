import { Status } from '../status.ts';
import type { StoreStatus } from '../status.ts';
import { StoreMode } from '../store-request.ts';
import type { StoreRequest } from '../store-request.ts';
import { compareWords } from '../word64.ts';
import type { Word64 } from '../word64.ts';
import type { Item } from './item.ts';

/** What a store would do, given the item that is there: done and storeStale are to be carried out. */
export type Verdict = StoreStatus | 'storeStale';

/** The conditions of a store, and nothing else: memcached's rules, as its meta commands combine them. */
export function judge(request: StoreRequest, present: Item | undefined): Verdict {
  const { mode, compare } = request;
  if (mode === StoreMode.add) return present === undefined ? Status.done : Status.notStored;
  if (mode === StoreMode.append || mode === StoreMode.prepend) {
    if (present === undefined) return Status.notStored;
    return compare === undefined || compareWords(compare, present.version) === 0 ? Status.done : Status.exists;
  }
  if (compare !== undefined) return judgeVersion(compare, request.staleIfOlder, present);
  return mode === StoreMode.replace && present === undefined ? Status.notStored : Status.done;
}

function judgeVersion(compare: Readonly<Word64>, staleIfOlder: boolean, present: Item | undefined): Verdict {
  if (present === undefined) return Status.notFound;
  const difference = compareWords(compare, present.version);
  if (difference === 0) return Status.done;
  return staleIfOlder && difference < 0 ? 'storeStale' : Status.exists;
}
