import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { installed } from '../support/installed.ts';
import { startTestCluster } from '../support/test-cluster.ts';

const promtool = installed('promtool');
const config = resolve(import.meta.dirname, '../../ops/prometheus/prometheus.yml');

test.skipIf(!promtool)('the scrape configuration is one that Prometheus takes (needs promtool)', () => {
  expect(execFileSync('promtool', ['check', 'config', config], { encoding: 'utf8' })).toContain('is valid');
});

test.skipIf(!promtool)("promtool finds no fault with the proxy's own metrics (needs promtool)", async () => {
  await using cluster = await startTestCluster({ nodes: 2 });
  const text = await (await fetch(`http://127.0.0.1:${cluster.admin.port}/metrics`)).text();
  // The process and runtime metrics are prom-client's, with names that are as they are.
  const own = text.split('\n').filter((line) => /^(?:# \w+ )?ringway_/.test(line));
  expect(own.length).toBeGreaterThan(30);
  expect(execFileSync('promtool', ['check', 'metrics'], { input: `${own.join('\n')}\n`, encoding: 'utf8' })).toBe('');
});
