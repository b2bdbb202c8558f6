import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const COMMAND = resolve(import.meta.dirname, '../../packages/cli/bin/ringway.js');

/** A ringway process of its own, as a user starts it. */
export interface RingwayProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  readonly output: () => string;
  /** Its exit code, or the name of the signal that ended it. */
  readonly exit: Promise<number | string>;
}

export function ringway(...args: (string | number)[]): RingwayProcess {
  const child = spawn(process.execPath, [COMMAND, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = once(child, 'exit').then(([code, signal]) => (code as number | null) ?? (signal as string));
  return {
    child,
    output: () => output,
    exit,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(force);
    },
  };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/** Asks until the answer has this status. */
export async function untilStatus(url: string, status: number, timeoutMs = 10_000): Promise<Response> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === status) return response;
    if (performance.now() > giveUpAt)
      throw new Error(`${url} did not answer ${status} in time (last: ${response?.status ?? 'nothing'})`);
    // oxlint-disable-next-line no-await-in-loop
    await delay(20);
  }
}
