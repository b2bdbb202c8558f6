import { benchAllocation } from './protocol/allocation.ts';
import { benchParse } from './protocol/parse.ts';
import { benchWrite } from './protocol/write.ts';
import { benchDocument } from './ring/document.ts';
import { benchHash, benchLookup } from './ring/lookup.ts';
import { benchPlanner } from './ring/planner.ts';
import { printRows } from './rows.ts';

/** What runs in this process: each figure with its target where there is one. */
export function benchMicro(): void {
  printRows('ring: hash', benchHash());
  printRows('ring: lookup with hash, 24-byte key', benchLookup());
  printRows('ring: planner', benchPlanner());
  printRows('ring: topology document', benchDocument());
  printRows('protocol: parse', benchParse());
  printRows('protocol: write', benchWrite());
  printRows('protocol: allocation', benchAllocation());
}
