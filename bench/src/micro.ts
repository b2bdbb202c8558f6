import { benchAllocation } from './protocol/allocation.ts';
import { benchParse } from './protocol/parse.ts';
import { benchWrite } from './protocol/write.ts';
import { benchDocument } from './ring/document.ts';
import { benchHash, benchLookup } from './ring/lookup.ts';
import { benchPlanner } from './ring/planner.ts';
import type { Row } from './row.ts';
import { printTable } from './table.ts';

/** What runs in this process: each figure with its target where there is one. */
export function benchMicro(): void {
  print('ring: hash', benchHash());
  print('ring: lookup with hash, 24-byte key', benchLookup());
  print('ring: planner', benchPlanner());
  print('ring: topology document', benchDocument());
  print('protocol: parse', benchParse());
  print('protocol: write', benchWrite());
  print('protocol: allocation', benchAllocation());
}

function print(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  printTable(
    ['what', 'value', 'unit', 'target', 'note'],
    rows.map(({ name, value, unit, target, note }) => [
      name,
      value.toPrecision(3),
      unit,
      target === undefined ? '' : `<= ${target}${value <= target ? '' : '  MISSED'}`,
      note ?? '',
    ]),
  );
}
