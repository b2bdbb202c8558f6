import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Settings } from '../config/settings.ts';
import { CliError, codeOf } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { ADMIN_TIMEOUT_MS, REQUESTS_MAX } from '../limits.ts';
import { createPlayer } from '../replay/player.ts';
import { showProgress } from '../replay/progress.ts';
import { createReport, formatReport, type ReplayReport } from '../replay/report.ts';
import { traceFormats } from '../replay/trace-format.ts';
import { openTrace, type Trace } from '../replay/trace.ts';

/** Plays a trace against a proxy. The report goes to stdout, progress to stderr. */
export async function runReplay(settings: Settings, file: string | undefined): Promise<ExitCode> {
  assert(file !== undefined, 'the command line was checked for the trace');
  const format = traceFormats.find((known) => known === settings.text('format')) ?? 'auto';
  const trace = await openTrace(file, format);
  try {
    await requireReachable(settings.text('url'));
    return await play(settings, file, trace);
  } finally {
    await trace.close();
  }
}

async function play(settings: Settings, file: string, trace: Trace): Promise<ExitCode> {
  const run = {
    trace: file,
    format: trace.format,
    url: settings.text('url'),
    namespace: settings.text('namespace'),
    connections: settings.number('connections'),
    valueBytes: settings.number('valueBytes'),
  };
  const requestsMax = settings.optionalNumber('limit') ?? REQUESTS_MAX;
  const player = createPlayer({ ...run, trace, ttlSeconds: settings.optionalNumber('ttl'), requestsMax });
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  const endProgress = showProgress(process.stderr, () => {
    const { requests, hits, failed } = player.tally;
    const fraction = Math.min(1, Math.max(trace.fraction, requests / requestsMax));
    return { fraction, requests, hits, failed, elapsedSeconds: seconds() };
  });
  process.once('SIGINT', () => player.stop()).once('SIGTERM', () => player.stop());
  let complete = false;
  let report: ReplayReport;
  try {
    await player.play();
    complete = !player.interrupted;
  } finally {
    // A trace that turns out to be damaged is an error, but what was played until there is still worth a report.
    endProgress();
    report = createReport({ ...run, interrupted: !complete, seconds: seconds() }, player.tally);
    console.log(settings.flag('json') ? JSON.stringify(report, undefined, 2) : formatReport(report));
  }
  return report.failed + report.corrupt > 0 || report.interrupted ? ExitCode.failed : ExitCode.ok;
}

/** Better one clear line now than a thousand failed requests. */
async function requireReachable(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port: port === '' ? 80 : Number(port), timeout: ADMIN_TIMEOUT_MS });
  socket.on('connect', () => resolve());
  socket.on('timeout', () => reject(new Error('timeout')));
  socket.on('error', reject);
  try {
    await promise;
  } catch (error) {
    const reason = codeOf(error) ?? 'no answer';
    throw new CliError('CLI_UNREACHABLE', `cannot reach ${url} (${reason}). Is it running? Try: ringway up`);
  } finally {
    socket.destroy();
  }
}
