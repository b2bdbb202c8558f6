/**
 * A key as every call takes it: bytes by offset, and the two words of its hash. One reusable object per caller.
 *
 * The hash arrives with the key because the owner of the engine has computed it already, to find the key's partition;
 * the engine holds no hash function and no secret. The partition of a key is the top bits of `hashHigh`, so an index
 * ordered by it holds each partition in one run of adjacent buckets.
 */
export interface KeyRef {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** uint32. */
  hashHigh: number;
  /** uint32, independent of `hashHigh`. */
  hashLow: number;
}

const NO_BYTES = new Uint8Array(0);

export function createKeyRef(): KeyRef {
  return { bytes: NO_BYTES, start: 0, end: 0, hashHigh: 0, hashLow: 0 };
}

/** Partition of a hash among 2^bits; 0 bits is one partition. */
export function partitionOfHash(hashHigh: number, partitionBits: number): number {
  return partitionBits === 0 ? 0 : hashHigh >>> (32 - partitionBits);
}
