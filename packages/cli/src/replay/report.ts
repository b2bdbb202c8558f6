import { formatTable } from '../terminal/table.ts';
import { formatCount, formatRatio, formatSeconds } from '../terminal/units.ts';
import type { LatencySummary } from './latency.ts';
import type { Tally } from './player.ts';
import type { TraceFormat } from './trace-format.ts';

/** The result of a replay, as printed by --json. */
export interface ReplayReport {
  readonly trace: string;
  readonly format: TraceFormat;
  readonly url: string;
  readonly namespace: string;
  readonly connections: number;
  readonly valueBytes: number;
  readonly interrupted: boolean;
  readonly seconds: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly hits: number;
  readonly misses: number;
  /** Hits of all requests, 0 to 1. */
  readonly hitRatio: number;
  readonly corrupt: number;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly get: LatencySummary;
  readonly put: LatencySummary;
}

export type ReplayRun = Pick<
  ReplayReport,
  'trace' | 'format' | 'url' | 'namespace' | 'connections' | 'valueBytes' | 'interrupted' | 'seconds'
>;

export function createReport(run: ReplayRun, tally: Tally): ReplayReport {
  return {
    ...run,
    requests: tally.requests,
    requestsPerSecond: run.seconds === 0 ? 0 : tally.requests / run.seconds,
    hits: tally.hits,
    misses: tally.misses,
    hitRatio: tally.requests === 0 ? 0 : tally.hits / tally.requests,
    corrupt: tally.corrupt,
    failed: tally.failed,
    errors: Object.fromEntries([...tally.errors].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    get: tally.get.summary(),
    put: tally.put.summary(),
  };
}

/** The report for people. */
export function formatReport(report: ReplayReport): string {
  const rate = `${formatCount(report.requests)} in ${formatSeconds(report.seconds)}, ${formatCount(report.requestsPerSecond)}/s`;
  const lines = [
    `requests    ${rate}${report.interrupted ? ', interrupted' : ''}`,
    `hits        ${formatCount(report.hits)}, ${formatRatio(report.hits, report.requests)}`,
    `misses      ${formatCount(report.misses)}`,
    `corrupt     ${formatCount(report.corrupt)}${report.corrupt === 0 ? '' : ' (values of a replay with another --value-bytes count as corrupt too)'}`,
    `failed      ${formatCount(report.failed)}`,
    ...Object.entries(report.errors).map(([kind, count]) => `  ${kind.padEnd(26)} ${formatCount(count)}`),
    '',
    formatLatencies({ GET: report.get, PUT: report.put }),
  ];
  return lines.join('\n');
}

function formatLatencies(latencies: Readonly<Record<string, LatencySummary>>): string {
  const headings = ['LATENCY ms', 'COUNT', 'p50', 'p90', 'p99', 'p99.9', 'MAX'];
  const rows = Object.entries(latencies).map(([method, { count, ...ms }]) => [
    method,
    formatCount(count),
    ...[ms.p50Ms, ms.p90Ms, ms.p99Ms, ms.p999Ms, ms.maxMs].map((value) => (count === 0 ? '-' : value.toFixed(2))),
  ]);
  return formatTable(headings, rows, new Set(headings.slice(1)));
}
