import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';

/** host and port of a listener; port 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export type ListenerName = 'http' | 'memcached' | 'admin';

/** A listener could not be opened. The message says which, so that the caller can name the option that changes it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: 'PROXY_PORT_TAKEN' | 'PROXY_LISTEN';
  readonly listener: ListenerName;
  readonly address: Address;

  constructor(listener: ListenerName, address: Address, cause: unknown) {
    const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const where = `${address.host}:${address.port}`;
    super(
      taken ? `the ${listener} port ${where} is taken` : `cannot listen on ${where} (${listener}): ${String(cause)}`,
      {
        cause,
      },
    );
    this.code = taken ? 'PROXY_PORT_TAKEN' : 'PROXY_LISTEN';
    this.listener = listener;
    this.address = address;
  }
}

/** Runs what listens, and names the listener when it fails. */
export async function listening(
  listener: ListenerName,
  address: Address,
  listen: () => Promise<unknown>,
): Promise<void> {
  try {
    await listen();
  } catch (error) {
    throw new ListenError(listener, address, error);
  }
}

export async function listenTcp(server: Server, address: Address): Promise<void> {
  server.listen(address.port, address.host);
  await once(server, 'listening');
}

/** Where a server listens now; the port is the real one when 0 was asked for. */
export function addressOf(server: Server): Address {
  const address = server.address() as AddressInfo | null;
  return address === null ? { host: '', port: 0 } : { host: address.address, port: address.port };
}
