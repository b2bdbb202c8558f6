import { formatAddress } from '../config/kinds.ts';
import { CliError } from '../errors.ts';
import { START_DEATHS_MAX, STOP_TIMEOUT_MS } from '../limits.ts';
import type { Log } from '../terminal/log.ts';
import { NodeProcess } from './node-process.ts';
import type { NodePorts } from './ports.ts';

export interface ClusterProcessesOptions {
  readonly ports: readonly NodePorts[];
  readonly memoryBytes: number;
  readonly clusterFile: string;
  readonly logLevel: string;
  readonly log: Log;
  /** Called when a node that had died was started again. */
  readonly onRestart: (node: NodeProcess) => void;
}

/** The nodes of `ringway up`. While they live, this process may not end without them. */
export class ClusterProcesses {
  readonly nodes: readonly NodeProcess[];
  /** Rejects when a node dies again and again before the cluster was ready: that is not cured by another start. */
  readonly failure: Promise<never>;
  #ready = false;
  readonly #killAll = (): void => {
    for (const node of this.nodes) node.kill();
  };

  constructor(options: ClusterProcessesOptions) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.failure = promise;
    // Looked at only while the cluster starts; a rejection at another time is nobody's.
    promise.catch(() => {});
    this.nodes = options.ports.map(
      (ports, index) =>
        new NodeProcess({
          ...options,
          ...ports,
          id: `node-${index + 1}`,
          onDeath: (node, deaths, how) => {
            if (!this.#ready && deaths >= START_DEATHS_MAX) {
              const why = `${node.id} ended ${deaths} times while it started (${how}); what it printed above says why`;
              reject(new CliError('CLI_START', why));
            }
          },
        }),
    );
    process.on('exit', this.#killAll);
  }

  /** From now on a node that dies is started again for ever. */
  markReady(): void {
    this.#ready = true;
  }

  /** Asks all nodes to end, and ends those that do not in time. */
  async stop(): Promise<void> {
    const timer = setTimeout(this.#killAll, STOP_TIMEOUT_MS);
    await Promise.all(this.nodes.map((node) => node.stop()));
    clearTimeout(timer);
    process.off('exit', this.#killAll);
  }

  /** What the controller should make of them. */
  memberSpecs(): { id: string; zone: string; weight: number; data: string; admin: string }[] {
    return this.nodes.map(({ id, options: { data, admin } }) => ({
      id,
      zone: 'local',
      weight: 1,
      data: formatAddress(data),
      admin: formatAddress(admin),
    }));
  }
}
