/** Places in the pad where a value can start. Two keys of one start still differ by the key at the front. */
const PAD_STARTS = 64 * 1024;

/**
 * Values that can be checked without being kept: a value is the bytes of its key, then bytes of one long pad from a
 * place that depends on the key. Both parts are cut to the size of the value. Comparing is two calls of memcmp.
 */
export interface ReplayValues {
  readonly valueBytes: number;
  /** The value of a key, as new bytes. */
  make(key: Uint8Array): Buffer;
  /** Whether a piece of a value, found at an offset of it, is what was stored. */
  matches(key: Uint8Array, offset: number, piece: Uint8Array): boolean;
}

/** @param valueBytes size of every value */
export function createReplayValues(valueBytes: number): ReplayValues {
  return new PadValues(valueBytes);
}

class PadValues implements ReplayValues {
  readonly #valueBytes: number;
  readonly #pad: Buffer;

  constructor(valueBytes: number) {
    this.#valueBytes = valueBytes;
    this.#pad = createPad(PAD_STARTS + valueBytes);
  }

  get valueBytes(): number {
    return this.#valueBytes;
  }

  make(key: Uint8Array): Buffer {
    const value = Buffer.allocUnsafe(this.#valueBytes);
    const head = Math.min(key.length, value.length);
    value.set(key.subarray(0, head));
    this.#pad.copy(value, head, padStart(key), padStart(key) + value.length - head);
    return value;
  }

  matches(key: Uint8Array, offset: number, piece: Uint8Array): boolean {
    const end = offset + piece.length;
    if (end > this.#valueBytes) return false;
    const head = Math.min(key.length, this.#valueBytes);
    const split = Math.min(Math.max(head - offset, 0), piece.length);
    const padOffset = padStart(key) + offset - head;
    return (
      Buffer.compare(piece.subarray(0, split), key.subarray(offset, offset + split)) === 0 &&
      this.#pad.compare(piece, split, piece.length, padOffset + split, padOffset + piece.length) === 0
    );
  }
}

/** FNV-1a, 32 bits, reduced to a start in the pad. */
function padStart(key: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % PAD_STARTS;
}

/** The same bytes in every run, so that a later replay can check what an earlier one stored (xorshift32, Marsaglia 2003). */
function createPad(bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state >>> 0;
  }
  return Buffer.from(words.buffer, 0, bytes);
}
