import { Reply, RequestKind } from '@ringway/protocol';
import type { Turn } from '../turn.ts';
import { Executed } from './executed.ts';
import { executeArithmetic, executeDelete, executeTouch } from './item.ts';
import { executeMetaArithmetic, executeMetaDelete } from './meta-change.ts';
import { executeMetaDebug, executeMetaGet } from './meta-get.ts';
import { executeFlushAll, executeHello, executeVersion, refuseShutdown } from './process.ts';
import { executeRead } from './read.ts';
import { executeStats } from './stats.ts';
import { executeMetaSet, executeStore } from './store.ts';

/** Executes the request in the turn and writes its reply. Text commands that say noreply have theirs taken back. */
export function execute(turn: Turn): Executed {
  const { request, counters, out } = turn;
  if (turn.keyIndex === 0) counters.count(request.kind);
  const replyStart = out.length;
  const executed = dispatch(turn);
  if (request.noreply) out.length = replyStart;
  return executed;
}

function dispatch(turn: Turn): Executed {
  const { kind } = turn.request;
  switch (kind) {
    case RequestKind.get:
    case RequestKind.gets:
    case RequestKind.gat:
    case RequestKind.gats:
      return executeRead(turn);
    case RequestKind.quit:
      return Executed.close;
    default:
      perform(turn, kind);
      return Executed.done;
  }
}

/** The commands whose reply is always whole. */
function perform(turn: Turn, kind: SimpleKind): void {
  switch (kind) {
    case RequestKind.metaGet:
      return executeMetaGet(turn);
    case RequestKind.metaSet:
      return executeMetaSet(turn);
    case RequestKind.set:
    case RequestKind.add:
    case RequestKind.replace:
    case RequestKind.append:
    case RequestKind.prepend:
    case RequestKind.cas:
      return executeStore(turn);
    case RequestKind.incr:
    case RequestKind.decr:
      return executeArithmetic(turn);
    case RequestKind.touch:
      return executeTouch(turn);
    case RequestKind.delete:
      return executeDelete(turn);
    case RequestKind.metaDelete:
      return executeMetaDelete(turn);
    case RequestKind.metaArithmetic:
      return executeMetaArithmetic(turn);
    case RequestKind.metaNoop:
      return turn.out.ascii(Reply.metaNoop);
    case RequestKind.metaDebug:
      return executeMetaDebug(turn);
    case RequestKind.stats:
      return executeStats(turn);
    case RequestKind.verbosity:
      return turn.out.ascii(Reply.ok);
    case RequestKind.flushAll:
      return executeFlushAll(turn);
    case RequestKind.version:
      return executeVersion(turn);
    case RequestKind.shutdown:
      return refuseShutdown(turn);
    case RequestKind.hello:
      return executeHello(turn);
    default:
      return kind satisfies never;
  }
}

type SimpleKind = Exclude<RequestKind, ReadKind | typeof RequestKind.quit>;
type ReadKind = typeof RequestKind.get | typeof RequestKind.gets | typeof RequestKind.gat | typeof RequestKind.gats;
