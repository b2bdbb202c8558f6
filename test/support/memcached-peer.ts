import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A real memcached, on a Unix socket of its own. */
export interface MemcachedPeer extends AsyncDisposable {
  readonly socketPath: string;
}

const START_TIMEOUT_MS = 5000;

/** Starts `memcached -s <socket> -t 1` and waits until it answers. */
export async function startMemcached(): Promise<MemcachedPeer> {
  const folder = await mkdtemp(join(tmpdir(), 'ringway-memcached-'));
  const socketPath = join(folder, 'memcached.sock');
  const child = spawn('memcached', ['-s', socketPath, '-u', 'root', '-t', '1', '-m', '64'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const peer = {
    socketPath,
    [Symbol.asyncDispose]: async () => {
      // It holds nothing worth an orderly end, which takes it up to a second.
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(socketPath))) {
    if (performance.now() > giveUpAt) {
      await peer[Symbol.asyncDispose]();
      throw new Error('memcached did not start');
    }
    await delay(10);
  }
  return peer;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
