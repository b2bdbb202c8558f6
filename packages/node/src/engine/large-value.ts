/**
 * Room for a value that is still being received. It is taken from the memory limit before the first byte is read, so a
 * large store evicts in advance and cannot fail half way. Ends by storeReserved or abort, once.
 */
export interface Reservation {
  readonly valueBytes: number;
  /** Bytes written so far. */
  readonly filledBytes: number;
  /** Appends source[start, end). */
  write(source: Uint8Array, start: number, end: number): void;
  /** Gives the room back. */
  abort(): void;
}

/** A value held still while it is sent: neither eviction, nor a store, nor a removal changes these bytes before release. */
export interface PinnedValue {
  /** The value in order, in views of the engine's memory. Not to be written to. */
  readonly chunks: readonly Uint8Array[];
  /** Ends the hold, once. The views are void from then on. */
  release(): void;
}
