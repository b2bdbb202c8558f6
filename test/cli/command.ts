import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The command as a person starts it. */
export const commandPath = fileURLToPath(new URL('../../packages/cli/bin/ringway.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment without colours and without this machine's own settings. */
export const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NO_COLOR: '1',
};

/** Runs the command to its end. */
export function runCommand(args: readonly string[], node: string = process.execPath): Finished {
  const { status, stdout, stderr } = spawnSync(node, [commandPath, ...args], {
    encoding: 'utf8',
    env: cleanEnvironment,
  });
  return { code: status, stdout, stderr };
}

export type RunningCommand = ChildProcessByStdio<null, Readable, Readable>;

/** Starts the command and leaves it running. */
export function startCommand(args: readonly string[]): RunningCommand {
  return spawn(process.execPath, [commandPath, ...args], { env: cleanEnvironment, stdio: ['ignore', 'pipe', 'pipe'] });
}
