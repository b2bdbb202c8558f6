import type { Topology } from '@ringway/ring';
import { ClusterError } from '../errors.ts';
import type { TopologyStore } from './topology-store.ts';

/**
 * For the writer, a document that is not valid is as good as none: otherwise it could never be replaced.
 *
 * @throws {ClusterError} CLUSTER_STORE when the store cannot be read
 */
export async function readIfValid(store: Pick<TopologyStore, 'read'>): Promise<Topology | undefined> {
  try {
    return await store.read();
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'CLUSTER_INVALID') return undefined;
    throw error;
  }
}
