import type { Topology } from '@ringway/ring';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../logger.ts';
import type { Ownership } from './ownership.ts';

/** Where a node hears of new topologies; whoever follows a store of them provides it. */
export interface TopologySource {
  current(): Topology | undefined;
  /** Calls back for each newer one; returns how to stop that. */
  subscribe(listener: (topology: Topology) => void): () => void;
}

export interface FollowOptions {
  readonly source: TopologySource;
  readonly ownership: Ownership;
  readonly engine: Engine;
  readonly logger: Logger;
}

/**
 * Keeps ownership and engine in step with the source, from its present topology on; returns how to stop. In one go a
 * topology is taken up and the items of partitions that are no longer ours are dropped, so no request sees the one without
 * the other.
 */
export function followTopology(options: FollowOptions): () => void {
  const { source } = options;
  const current = source.current();
  if (current !== undefined) takeUp(options, current);
  return source.subscribe((topology) => takeUp(options, topology));
}

function takeUp({ ownership, engine, logger }: FollowOptions, topology: Topology): void {
  const { epoch } = topology;
  const { acceptance, drop } = ownership.accept(topology);
  if (acceptance.kind === 'refused') {
    logger.error({ code: acceptance.code, reason: acceptance.reason, epoch }, 'a topology was refused');
  }
  if (acceptance.kind !== 'accepted') return;
  if (drop !== undefined) engine.dropPartitions(ownership.partitionBits, drop);
  const { admitted, partitionsOwned } = ownership;
  logger.info({ epoch, admitted, partitionsOwned }, 'a topology was taken up');
}
