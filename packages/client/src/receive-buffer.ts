/**
 * What has arrived and is not parsed yet. A read that holds only whole replies is parsed where it lies; only an
 * unfinished tail is copied here, and what follows is appended to it until it is whole.
 *
 * The caller says how many bytes the unfinished reply needs in all, so a large value is copied once into room made
 * for it and not again at each read.
 */
export class ReceiveBuffer {
  bytes: Uint8Array = EMPTY;
  end = 0;

  get isEmpty(): boolean {
    return this.end === 0;
  }

  append(chunk: Uint8Array, start: number, end: number, neededBytes: number): void {
    const length = this.end + (end - start);
    const wanted = Math.max(length, neededBytes);
    if (wanted > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2, 4096));
      grown.set(this.bytes.subarray(0, this.end));
      this.bytes = grown;
    }
    this.bytes.set(chunk.subarray(start, end), this.end);
    this.end = length;
  }

  /** Drops the first `count` bytes. */
  consume(count: number): void {
    this.bytes.copyWithin(0, count, this.end);
    this.end -= count;
  }

  /** Empties it, and lets a buffer go that was grown for a large value. */
  clear(keptBytes: number): void {
    this.end = 0;
    if (this.bytes.length > keptBytes) this.bytes = EMPTY;
  }
}

const EMPTY: Uint8Array = new Uint8Array(0);
