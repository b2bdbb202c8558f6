/**
 * What can go wrong between a caller and one node. `sent` is the line between "not done" and "unknown": false means
 * that no byte of the request left this process, so the request may safely be made elsewhere.
 */
export type ClientErrorCode =
  | 'CLIENT_UNAVAILABLE' // no connection, and the next attempt is not due yet
  | 'CLIENT_CONNECT' // the connection could not be made
  | 'CLIENT_IDENTITY' // something answered, but it is not the node that was expected
  | 'CLIENT_RESET' // the connection ended while the request waited
  | 'CLIENT_PROTOCOL' // the node sent bytes that are no reply to what was asked
  | 'CLIENT_TIMEOUT' // the deadline passed
  | 'CLIENT_QUEUE_FULL' // too many requests or bytes wait for this node
  | 'CLIENT_CLOSED'; // close() was called

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  readonly sent: boolean;

  constructor(code: ClientErrorCode, message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.sent = options.sent;
  }
}
