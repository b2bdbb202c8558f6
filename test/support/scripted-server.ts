import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A TCP server that records what it gets and answers only what the test tells it to. */
export interface ScriptedServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Every chunk received, in order, over all connections. */
  readonly chunks: readonly string[];
  readonly connectionCount: number;
  /** Answers on the newest connection. */
  send(text: string | Uint8Array): void;
  /** Resolves when the text received so far satisfies the condition. */
  received(condition: (text: string) => boolean): Promise<string>;
  /** Ends the newest connection. */
  hangUp(): void;
}

export async function scriptedServer(
  options: { readonly port?: number; readonly onConnection?: (socket: Socket) => void } = {},
): Promise<ScriptedServer> {
  const chunks: string[] = [];
  const sockets: Socket[] = [];
  const waiting = new Set<() => void>();
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    options.onConnection?.(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk.toString('latin1'));
      for (const check of waiting) check();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    chunks,
    get connectionCount() {
      return sockets.length;
    },
    send: (text) => void sockets.at(-1)?.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text),
    received: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          const text = chunks.join('');
          if (!condition(text)) return;
          waiting.delete(check);
          resolve(text);
        };
        waiting.add(check);
        check();
      }),
    hangUp: () => void sockets.at(-1)?.destroy(),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}
