import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PROBLEMS } from '@ringway/proxy';
import { expect, test } from 'vitest';

test('docs/http.md lists every problem as the code has it', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/http.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$/gm)].map((row) => [
    row[1],
    Number(row[2]),
    row[3],
  ]);
  expect(listed).toEqual(Object.entries(PROBLEMS).map(([code, { status, title }]) => [code, status, title]));
});
