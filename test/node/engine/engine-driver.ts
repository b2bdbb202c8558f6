import { createKeyRef, createStoreRequest, StoreMode } from '@ringway/node/engine';
import type { Engine, KeyRef, Status, StoreRequest, Word64 } from '@ringway/node/engine';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface StoreOptions {
  readonly mode?: StoreMode;
  readonly flags?: number;
  readonly expiresAtMs?: number;
  readonly compare?: Word64;
  readonly staleIfOlder?: boolean;
  readonly version?: Word64;
}

/** An engine spoken to in strings, for tests. Time starts at START_MS. */
export const START_MS = 1_000_000_000;

export class EngineDriver {
  readonly engine: Engine;
  readonly request: StoreRequest = createStoreRequest();
  nowMs = START_MS;

  constructor(engine: Engine) {
    this.engine = engine;
    engine.advance(this.nowMs);
  }

  key(text: string): KeyRef {
    return pointAt(this.request.key, text);
  }

  store(key: string, value: string | Uint8Array, options: StoreOptions = {}): Status {
    return this.engine.store(this.fill(key, value, options));
  }

  fill(key: string, value: string | Uint8Array, options: StoreOptions): StoreRequest {
    const { request } = this;
    // The value stands in the middle of a larger buffer, so that an engine that ignores the offsets is found out.
    const body = typeof value === 'string' ? encoder.encode(value) : value;
    const padded = new Uint8Array(body.length + 8).fill(0xaa);
    padded.set(body, 4);
    this.key(key);
    request.mode = options.mode ?? StoreMode.set;
    request.valueBytes = padded;
    request.valueStart = 4;
    request.valueEnd = 4 + body.length;
    request.flags = options.flags ?? 0;
    request.expiresAtMs = options.expiresAtMs ?? 0;
    request.compare = options.compare;
    request.staleIfOlder = options.staleIfOlder ?? false;
    request.version = options.version;
    return request;
  }

  has(key: string): boolean {
    return this.engine.find(this.key(key), true);
  }

  get(key: string, peek = false): string | undefined {
    if (!this.engine.find(this.key(key), peek)) return undefined;
    return decoder.decode(this.value());
  }

  /** Value of the found item. */
  value(): Uint8Array {
    const { valueBytes } = this.engine.found;
    const copy = new Uint8Array(valueBytes + 2).fill(0xaa);
    this.engine.copyValue(copy, 1, 0, valueBytes);
    if (copy[0] !== 0xaa || copy.at(-1) !== 0xaa) throw new Error('copyValue wrote outside its range');
    return copy.subarray(1, 1 + valueBytes);
  }

  /** Key of the found item. */
  foundKey(): string {
    const copy = new Uint8Array(this.engine.found.keyBytes);
    this.engine.copyKey(copy, 0);
    return decoder.decode(copy);
  }

  versionOf(key: string): Word64 {
    if (!this.has(key)) throw new Error(`no item ${key}`);
    return { ...this.engine.found.version };
  }

  version(): Word64 {
    return { ...this.engine.version };
  }

  remove(key: string): boolean {
    if (!this.has(key)) return false;
    this.engine.remove();
    return true;
  }

  pass(seconds: number): void {
    this.nowMs += seconds * 1000;
    this.engine.advance(this.nowMs);
  }

  inSeconds(seconds: number): number {
    return this.nowMs + seconds * 1000;
  }
}

/** Points the reference at a key that stands in the middle of a larger buffer. The hash is FNV-1a, run twice. */
export function pointAt(key: KeyRef, text: string): KeyRef {
  const bytes = encoder.encode(`<${text}>`);
  key.bytes = bytes;
  key.start = 1;
  key.end = bytes.length - 1;
  key.hashHigh = fnv(text, 0x811c9dc5);
  key.hashLow = fnv(text, key.hashHigh);
  return key;
}

export function keyRef(text: string): KeyRef {
  return pointAt(createKeyRef(), text);
}

function fnv(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
