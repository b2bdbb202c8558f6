import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Ours, started as a user starts it: the command, on free ports, each process its own. */
const COMMAND = resolve(import.meta.dirname, '../../packages/cli/bin/ringway.js');

export interface Cluster extends AsyncDisposable {
  readonly http: { readonly port: number; readonly pids: readonly number[] };
  readonly memcached: { readonly port: number; readonly pids: readonly number[] };
}

export interface PlainNode extends AsyncDisposable {
  readonly port: number;
  readonly pids: readonly number[];
}

export async function startCluster(nodes: number): Promise<Cluster> {
  const state = mkdtempSync(join(tmpdir(), 'ringway-bench-'));
  const [http, memcached, admin] = await freePorts(3);
  const args = ['up', '--nodes', nodes, '--http', `127.0.0.1:${http}`, '--memcached', `127.0.0.1:${memcached}`];
  const child = run([...args, '--admin', `127.0.0.1:${admin}`, '--state-dir', state].map(String));
  await answered(`http://127.0.0.1:${admin}/readyz`, 200);
  const pids = [child.pid ?? 0, ...childrenOf(child.pid ?? 0)];
  return {
    http: { port: http ?? 0, pids },
    memcached: { port: memcached ?? 0, pids },
    [Symbol.asyncDispose]: async () => {
      await child.stop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

export async function startNode(): Promise<PlainNode> {
  const [data, admin] = await freePorts(2);
  const child = run(['node', '--data', `127.0.0.1:${data}`, '--admin', `127.0.0.1:${admin}`, '--log-level', 'warn']);
  await answered(`http://127.0.0.1:${admin}/readyz`, 200);
  return { port: data ?? 0, pids: [child.pid ?? 0], [Symbol.asyncDispose]: () => child.stop() };
}

function run(args: readonly string[]): { readonly pid: number | undefined; stop(): Promise<void> } {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  return {
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answered(url: string, status: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    // oxlint-disable-next-line no-await-in-loop
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === status) return;
    // oxlint-disable-next-line no-await-in-loop
    await delay(50);
  }
  throw new Error(`${url} did not answer ${status} within 10 s`);
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((done) => server.once('listening', done))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
