import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Controller, TopologyStore } from '@ringway/cluster';
import type { Settings } from '../config/settings.ts';
import { CliError, codeOf } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { START_TIMEOUT_MS } from '../limits.ts';
import { createLog, logLevelOf, type Log } from '../terminal/log.ts';
import { listenForStop } from '../terminal/stop-signal.ts';
import { formatBanner } from '../up/banner.ts';
import { ClusterProcesses } from '../up/cluster-processes.ts';
import { chooseNodePorts, requireFree } from '../up/ports.ts';
import { closeInTime } from './close-in-time.ts';

/**
 * A whole cluster from one command. This process is the proxy and the controller; each node is a child.
 *
 * The order is the order of time: nodes take longest to start, so they are started before anything else, even before it
 * is known whether this process may be the controller, and what it needs for itself is loaded while they do. A node that
 * nobody admits serves nothing. Everything ends together, in the opposite order.
 */
export async function runUp(settings: Settings): Promise<ExitCode> {
  const stop = listenForStop();
  const log = createLog({ level: logLevelOf(settings), name: 'up' });
  await using resources = new AsyncDisposableStack();
  const start = startCluster(settings, log, resources);
  const stopped = await Promise.race([start.then(() => undefined), stop.requested]);
  if (stopped === undefined) {
    console.log(await start);
    await stop.requested;
  }
  console.log('stopping ...');
  return ExitCode.ok;
}

/** @returns what to print now that it is ready */
async function startCluster(settings: Settings, log: Log, resources: AsyncDisposableStack): Promise<string> {
  await requireFree(
    new Map([
      [settings.flagOf('http'), settings.address('http')],
      [settings.flagOf('memcached'), settings.optionalAddress('memcached')],
      [settings.flagOf('admin'), settings.address('admin')],
    ]),
  );
  const ports = await chooseNodePorts(settings.number('nodes'), settings.number('nodePort'));
  const stateDir = resolve(settings.text('stateDir'));
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const clusterFile = join(stateDir, 'topology.json');
  let controller: Controller | undefined;
  const processes = new ClusterProcesses({
    ports,
    memoryBytes: settings.number('memory'),
    clusterFile,
    logLevel: settings.text('logLevel'),
    log,
    onRestart: ({ id, incarnation }) => controller?.announce(id, incarnation),
  });
  resources.defer(() => processes.stop());

  const { createFileStore, readTopologyFile, runController } = await import('@ringway/cluster');
  const store = createFileStore(clusterFile);
  resources.use(await takeLease(store));
  controller = await runController({
    store,
    specs: processes.memberSpecs(),
    lastGood: () => readTopologyFile(`${clusterFile}.last-good`).catch(() => undefined),
    log,
    randomBytes,
    nowMs: () => performance.now(),
  });
  resources.defer(() => controller.close());
  for (const { id, incarnation } of processes.nodes) controller.announce(id, incarnation);
  const { openProxy } = await import('./proxy.ts');
  const proxy = await openProxy(settings, controller, log);
  resources.defer(() => closeInTime(proxy).then(() => {}));

  const topology = await Promise.race([controller.settled, processes.failure, startTimeout()]);
  processes.markReady();
  return formatBanner({
    seconds: performance.now() / 1000,
    epoch: topology.epoch,
    http: proxy.httpAddress,
    memcached: proxy.memcachedAddress,
    admin: proxy.adminAddress,
    nodes: processes.nodes.map(({ id, pid, options }) => ({ id, pid, data: options.data, admin: options.admin })),
    stateDir: settings.text('stateDir'),
  });
}

async function takeLease(store: TopologyStore): Promise<AsyncDisposable> {
  try {
    return await store.lease();
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== 'CLUSTER_LOCKED') throw error;
    throw new CliError('CLI_STATE_LOCKED', `${error.message}: stop it, or choose another directory with --state-dir`);
  }
}

async function startTimeout(): Promise<never> {
  await delay(START_TIMEOUT_MS, undefined, { ref: false });
  throw new CliError('CLI_START', `the nodes did not answer within ${START_TIMEOUT_MS / 1000} s`);
}
