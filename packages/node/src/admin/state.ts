/** What a node says of itself: the body of /v1/state. */
export interface NodeState {
  readonly id: string;
  readonly incarnation: string;
  readonly role: 'node';
  readonly version: string;
  /** The cluster it belongs to; undefined for one that stands alone. */
  readonly cluster: string | undefined;
  /** Epoch and digest of the topology in use; 0 and empty without one. */
  readonly epoch: number;
  readonly digest: string;
  /** Whether the topology names this run of the node. One that stands alone is its own. */
  readonly admitted: boolean;
  readonly partitionsOwned: number;
  readonly items: number;
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number };
  readonly connections: { readonly open: number; readonly limit: number; readonly bufferBytes: number };
  readonly uptimeSeconds: number;
}
