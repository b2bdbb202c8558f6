import { Reply, writeErrorLine, writeHelloReply, writeVersion } from '@ringway/protocol';
import { PROTOCOL_VERSION } from '../../version.ts';
import { latin1 } from '../latin1.ts';
import type { Turn } from '../turn.ts';
import { deadlineOf } from './exptime.ts';

/** flush_all [delay]: a delay that is not above 0 is now. */
export function executeFlushAll({ request, engine, counters, out, nowMs }: Turn): void {
  counters.flushes++;
  engine.flushAll(request.exptime > 0 ? deadlineOf(request.exptime, nowMs) : nowMs);
  out.ascii(Reply.ok);
}

/** version: memcached's number first, since clients decide by it what they may use. */
export function executeVersion({ out }: Turn): void {
  writeVersion(out, PROTOCOL_VERSION);
}

/** shutdown: never allowed over the data port. */
export function refuseShutdown({ out }: Turn): void {
  writeErrorLine(out, 'ERROR: shutdown not enabled');
}

/** rw_hello: who we are. A proxy of another cluster is turned away, since its table says nothing about us. */
export function executeHello({ request, ownership, out }: Turn): void {
  const cluster = latin1(request.input, request.keyStarts[0] ?? 0, request.keyEnds[0] ?? 0);
  if (ownership.cluster !== undefined && cluster !== ownership.cluster) {
    return writeErrorLine(out, `CLIENT_ERROR cluster is ${ownership.cluster}`);
  }
  return writeHelloReply(out, {
    node: ownership.nodeId,
    incarnation: ownership.incarnation,
    epoch: ownership.epoch,
  });
}
