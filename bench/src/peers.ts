import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The systems a user would pick instead, started and filled by `tools/peers.sh` of the shared folder beside this
 * checkout, and its load generators. Without that folder there is nothing to compare with, and the macro benches say so.
 */
const TOOLS = resolve(import.meta.dirname, '../../../shared/tools');

export interface Peer {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
}

export interface Peers extends Disposable {
  get(name: string): Peer;
}

/** Undefined when the tools are not there. */
export function startPeers(): Peers | undefined {
  if (!existsSync(join(TOOLS, 'peers.sh'))) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ringway-bench-'));
  // Varnish drops root before it opens its own folder in there.
  chmodSync(folder, 0o755);
  const script = join(TOOLS, 'peers.sh');
  const stop = (): void => {
    execFileSync('bash', [script, 'stop', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  let output: string;
  try {
    output = execFileSync('bash', [script, 'start', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    stop();
    throw new Error('a peer did not start; are the packages installed (peers.sh install) and its ports free?', {
      cause: error,
    });
  }
  const peers = new Map<string, Peer>();
  for (const line of output.trim().split('\n')) {
    const [name = '', port = '', pids = ''] = line.split(' ');
    peers.set(name, { name, port: Number(port), pids: pids.split(',').map(Number) });
  }
  loadGenerator = join(folder, 'mcload');
  return {
    get: (name) => {
      const peer = peers.get(name);
      if (peer === undefined) throw new Error(`peers.sh did not start ${name}`);
      return peer;
    },
    [Symbol.dispose]: stop,
  };
}

let loadGenerator = '';

/** What one run of a load generator has to say: its `name=value` pairs as numbers. */
export type Figures = Readonly<Record<string, number>>;

/** One run of wrk over a path in which %d is replaced by 0..9999: rps, p50_us, p99_us, bad, cpu_us_per_req. */
export function httpLoad(
  target: { port: number; pids: readonly number[] },
  path: string,
  connections: number,
  seconds: number,
): Figures {
  const args = [join(TOOLS, 'httpcost.sh'), target.port, path, connections, seconds, target.pids.join(',')].map(String);
  return figuresIn(execFileSync('bash', args, { encoding: 'utf8' }));
}

/** One run of mcload: ops_s, hit, err, p50, p99, cpu_us_per_op. */
export function memcachedLoad(target: { port: number; pids: readonly number[] }, args: readonly string[]): Figures {
  const all = ['-p', String(target.port), '-C', target.pids.join(','), ...args];
  return figuresIn(execFileSync(loadGenerator, all, { encoding: 'utf8' }));
}

function figuresIn(text: string): Figures {
  return Object.fromEntries(
    [...text.matchAll(/([a-z0-9_]+)=([0-9.]+)/g)].map((match) => [match[1] ?? '', Number(match[2])]),
  );
}

export const PEER_VERSIONS = [
  ['nginx', 'nginx', ['-v']],
  ['memcached', 'memcached', ['-V']],
  ['twemproxy', 'nutcracker', ['-V']],
  ['redis', 'redis-server', ['-v']],
  ['varnish', 'varnishd', ['-V']],
] as const;
