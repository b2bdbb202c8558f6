import { assert } from '../assert.ts';
import { bytesOf } from './item.ts';
import type { Item } from './item.ts';

/**
 * The items by key, in order of recency, and the account of their memory.
 *
 *     used = linked items + pinned items that are no longer linked + reservations
 *     held = pinned items, linked or not + reservations: what eviction cannot free
 *
 * A Map keeps insertion order, so moving an item to its end on every access makes the Map the LRU list.
 */
export class ItemTable {
  #items = new Map<string, Item>();
  #limitBytes: number;
  #usedBytes = 0;
  #pinnedBytes = 0;
  #reservedBytes = 0;
  readonly #onEvict: (item: Item) => void;

  constructor(limitBytes: number, onEvict: (item: Item) => void) {
    this.#limitBytes = limitBytes;
    this.#onEvict = onEvict;
  }

  get count(): number {
    return this.#items.size;
  }
  get usedBytes(): number {
    return this.#usedBytes;
  }
  get pinnedBytes(): number {
    return this.#pinnedBytes;
  }
  get reservedBytes(): number {
    return this.#reservedBytes;
  }
  get limitBytes(): number {
    return this.#limitBytes;
  }

  get(keyText: string): Item | undefined {
    return this.#items.get(keyText);
  }

  /** All items, the least recently used first. */
  values(): IterableIterator<Item> {
    return this.#items.values();
  }

  /** Adds as the most recently used; the room must have been made. */
  link(item: Item): void {
    assert(!this.#items.has(item.keyText), 'an item is linked once');
    this.#items.set(item.keyText, item);
    this.#usedBytes += bytesOf(item);
  }

  unlink(item: Item): void {
    assert(this.#items.get(item.keyText) === item, 'an unlinked item was linked');
    this.#items.delete(item.keyText);
    if (item.pins === 0) this.#usedBytes -= bytesOf(item);
  }

  bump(item: Item): void {
    this.#items.delete(item.keyText);
    this.#items.set(item.keyText, item);
  }

  pin(item: Item): void {
    if (item.pins++ === 0) this.#pinnedBytes += bytesOf(item);
  }

  unpin(item: Item): void {
    assert(item.pins > 0, 'a released value was pinned');
    if (--item.pins > 0) return;
    this.#pinnedBytes -= bytesOf(item);
    if (this.#items.get(item.keyText) !== item) this.#usedBytes -= bytesOf(item);
    this.makeRoom(0);
  }

  /** Whether eviction could make room for that many bytes. */
  canHold(bytes: number): boolean {
    return this.#pinnedBytes + this.#reservedBytes + bytes <= this.#limitBytes;
  }

  /** Evicts the least recently used until that many bytes fit, or nothing more can go. */
  makeRoom(bytes: number): void {
    if (this.#usedBytes + bytes <= this.#limitBytes) return;
    for (const item of this.#items.values()) {
      if (item.pins > 0) continue;
      this.#onEvict(item);
      this.unlink(item);
      if (this.#usedBytes + bytes <= this.#limitBytes) return;
    }
  }

  reserve(bytes: number): void {
    this.#usedBytes += bytes;
    this.#reservedBytes += bytes;
  }

  unreserve(bytes: number): void {
    this.#usedBytes -= bytes;
    this.#reservedBytes -= bytes;
  }

  setLimit(limitBytes: number): void {
    this.#limitBytes = limitBytes;
    this.makeRoom(0);
  }

  verify(): string[] {
    const faults: string[] = [];
    let linkedBytes = 0;
    let linkedPinnedBytes = 0;
    for (const [keyText, item] of this.#items) {
      if (item.keyText !== keyText) faults.push(`item ${item.serial} is filed under another key`);
      if (item.pins < 0) faults.push(`item ${item.serial} has ${item.pins} pins`);
      linkedBytes += bytesOf(item);
      if (item.pins > 0) linkedPinnedBytes += bytesOf(item);
    }
    const detachedBytes = this.#pinnedBytes - linkedPinnedBytes;
    const expected = linkedBytes + detachedBytes + this.#reservedBytes;
    if (detachedBytes < 0) faults.push(`linked pinned items have ${linkedPinnedBytes} bytes of ${this.#pinnedBytes}`);
    if (this.#reservedBytes < 0) faults.push(`${this.#reservedBytes} bytes are reserved`);
    if (this.#usedBytes !== expected) faults.push(`${this.#usedBytes} bytes are counted, there are ${expected}`);
    if (this.#usedBytes > this.#limitBytes && linkedBytes > linkedPinnedBytes) {
      faults.push(`${this.#usedBytes} bytes are used of ${this.#limitBytes}`);
    }
    return faults;
  }
}
