import { ListenError, createProxy, type Proxy, type TopologySource } from '@ringway/proxy';
import type { Settings } from '../config/settings.ts';
import { CliError } from '../errors.ts';
import type { ExitCode } from '../exit-code.ts';
import { createLog, logLevelOf, type Log } from '../terminal/log.ts';
import { listenForStop } from '../terminal/stop-signal.ts';
import { formatAddress } from '../config/kinds.ts';
import { followTopology } from '../topology-file.ts';
import { portTaken } from '../up/ports.ts';
import { version } from '../version.ts';
import { closeInTime } from './close-in-time.ts';

/** One proxy in front of the nodes of a topology document that a controller elsewhere writes. */
export async function runProxy(settings: Settings): Promise<ExitCode> {
  const stop = listenForStop();
  const log = createLog({ level: logLevelOf(settings), name: 'proxy' });
  const source = await followTopology(settings.text('cluster'), log);
  const proxy = await openProxy(settings, source, log);
  log.info({ http: formatAddress(proxy.httpAddress), admin: formatAddress(proxy.adminAddress) }, 'listening');
  log.info({ reason: await stop.requested }, 'stopping');
  source.close();
  return closeInTime(proxy);
}

/**
 * Starts a proxy on the addresses of the settings.
 *
 * @throws {CliError} CLI_PORT_TAKEN naming the flag to change
 */
export async function openProxy(settings: Settings, topologySource: TopologySource, log: Log): Promise<Proxy> {
  const proxy = createProxy({
    http: settings.address('http'),
    memcached: settings.optionalAddress('memcached'),
    admin: settings.address('admin'),
    memcachedNamespace: settings.text('memcachedNamespace'),
    topologySource,
    version,
    log,
  });
  try {
    await proxy.start();
    return proxy;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const flag = settings.flagOf(error.listener);
    if (error.code === 'PROXY_PORT_TAKEN') throw portTaken(flag, error.address);
    throw new CliError('CLI_PORT_TAKEN', `${flag}: ${error.message}`);
  }
}
