import { RECEIVE_BYTES_INITIAL } from './limits.ts';

const NO_BYTES: Buffer = Buffer.alloc(0);

/** Bytes of a connection that wait for the rest of their command. Holds no memory while there are none. */
export class ReceiveBuffer {
  #bytes = NO_BYTES;
  #start = 0;
  #end = 0;

  get bytes(): Buffer {
    return this.#bytes;
  }
  get start(): number {
    return this.#start;
  }
  get end(): number {
    return this.#end;
  }
  get length(): number {
    return this.#end - this.#start;
  }
  get capacity(): number {
    return this.#bytes.length;
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (this.#end + chunk.length > this.#bytes.length) this.#move(needed);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Everything before `offset` of `bytes` was used. */
  consumeTo(offset: number): void {
    this.#start = offset;
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#bytes = NO_BYTES;
    this.#start = 0;
    this.#end = 0;
  }

  /** Brings the content to the front of a store of at least that many bytes. */
  #move(needed: number): void {
    const content = this.#bytes.subarray(this.#start, this.#end);
    const fits = needed <= this.#bytes.length;
    const target = fits ? this.#bytes : Buffer.allocUnsafeSlow(Math.max(RECEIVE_BYTES_INITIAL, needed * 2));
    target.set(content, 0);
    this.#bytes = target;
    this.#end = content.length;
    this.#start = 0;
  }
}
