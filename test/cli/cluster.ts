import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, vi } from 'vitest';
import { runCommand, startCommand, type RunningCommand } from './command.ts';

/** Ports that nobody listened on a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export interface StatusJson {
  readonly healthy: boolean;
  readonly cluster: string;
  readonly epoch: number;
  readonly problems: readonly string[];
  readonly members: readonly { readonly id: string; readonly node: { readonly items: number } | null }[];
}

/** `ringway up` on ports of its own, as a person has it in a terminal. */
export class UpCluster {
  readonly command: RunningCommand;
  readonly flags: readonly string[];
  readonly url: string;
  readonly memcachedPort: number;
  readonly admin: string;
  stdout = '';
  stderr = '';

  private constructor(flags: readonly string[], ports: readonly number[]) {
    this.flags = flags;
    this.url = `http://127.0.0.1:${ports[0]}`;
    this.memcachedPort = ports[1] ?? 0;
    this.admin = `127.0.0.1:${ports[2]}`;
    this.command = startCommand(flags);
    this.command.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.command.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /** Starts it and waits until it says that it is up. */
  static async start(stateDir: string, nodes: number): Promise<UpCluster> {
    const ports = await freePorts(4);
    const addresses = ['--http', '--memcached', '--admin'].flatMap((flag, i) => [flag, `127.0.0.1:${ports[i]}`]);
    const nodePort = Math.min(ports[3] ?? 0, 65_000);
    const flags = [
      'up',
      '--state-dir',
      stateDir,
      '--nodes',
      String(nodes),
      '--node-port',
      String(nodePort),
      ...addresses,
    ];
    const cluster = new UpCluster(flags, ports);
    await vi.waitFor(() => expect(cluster.stdout, cluster.stderr).toContain('Stop it:'), {
      timeout: 25_000,
      interval: 20,
    });
    return cluster;
  }

  /** Process numbers of the nodes, from what was printed. */
  get nodePids(): number[] {
    return [...this.stdout.matchAll(/^node-\d+ +(\d+) /gm)].map((match) => Number(match[1]));
  }

  status(): StatusJson {
    return JSON.parse(runCommand(['status', '--json', '--admin', this.admin]).stdout) as StatusJson;
  }

  /** Sends a signal and waits for the end; returns the exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals): Promise<number | string | null> {
    const ended = once(this.command, 'exit') as Promise<[number | null, string | null]>;
    this.command.kill(signal);
    const [code, endedBy] = await ended;
    return code ?? endedBy;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
