/** What can go wrong between a process and the topology document. */
export type ClusterErrorCode =
  | 'CLUSTER_INVALID' // what is stored is no valid topology document
  | 'CLUSTER_CONFLICT' // the stored document is not the one the change was made from
  | 'CLUSTER_LOCKED' // another process is the writer
  | 'CLUSTER_LOCK_LOST' // this process was the writer and is no longer
  | 'CLUSTER_STORE'; // the store cannot be read or written

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly code: ClusterErrorCode;

  constructor(code: ClusterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The system's name of an error (`ENOENT`), if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
