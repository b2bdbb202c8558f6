import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createFileStore, openTopologySource, type TopologySource } from '@ringway/cluster';
import { CliError } from './errors.ts';
import type { Log } from './terminal/log.ts';

/**
 * Follows the topology document in a file that another process writes. The file itself may come later.
 *
 * @throws {CliError} CLI_CONFIG when not even its directory exists
 */
export async function followTopology(file: string, log: Log): Promise<TopologySource> {
  const path = resolve(file);
  if (!existsSync(dirname(path)))
    throw new CliError('CLI_CONFIG', `--cluster ${file}: there is no directory ${dirname(path)}`);
  return openTopologySource({ store: createFileStore(path), lastGoodPath: `${path}.last-good`, log });
}
