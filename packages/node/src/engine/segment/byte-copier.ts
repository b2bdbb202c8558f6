const INT32_COPY_BYTES_MAX = 256;

/**
 * Copies bytes. Short runs word by word, because `set(subarray)` makes an object; the view that needs is kept for as long as
 * the same array is copied from or to, which is a whole turn of a session.
 */
export class ByteCopier {
  #array: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#array.buffer);

  /** From an arena to an outer array. */
  out(source: Uint8Array, view: DataView, from: number, target: Uint8Array, to: number, bytes: number): void {
    if (bytes > INT32_COPY_BYTES_MAX) target.set(source.subarray(from, from + bytes), to);
    else copyWords(view, from, this.#viewOf(target), to, bytes);
  }

  /** From an outer array to an arena. */
  in(source: Uint8Array, from: number, target: Uint8Array, view: DataView, to: number, bytes: number): void {
    if (bytes > INT32_COPY_BYTES_MAX) target.set(source.subarray(from, from + bytes), to);
    else copyWords(this.#viewOf(source), from, view, to, bytes);
  }

  #viewOf(array: Uint8Array): DataView {
    if (array !== this.#array) {
      this.#array = array;
      this.#view = new DataView(array.buffer, array.byteOffset, array.byteLength);
    }
    return this.#view;
  }
}

function copyWords(source: DataView, from: number, target: DataView, to: number, bytes: number): void {
  let i = 0;
  for (; i + 4 <= bytes; i += 4) target.setInt32(to + i, source.getInt32(from + i, true), true);
  for (; i < bytes; i++) target.setUint8(to + i, source.getUint8(from + i));
}
