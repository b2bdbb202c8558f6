import { watch, watchFile, unwatchFile } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseTopology, serializeTopology, type Topology } from '@ringway/ring';
import { ClusterError, systemCode } from '../errors.ts';
import { STORE_POLL_MS, TOPOLOGY_FILE_BYTES_MAX, TOPOLOGY_FILE_MODE } from '../limits.ts';
import { removeTemporaryFiles, replaceFile } from './atomic-write.ts';
import { LockFile } from './lock-file.ts';
import { readIfValid } from './read-if-valid.ts';
import type { TopologyStore, TopologyVersion } from './topology-store.ts';

/**
 * Keeps the document in one file, which is replaced as a whole. Its directory must exist.
 *
 *   topology.json             the document
 *   topology.json.lock        names the process that may write
 *   topology.json.last-good   see TopologySource
 *
 * A file cannot fence: a writer that lost its lock between looking and renaming still renames. That is why there is no
 * automatic failover over a file store.
 */
export function createFileStore(path: string): TopologyStore {
  return new FileStore(path);
}

/**
 * Reads a document from a file.
 *
 * @returns undefined when there is no such file
 * @throws {ClusterError} CLUSTER_INVALID, CLUSTER_STORE
 */
export async function readTopologyFile(path: string): Promise<Topology | undefined> {
  const text = await readBounded(path);
  if (text === undefined) return undefined;
  try {
    return parseTopology(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new ClusterError('CLUSTER_INVALID', `${path}: ${reason}`, { cause: error });
  }
}

export async function writeTopologyFile(path: string, topology: Topology): Promise<void> {
  try {
    await replaceFile(path, serializeTopology(topology), TOPOLOGY_FILE_MODE);
  } catch (error) {
    throw storeError(path, 'written', error);
  }
}

class FileStore implements TopologyStore {
  readonly #path: string;
  #lock: LockFile | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(): Promise<Topology | undefined> {
    return readTopologyFile(this.#path);
  }

  async write(next: Topology, expected: TopologyVersion | undefined): Promise<void> {
    if (this.#lock === undefined || !(await this.#lock.isHeld())) {
      throw new ClusterError('CLUSTER_LOCK_LOST', `${this.#path}: this process does not hold the lock`);
    }
    const stored = await readIfValid(this);
    if (stored?.epoch !== expected?.epoch || stored?.digest !== expected?.digest) {
      const found = stored === undefined ? 'no document' : `epoch ${stored.epoch}`;
      throw new ClusterError(
        'CLUSTER_CONFLICT',
        `${this.#path}: found ${found}, expected ${expected?.epoch ?? 'none'}`,
      );
    }
    await writeTopologyFile(this.#path, next);
  }

  /** The directory is watched and not the file, since a replaced file is another file. */
  watch(onChange: () => void): () => void {
    const name = basename(this.#path);
    const watcher = watch(dirname(this.#path), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) onChange();
    });
    // Without a watcher there is still the poll.
    watcher.on('error', () => watcher.close());
    watchFile(this.#path, { persistent: false, interval: STORE_POLL_MS }, onChange);
    return () => {
      watcher.close();
      unwatchFile(this.#path, onChange);
    };
  }

  async lease(): Promise<AsyncDisposable> {
    const lock = await LockFile.acquire(`${this.#path}.lock`);
    await removeTemporaryFiles(this.#path);
    this.#lock = lock;
    return {
      [Symbol.asyncDispose]: async () => {
        this.#lock = undefined;
        await lock.release();
      },
    };
  }
}

/** @returns undefined when there is no such file */
async function readBounded(path: string): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > TOPOLOGY_FILE_BYTES_MAX) {
      throw new ClusterError('CLUSTER_INVALID', `${path}: has ${size} bytes, more than ${TOPOLOGY_FILE_BYTES_MAX}`);
    }
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof ClusterError) throw error;
    if (systemCode(error) === 'ENOENT') return undefined;
    throw storeError(path, 'read', error);
  }
}

function storeError(path: string, verb: string, error: unknown): ClusterError {
  const reason = error instanceof Error ? error.message : 'unknown';
  return new ClusterError('CLUSTER_STORE', `${path} cannot be ${verb}: ${reason}`, { cause: error });
}
