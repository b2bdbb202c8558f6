import type { Topology } from '@ringway/ring';

/** Which document it is: two with the same epoch and digest are the same. */
export type TopologyVersion = Pick<Topology, 'epoch' | 'digest'>;

/** Where the topology document lives. Every process reads it; one, the controller, writes it. */
export interface TopologyStore {
  /**
   * @returns the document, undefined while there is none
   * @throws {ClusterError} CLUSTER_INVALID when what is there is no valid document, CLUSTER_STORE when it cannot be read
   */
  read(): Promise<Topology | undefined>;

  /**
   * Replaces the document, if it is still the one the change was made from.
   *
   * @param expected undefined: there is no valid document
   * @throws {ClusterError} CLUSTER_CONFLICT when it is another one, CLUSTER_LOCK_LOST when this process is not the
   *   writer, CLUSTER_STORE when it cannot be written
   */
  write(next: Topology, expected: TopologyVersion | undefined): Promise<void>;

  /** Calls back after every change, and sometimes without one. Returns how to stop that. */
  watch(onChange: () => void): () => void;

  /**
   * Makes this process the one that may write, until the lease is disposed of.
   *
   * @throws {ClusterError} CLUSTER_LOCKED naming the process that is
   */
  lease(): Promise<AsyncDisposable>;
}
