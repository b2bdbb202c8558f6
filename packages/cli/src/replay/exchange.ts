import { Client, type Dispatcher } from 'undici';
import { codeOf } from '../errors.ts';
import { REPLAY_REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { ReplayValues } from './replay-value.ts';

export interface Answer {
  /** HTTP status; 0 when no whole answer came. */
  readonly status: number;
  /** Whether the body of a 200 is, byte for byte, the value of the key. */
  readonly intact: boolean;
  /** Why no whole answer came, as the system or undici names it: ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT. */
  readonly failure: string | undefined;
}

/** One keep-alive connection with one request at a time, as an app server's thread would hold it. */
export class Exchange {
  readonly #client: Client;
  readonly #path: string;
  readonly #query: string;
  readonly #values: ReplayValues;

  /** @param options.ttlSeconds sent with every value, undefined for values that do not expire */
  constructor(options: { url: string; namespace: string; ttlSeconds: number | undefined; values: ReplayValues }) {
    const { origin, pathname } = new URL(options.url);
    this.#client = new Client(origin, {
      pipelining: 1,
      headersTimeout: REPLAY_REQUEST_TIMEOUT_MS,
      bodyTimeout: REPLAY_REQUEST_TIMEOUT_MS,
      connect: { timeout: REPLAY_REQUEST_TIMEOUT_MS },
    });
    this.#path = `${pathname.replace(/\/$/, '')}/v1/kv/${encodeURIComponent(options.namespace)}/`;
    this.#query = options.ttlSeconds === undefined ? '' : `?ttl=${options.ttlSeconds}`;
    this.#values = options.values;
  }

  get(key: string): Promise<Answer> {
    return this.#send({ method: 'GET', path: this.#path + encodeURIComponent(key) }, Buffer.from(key));
  }

  /** Stores the value that belongs to the key. */
  put(key: string): Promise<Answer> {
    const keyBytes = Buffer.from(key);
    const request: Dispatcher.DispatchOptions = {
      method: 'PUT',
      path: this.#path + encodeURIComponent(key) + this.#query,
      headers: { 'content-type': 'application/octet-stream' },
      body: this.#values.make(keyBytes),
    };
    return this.#send(request, keyBytes);
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  #send(request: Dispatcher.DispatchOptions, key: Uint8Array): Promise<Answer> {
    return new Promise((resolve) => {
      let status = 0;
      let bodyBytes = 0;
      let intact = true;
      this.#client.dispatch(request, {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          if (status === 200) intact &&= this.#values.matches(key, bodyBytes, chunk);
          bodyBytes += chunk.length;
        },
        onResponseEnd: () =>
          resolve({ status, intact: intact && bodyBytes === this.#values.valueBytes, failure: undefined }),
        onResponseError: (_controller, error) =>
          resolve({ status: 0, intact: false, failure: codeOf(error) ?? error.name }),
      });
    });
  }
}
