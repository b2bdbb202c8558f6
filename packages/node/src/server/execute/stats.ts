import { Reply, writeStat } from '@ringway/protocol';
import { PROTOCOL_VERSION } from '../../version.ts';
import type { EngineStats } from '../../engine/engine.ts';
import { FailureReason } from '../counters.ts';
import { latin1 } from '../latin1.ts';
import type { Turn } from '../turn.ts';

type Rows = readonly (readonly [name: string, value: string | number])[];

/**
 * stats [settings | items | slabs | sizes]: names are memcached's where the meaning is the same. There are no slabs: items and
 * slabs speak of one class, 1. Counters only grow, so `stats reset` is refused like any unknown word.
 */
export function executeStats(turn: Turn): void {
  const { request, out } = turn;
  const word = request.keyCount === 0 ? '' : latin1(request.input, request.keyStarts[0] ?? 0, request.keyEnds[0] ?? 0);
  const rows = rowsOf(turn, word);
  if (rows === undefined) return out.ascii(Reply.error);
  for (const [name, value] of rows) writeStat(out, name, value);
  return out.ascii(Reply.end);
}

function rowsOf(turn: Turn, word: string): Rows | undefined {
  const stats = turn.engine.stats();
  switch (word) {
    case '':
      return [...processRows(turn), ...commandRows(turn), ...memoryRows(stats)];
    case 'settings':
      return settingsRows(turn, stats);
    case 'items':
      return stats.items === 0 ? [] : itemsRows(turn, stats);
    case 'slabs':
      return slabsRows(turn, stats);
    case 'sizes':
      return [['sizes_status', 'disabled']];
    default:
      return undefined;
  }
}

function processRows({ counters, facts, nowMs }: Turn): Rows {
  const { user, system } = process.cpuUsage();
  return [
    ['pid', process.pid],
    ['uptime', Math.floor((nowMs - facts.startedAtMs) / 1000)],
    ['time', Math.floor(nowMs / 1000)],
    ['version', PROTOCOL_VERSION],
    ['pointer_size', 64],
    ['rusage_user', (user / 1e6).toFixed(6)],
    ['rusage_system', (system / 1e6).toFixed(6)],
    ['max_connections', facts.limits.connections],
    ['curr_connections', counters.connections],
    ['total_connections', counters.connectionsOpened],
    ['rejected_connections', counters.connectionsRejected],
    ['idle_kicks', counters.idleCloses],
    ['bytes_read', counters.receivedBytes],
    ['bytes_written', counters.sentBytes],
    ['accepting_conns', 1],
    ['threads', 1],
  ];
}

function commandRows({ counters }: Turn): Rows {
  return [
    ['cmd_get', counters.getHits + counters.getMisses],
    ['cmd_set', counters.stores],
    ['cmd_flush', counters.flushes],
    ['cmd_touch', counters.touchHits + counters.touchMisses],
    ['get_hits', counters.getHits],
    ['get_misses', counters.getMisses],
    ['get_expired', counters.getExpired],
    ['get_flushed', counters.getFlushed],
    ['delete_misses', counters.deleteMisses],
    ['delete_hits', counters.deleteHits],
    ['incr_misses', counters.incrementMisses],
    ['incr_hits', counters.incrementHits],
    ['decr_misses', counters.decrementMisses],
    ['decr_hits', counters.decrementHits],
    ['cas_misses', counters.casMisses],
    ['cas_hits', counters.casHits],
    ['cas_badval', counters.casBadValue],
    ['touch_hits', counters.touchHits],
    ['touch_misses', counters.touchMisses],
    ['store_too_large', counters.failuresBy(FailureReason.too_large)],
    ['store_no_memory', counters.failuresBy(FailureReason.out_of_memory)],
    ['rw_not_owner', counters.failuresBy(FailureReason.not_owner)],
  ];
}

function memoryRows(stats: EngineStats): Rows {
  return [
    ['limit_maxbytes', stats.memoryLimitBytes],
    ['bytes', stats.memoryUsedBytes],
    ['curr_items', stats.items],
    ['total_items', stats.storesTotal],
    ['expired_unfetched', stats.expiredUnreadTotal],
    ['evicted_unfetched', stats.evictedUnreadTotal],
    ['evictions', stats.evictionsTotal],
    ['reclaimed', stats.expirationsTotal],
  ];
}

function settingsRows({ engine, facts }: Turn, stats: EngineStats): Rows {
  return [
    ['maxbytes', stats.memoryLimitBytes],
    ['maxconns', facts.limits.connections],
    ['tcpport', facts.port],
    ['udpport', 0],
    ['inter', facts.host],
    ['verbosity', 0],
    ['evictions', 'on'],
    ['shutdown_command', 'no'],
    ['num_threads', 1],
    ['cas_enabled', 'yes'],
    ['auth_enabled_ascii', 'no'],
    ['item_size_max', engine.valueBytesMax],
    ['maxconns_fast', 'yes'],
    ['flush_enabled', 'yes'],
    ['dump_enabled', 'no'],
    ['idle_timeout', facts.limits.idleMs / 1000],
  ];
}

function itemsRows({ counters }: Turn, stats: EngineStats): Rows {
  return [
    ['items:1:number', stats.items],
    ['items:1:mem_requested', stats.memoryUsedBytes],
    ['items:1:evicted', stats.evictionsTotal],
    ['items:1:evicted_time', Math.floor(stats.evictionAgeMs / 1000)],
    ['items:1:outofmemory', counters.failuresBy(FailureReason.out_of_memory)],
    ['items:1:reclaimed', stats.expirationsTotal],
    ['items:1:expired_unfetched', stats.expiredUnreadTotal],
    ['items:1:evicted_unfetched', stats.evictedUnreadTotal],
  ];
}

function slabsRows({ counters }: Turn, stats: EngineStats): Rows {
  return [
    ['1:used_chunks', stats.items],
    ['1:get_hits', counters.getHits],
    ['1:cmd_set', counters.stores],
    ['1:delete_hits', counters.deleteHits],
    ['1:incr_hits', counters.incrementHits],
    ['1:decr_hits', counters.decrementHits],
    ['1:cas_hits', counters.casHits],
    ['1:cas_badval', counters.casBadValue],
    ['1:touch_hits', counters.touchHits],
    ['active_slabs', 1],
    ['total_malloced', stats.memoryUsedBytes],
  ];
}
