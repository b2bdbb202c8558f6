import { nobody } from '../table.ts';
import type { Draft } from './draft.ts';

/**
 * The partitions of each member, for walks that start from a member. Entries are only added: who reads one asks the
 * draft whether it still holds.
 */
export type Holdings = readonly number[][];

/** Lists the members of the first `placeCount` places, of all partitions or of the marked ones. */
export function listHoldings(draft: Draft, placeCount: number, scope?: Uint8Array): Holdings {
  const holdings: number[][] = draft.roster.ids.map(() => []);
  for (let partition = 0; partition < draft.roster.partitions; partition++) {
    if (scope !== undefined && scope[partition] === 0) continue;
    for (let place = 0; place < placeCount; place++) {
      const member = draft.places[partition * draft.width + place]!;
      if (member !== nobody) holdings[member]!.push(partition);
    }
  }
  return holdings;
}
