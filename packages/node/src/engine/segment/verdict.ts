import { Status } from '../status.ts';
import type { StoreStatus } from '../status.ts';
import { StoreMode } from '../store-request.ts';
import type { StoreRequest } from '../store-request.ts';
import { compareWords } from '../word64.ts';
import type { Word64 } from '../word64.ts';

/** The store is to be done, and the item marked as stale. */
export const STORE_STALE = -1;

/** The conditions of a store, given the version of the item that is there: memcached's rules, as its meta commands combine them. */
export function judge(request: StoreRequest, present: Readonly<Word64> | undefined): StoreStatus | typeof STORE_STALE {
  const { mode, compare } = request;
  if (mode === StoreMode.add) return present === undefined ? Status.done : Status.notStored;
  const joins = mode === StoreMode.append || mode === StoreMode.prepend;
  if (present === undefined) {
    if (joins) return Status.notStored;
    if (compare !== undefined) return Status.notFound;
    return mode === StoreMode.replace ? Status.notStored : Status.done;
  }
  const difference = compare === undefined ? 0 : compareWords(compare, present);
  if (difference === 0) return Status.done;
  return request.staleIfOlder && difference < 0 && !joins ? STORE_STALE : Status.exists;
}
