/** Every code a writer of this package can throw. */
export const ProtocolErrorCode = {
  /** The key is empty, too long as written, or holds a byte that the text protocol cannot carry. */
  key: 'PROTOCOL_KEY',
  /** Meta flags, a name or a number would not survive as one line of the protocol. */
  token: 'PROTOCOL_TOKEN',
} as const;
export type ProtocolErrorCode = (typeof ProtocolErrorCode)[keyof typeof ProtocolErrorCode];

/** A message was refused by a writer before any byte of it was written. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.code = code;
  }
}
