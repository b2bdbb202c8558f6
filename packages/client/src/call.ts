import type { Output, ResponseParser } from '@ringway/protocol';
import type { ClientError } from './errors.ts';
import type { Exchange } from './exchange.ts';

/**
 * A request as a promise, for places where comfort matters more than the cost of one: probes, tools and tests.
 *
 * @param read takes what it needs out of the reply; its views end with the call
 */
export function call<T>(
  target: { send(exchange: Exchange): void },
  options: {
    readonly deadlineMs: number;
    readonly write: (out: Output) => void;
    readonly read: (reply: ResponseParser, input: Uint8Array, bodyStart: number, bodyEnd: number) => T;
  },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const exchange: Exchange = {
      deadlineMs: options.deadlineMs,
      write: options.write,
      onReply: (reply, input, bodyStart, bodyEnd) => resolve(options.read(reply, input, bodyStart, bodyEnd)),
      onFailure: (error: ClientError) => reject(error),
    };
    target.send(exchange);
  });
}
