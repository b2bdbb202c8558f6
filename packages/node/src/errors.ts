/** Every code this package throws. */
export const NodeErrorCode = {
  /** Another process listens on the port. */
  portTaken: 'NODE_PORT_TAKEN',
  /** An option is missing, malformed or out of range. */
  option: 'NODE_OPTION',
} as const;
export type NodeErrorCode = (typeof NodeErrorCode)[keyof typeof NodeErrorCode];

/** An operating error of the node, told apart by its code. */
export class NodeError extends Error {
  readonly code: NodeErrorCode;

  constructor(code: NodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NodeError';
    this.code = code;
  }
}

/** Turns the error of a failed listen() on host:port into ours when the port is taken; others stay as they are. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!taken) return error;
  return new NodeError(NodeErrorCode.portTaken, `port ${host}:${port} is taken by another process`, { cause: error });
}
