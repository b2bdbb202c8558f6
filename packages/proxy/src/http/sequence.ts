import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps pipelined requests of one connection in sequence where their order can be told apart: only requests that are
 * all safe may run at the same time (RFC 9112 9.3.2). Node starts each request as soon as it is parsed, so without
 * this a GET sent right behind a PUT could be answered with the value before it.
 */
const latest = Symbol('latest request of the connection');

interface Latest {
  readonly response: ServerResponse;
  readonly safe: boolean;
}

type TrackedSocket = Socket & { [latest]?: Latest };

/** Calls `proceed` now, or when the request before this one on its connection has been answered. */
export function inSequence(response: ServerResponse, method: string, proceed: () => void): void {
  const { req } = response;
  const socket: TrackedSocket = req.socket;
  const before = socket[latest];
  const safe = method === 'GET' || method === 'HEAD';
  socket[latest] = { response, safe };
  if (before === undefined || (safe && before.safe) || before.response.writableFinished) return proceed();
  // Answers leave in order, so this one being out means that all before it are. A connection that ends closes it too.
  before.response.once('close', proceed);
}
