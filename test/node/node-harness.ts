import { expect } from 'vitest';
import { createNode } from '@ringway/node';
import type { NodeOptions, StorageNode } from '@ringway/node';
import { Wire } from './wire.ts';

const MIB = 1024 * 1024;

/** Every output buffer is full of this byte before the node writes to it; no test stores it, so it may never be received. */
export const POISON = 0xaa;

/** A clock that stands still until it is told to move. */
export class TestClock {
  ms = 1_800_000_000_000;

  nowMs(): number {
    return this.ms;
  }

  pass(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** A node that stands alone on a free port. Versions are 1, 2, 3, ... */
export class TestNode implements AsyncDisposable {
  readonly clock = new TestClock();
  readonly node: StorageNode;

  private constructor(options: Partial<NodeOptions>) {
    this.node = createNode({
      id: 'test-node',
      data: { host: '127.0.0.1', port: 0 },
      memoryBytes: 64 * MIB,
      incarnation: '0000000000000000',
      clock: this.clock,
      allocate: (bytes) => Buffer.alloc(bytes, POISON),
      ...options,
    });
  }

  static async start(options: Partial<NodeOptions> = {}): Promise<TestNode> {
    const started = new TestNode(options);
    await started.node.start();
    return started;
  }

  get port(): number {
    return this.node.dataAddress?.port ?? 0;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.node.adminAddress?.port}`;
  }

  connect(): Promise<Wire> {
    return Wire.open(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.close();
  }
}

/** Waits until it holds; for what the node does when the network lets it. */
export async function eventually(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 5000, interval: 5 }).toBe(true);
}
