import { createServer } from 'node:net';
import { formatAddress, type Address } from '../config/kinds.ts';
import { CliError } from '../errors.ts';
import { ADMIN_PORT_OFFSET, PORT_MAX, PORTS_TRIED_MAX } from '../limits.ts';

/** Whether something could listen there now. It may be taken a moment later all the same. */
export async function isFree(address: Address): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(address.port, address.host, () => resolve(true));
  const free = await promise;
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}

/** @throws {CliError} CLI_PORT_TAKEN naming the address and the flag that changes it */
export async function requireFree(addresses: ReadonlyMap<string, Address | undefined>): Promise<void> {
  for (const [flag, address] of addresses) {
    if (address === undefined || (await isFree(address))) continue;
    throw portTaken(flag, address);
  }
}

export function portTaken(flag: string, address: Address): CliError {
  return new CliError(
    'CLI_PORT_TAKEN',
    `cannot listen on ${formatAddress(address)}: another process does, or it is no address of this machine. ` +
      `Stop that process, or choose another address with ${flag} host:port.`,
  );
}

export interface NodePorts {
  readonly data: Address;
  readonly admin: Address;
}

/**
 * Ports for the nodes, counting up from the first; a pair of which one is taken is passed over.
 *
 * @throws {CliError} CLI_PORT_TAKEN when there are not enough
 */
export async function chooseNodePorts(count: number, firstPort: number): Promise<NodePorts[]> {
  const chosen: NodePorts[] = [];
  const last = Math.min(firstPort + PORTS_TRIED_MAX, PORT_MAX - ADMIN_PORT_OFFSET);
  const given = new Set<number>();
  for (let port = firstPort; port <= last && chosen.length < count; port++) {
    const data = { host: '127.0.0.1', port };
    const admin = { host: '127.0.0.1', port: port + ADMIN_PORT_OFFSET };
    if (given.has(port) || !(await isFree(data)) || !(await isFree(admin))) continue;
    given.add(admin.port);
    chosen.push({ data, admin });
  }
  if (chosen.length === count) return chosen;
  throw new CliError(
    'CLI_PORT_TAKEN',
    `only ${chosen.length} of ${count} pairs of ports are free from ${firstPort} to ${last}; start elsewhere with --node-port`,
  );
}
