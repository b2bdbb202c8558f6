import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';

/** What a measurement was made on: quoted above every table. */
export function describeHost(
  peers: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [],
): string[] {
  const [cpu] = cpus();
  const lines = [
    `host    ${cpu?.model ?? 'unknown cpu'} x ${cpus().length}, linux ${release()}`,
    `node    ${process.version}`,
    `commit  ${run('git', ['describe', '--always', '--dirty'])}`,
  ];
  const versions = peers.map(([name, command, args]) => `${name} ${versionIn(run(command, args))}`);
  if (versions.length > 0) lines.push(`peers   ${versions.join(', ')}`);
  return lines;
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync('sh', ['-c', `${[command, ...args].join(' ')} 2>&1`], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function versionIn(text: string): string {
  return /[0-9]+\.[0-9]+(?:\.[0-9]+)?/.exec(text)?.[0] ?? 'unknown';
}

/** User and system CPU time of these processes so far, in microseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  const ticks = pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
  return (ticks * 1e6) / CLOCK_TICKS_PER_SECOND;
}

const CLOCK_TICKS_PER_SECOND = Number(run('getconf', ['CLK_TCK']));
