/** Every code this package can throw or return, and what it means. Codes are documented, tested and never reused. */
export const ringErrors = {
  RING_OPTION: 'A caller passed a value outside the documented range.',
  RING_NO_MEMBERS: 'A plan or a document has no member that can own a partition.',
  RING_TABLE: 'A partition table breaks its own rules, or does not belong to the given members.',
  RING_DOCUMENT_SIZE: 'A topology document is longer than the limit.',
  RING_DOCUMENT_JSON: 'A topology document is not JSON.',
  RING_DOCUMENT_FIELD: 'A field of a topology document is missing, unknown, of the wrong type or out of range.',
  RING_OTHER_CLUSTER: 'The offered document belongs to another cluster.',
  RING_OTHER_PARTITIONS: 'The offered document has another number of partitions; keys would change place.',
  RING_OTHER_SECRET: 'The offered document has another hash secret; keys would change place.',
  RING_EPOCH_LOWER: 'The offered document is older than the one in use.',
  RING_EPOCH_CONFLICT: 'Two different documents carry the same epoch.',
} as const;

export type RingErrorCode = keyof typeof ringErrors;

/** An operating error of the ring. Compare `code`; the message is for people. */
export class RingError extends Error {
  readonly code: RingErrorCode;

  constructor(code: RingErrorCode, message: string) {
    super(message);
    this.name = 'RingError';
    this.code = code;
  }
}
