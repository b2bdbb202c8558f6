import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { ClusterError, systemCode } from '../errors.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

let attempts = 0;

/**
 * A file that says which process may write. It is made with its content by link(2), so that nobody ever sees it empty.
 * The lock of a process that no longer runs is stale and is taken over.
 */
export class LockFile {
  readonly #path: string;
  readonly #text: string;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  /** @throws {ClusterError} CLUSTER_LOCKED naming the process that holds it */
  static async acquire(path: string): Promise<LockFile> {
    const text = `${JSON.stringify(identifyProcess(process.pid))}\n`;
    const own = `${path}.${process.pid}.${attempts++}`;
    await writeFile(own, text, { mode: 0o600 });
    try {
      while (!(await tryLink(own, path))) await removeIfStale(path);
    } finally {
      await rm(own, { force: true });
    }
    return new LockFile(path, text);
  }

  /** Whether this process still holds it: somebody may have removed the file by hand. */
  async isHeld(): Promise<boolean> {
    return (await readIfThere(this.#path)) === this.#text;
  }

  async release(): Promise<void> {
    if (await this.isHeld()) await rm(this.#path, { force: true });
  }
}

async function tryLink(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a stale lock out of the way. It is renamed before it is removed, and looked at again in between: another process
 * may have done the same and have locked meanwhile, and then that fresh lock is what was renamed, and goes back.
 */
async function removeIfStale(path: string): Promise<void> {
  const text = await readIfThere(path);
  if (text === undefined) return;
  const holder = parseHolder(text);
  if (holder !== undefined && isRunning(holder)) {
    throw new ClusterError('CLUSTER_LOCKED', `${path} is held by process ${holder.pid}, which is running`);
  }
  const aside = `${path}.${process.pid}.${attempts++}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readIfThere(aside)) !== text) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined for what no holder has written; such a lock is nobody's. */
function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined;
    const startTicks = 'startTicks' in value && typeof value.startTicks === 'number' ? value.startTicks : undefined;
    return { pid: value.pid, startTicks };
  } catch {
    return undefined;
  }
}
