import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP relay in front of a server that can cut what flows to it after an exact number of bytes. */
export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on lets this many more bytes through to the server, then drops every connection and calls back. */
  cutAfter(byteCount: number, onCut: () => void): void;
  /** Lets everything through again. */
  mend(): void;
  /** Bytes that went through to the server so far. */
  readonly passedBytes: number;
}

export async function startRelay(target: { readonly host: string; readonly port: number }): Promise<Relay> {
  const sockets = new Set<Socket>();
  let allowance = Infinity;
  let passedBytes = 0;
  let onCut = (): void => {};
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.end();
      });
    }
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk: Buffer) => {
      const passed = Math.min(allowance, chunk.length);
      allowance -= passed;
      passedBytes += passed;
      upstream.write(chunk.subarray(0, passed));
      if (allowance > 0) return;
      allowance = Infinity;
      // The server must have what was let through before the connection is seen to end.
      upstream.end();
      client.destroy();
      onCut();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter: (byteCount, callback) => {
      allowance = byteCount;
      onCut = callback;
    },
    mend: () => {
      allowance = Infinity;
    },
    get passedBytes() {
      return passedBytes;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
