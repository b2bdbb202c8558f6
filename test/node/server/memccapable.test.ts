import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { installed } from '../../support/installed.ts';
import { TestNode } from '../node-harness.ts';

const run = promisify(execFile);
const hasMemccapable = installed('memccapable');
const title = hasMemccapable ? '' : ' (skipped: memccapable is not on the PATH)';

test.skipIf(!hasMemccapable)(`libmemcached's conformance tool passes every text test${title}`, async () => {
  await using started = await TestNode.start();
  const { stdout } = await run('memccapable', ['-h', '127.0.0.1', '-p', String(started.port), '-a']);
  const results = stdout.split('\n').filter((line) => line.startsWith('ascii '));
  expect(results.length).toBeGreaterThanOrEqual(27);
  expect(results.filter((line) => !line.endsWith('[pass]'))).toEqual([]);
  expect(stdout).toContain('All tests passed');
});
