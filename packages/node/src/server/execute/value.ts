import { MissCause } from '../../engine/found-item.ts';
import { COPY_VALUE_BYTES_MAX } from '../limits.ts';
import type { Turn } from '../turn.ts';

/** Writes the found item's value and CRLF: a copy when it is small, the engine's own bytes when it is not. */
export function writeFoundValue(turn: Turn): void {
  const { engine, out } = turn;
  const { valueBytes } = engine.found;
  if (valueBytes > COPY_VALUE_BYTES_MAX) {
    turn.sink.sendPinned(engine.pinValue());
  } else {
    out.reserve(valueBytes);
    engine.copyValue(out.bytes, out.length, 0, valueBytes);
    out.length += valueBytes;
  }
  turn.out.crlf();
}

/** Counts a lookup by a read command. */
export function countLookup(turn: Turn, hit: boolean): void {
  const { counters, engine } = turn;
  if (hit) {
    counters.getHits++;
    return;
  }
  counters.getMisses++;
  if (engine.missCause === MissCause.expired) counters.getExpired++;
  else if (engine.missCause === MissCause.flushed) counters.getFlushed++;
}
