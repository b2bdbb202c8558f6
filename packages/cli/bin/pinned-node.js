// Where the pinned Node of this workspace is, and how to run something on it in place of this process.
// Plain JavaScript on the language of Node 20: it is read by whatever Node the machine has, before the pinned one runs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

/** Oldest Node that strips types from .ts files by itself, as this workspace needs. */
export const NODE_MAJOR_MIN = 24;

export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
export const binaryDirectory = join(workspaceRoot, 'node_modules', '.bin');

/** @returns {string | undefined} path of the pinned Node, undefined before the install */
export function findPinnedNode() {
  const path = join(binaryDirectory, 'node');
  return existsSync(path) ? path : undefined;
}

/**
 * Runs a command as if it were this process: same terminal, signals passed on, and it ends as the command ended.
 *
 * This process must outlive the command, or a shell would print its prompt over a program that is still stopping.
 * A Ctrl-C reaches the whole process group by itself, so on a terminal SIGINT is only outlived, not sent twice.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function become(file, args, env = process.env) {
  const child = spawn(file, args, { stdio: 'inherit', env });
  const fromTerminal = isatty(0);
  process.on('SIGINT', () => {
    if (!fromTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(child);
  child.on('error', (error) => {
    console.error(`ringway: cannot run ${file}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

const PARENT_POLL_MS = 500;

/**
 * npm runs a script by a shell, and that shell passes no signal on: when npm is told to end, the shell dies and what it
 * ran goes on without anybody. So the end of the shell is taken for that signal.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_POLL_MS);
}
