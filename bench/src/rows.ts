import type { Row } from './row.ts';
import { printTable } from './table.ts';

/** Rows as a table, each with its target where there is one. */
export function printRows(title: string, rows: readonly Row[]): void {
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
