import { createServer, type Server } from 'node:net';
import * as limits from '../limits.ts';
import { Session, type SessionOptions } from './session.ts';

export interface MemcachedFront {
  /** Listening is the caller's. */
  readonly server: Server;
  /** Takes no new connection and ends each one after the replies that are due. */
  closeAll(): Promise<void>;
}

/** The memcached front: a TCP server with one session per connection. */
export function createMemcachedFront(options: SessionOptions): MemcachedFront {
  const sessions = new Set<Session>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const session = new Session(socket, options);
    options.counters.memcachedConnections++;
    sessions.add(session);
    socket.once('close', () => {
      options.counters.memcachedConnections--;
      sessions.delete(session);
    });
  });
  server.maxConnections = limits.MEMCACHED_CONNECTION_COUNT_MAX;
  return {
    server,
    closeAll: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.end();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
}
