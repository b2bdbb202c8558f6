import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { formatAddress } from '../config/kinds.ts';
import { INCARNATION_BYTES, RESTART_FORGIVEN_MS, RESTART_MS_MAX, RESTART_MS_MIN } from '../limits.ts';
import type { Log } from '../terminal/log.ts';
import type { NodePorts } from './ports.ts';

export interface NodeProcessOptions extends NodePorts {
  readonly id: string;
  readonly memoryBytes: number;
  readonly clusterFile: string;
  readonly logLevel: string;
  readonly log: Log;
  /** Called when it was started again, with the incarnation by which it goes from now on. */
  readonly onRestart: (node: NodeProcess) => void;
  /** Called at each death that was not asked for, before the restart, with the deaths so far. */
  readonly onDeath: (node: NodeProcess, deaths: number, how: string) => void;
}

const command = fileURLToPath(new URL('../../bin/ringway.js', import.meta.url));

/**
 * One storage node as a child process, started again whenever it dies.
 *
 *   running --dies--> waiting --back-off--> running
 *      \________________\____ stop() ____> stopped
 *
 * The channel to the child is what tells it that this process is gone, even by kill -9: it then stops by itself.
 */
export class NodeProcess {
  readonly options: NodeProcessOptions;
  #incarnation = '';
  #child: ChildProcess;
  #exited: Promise<void>;
  #startedMs = 0;
  #backoffMs = RESTART_MS_MIN;
  #deaths = 0;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: NodeProcessOptions) {
    this.options = options;
    [this.#child, this.#exited] = this.#start();
  }

  get id(): string {
    return this.options.id;
  }

  /** Of the process that runs now, or ran last. Drawn here, so that it can be announced while the process still starts. */
  get incarnation(): string {
    return this.#incarnation;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to end; resolves when it has. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    this.#child.kill('SIGTERM');
    await this.#exited;
  }

  /** Ends it now. Safe in an exit handler. */
  kill(): void {
    this.#stopped = true;
    clearTimeout(this.#restart);
    this.#child.kill('SIGKILL');
  }

  #start(): [ChildProcess, Promise<void>] {
    this.#startedMs = performance.now();
    this.#incarnation = randomBytes(INCARNATION_BYTES).toString('hex');
    const { id, data, admin, memoryBytes, clusterFile, logLevel } = this.options;
    const addresses = ['--data', formatAddress(data), '--admin', formatAddress(admin)];
    const identity = ['--id', id, '--incarnation', this.#incarnation];
    const others = ['--memory', String(memoryBytes), '--cluster', clusterFile, '--log-level', logLevel];
    const child = spawn(process.execPath, [command, 'node', ...identity, ...addresses, ...others], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const exited = new Promise<void>((resolve) => {
      const end = (how: string): void => {
        resolve();
        if (!this.#stopped) this.#died(how);
      };
      child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      child.on('error', (error) => {
        if (child.pid === undefined) end(error.message);
      });
    });
    return [child, exited];
  }

  #died(how: string): void {
    if (performance.now() - this.#startedMs >= RESTART_FORGIVEN_MS) this.#backoffMs = RESTART_MS_MIN;
    const delayMs = this.#backoffMs;
    this.#backoffMs = Math.min(RESTART_MS_MAX, 2 * delayMs);
    this.options.log.warn({ restartInMs: delayMs }, `${this.id} ended (${how}); it is started again`);
    this.#restart = setTimeout(() => {
      [this.#child, this.#exited] = this.#start();
      this.options.onRestart(this);
    }, delayMs);
    this.options.onDeath(this, ++this.#deaths, how);
  }
}
