import { createNode, NodeError, NodeErrorCode, type StorageNode } from '@ringway/node';
import type { Settings } from '../config/settings.ts';
import { CliError } from '../errors.ts';
import type { ExitCode } from '../exit-code.ts';
import { createLog, logLevelOf } from '../terminal/log.ts';
import { listenForStop } from '../terminal/stop-signal.ts';
import { followTopology } from '../topology-file.ts';
import { portTaken } from '../up/ports.ts';
import { closeInTime } from './close-in-time.ts';

/** One storage node, alone or as a member of a cluster. */
export async function runNode(settings: Settings): Promise<ExitCode> {
  const stop = listenForStop();
  const log = createLog({ level: logLevelOf(settings), name: settings.text('id') });
  const clusterFile = settings.optionalText('cluster');
  const source = clusterFile === undefined ? undefined : await followTopology(clusterFile, log);
  const node = createNode({
    id: settings.text('id'),
    data: settings.address('data'),
    admin: settings.optionalAddress('admin'),
    memoryBytes: settings.number('memory'),
    topologySource: source,
    incarnation: settings.optionalText('incarnation'),
    logger: log,
  });
  await startNode(node, settings);
  log.info({ reason: await stop.requested }, 'stopping');
  source?.close();
  return closeInTime(node);
}

/** @throws {CliError} CLI_PORT_TAKEN naming the flag to change */
async function startNode(node: StorageNode, settings: Settings): Promise<void> {
  try {
    await node.start();
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    if (error.code !== NodeErrorCode.portTaken) throw new CliError('CLI_CONFIG', error.message);
    // The data port is opened first: with the address of it, the admin port is the one that is taken.
    const name = node.dataAddress === undefined ? 'data' : 'admin';
    throw portTaken(settings.flagOf(name), settings.address(name));
  }
}
