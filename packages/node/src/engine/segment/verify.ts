import type { HashIndex } from './hash-index.ts';
import type { Heap } from './heap.ts';
import {
  accessSecondsAt,
  fillerBytesAt,
  GRANULE_BYTES,
  hashAt,
  isFiller,
  keyBytesAt,
  RECORD_HEADER_BYTES,
  valueBytesAt,
} from './layout.ts';
import { NONE, Use } from './segment-table.ts';
import type { SegmentTable } from './segment-table.ts';
import type { StoreCore } from './store-core.ts';

/** Says that an invariant of docs/engine.md does not hold. */
type Report = (invariant: number, what: string) => void;

/** Walks everything; each fault begins with the number of its invariant. */
export function verifyCore(core: StoreCore): string[] {
  const faults: string[] = [];
  const report: Report = (invariant, what) => faults.push(`${invariant}: ${what}`);
  const { heap, segments, index } = core;
  const reached = new Int32Array(segments.madeCount);
  verifyQueues(segments, reached, report);
  verifyDirectory(index, segments, reached, report);
  const records = verifyRecords(heap, reached, report);
  const entries = verifyEntries(heap, report);
  if (records !== heap.items || entries !== heap.items) {
    report(7, `${heap.items} items are counted, ${records} records and ${entries} entries found`);
  }
  verifyUses(segments, reached, report);
  verifyPins(segments, report);
  verifyLimit(core, report);
  return faults;
}

/** 1, 2: queues are linked both ways, and only the youngest of one is open. */
function verifyQueues(segments: SegmentTable, reached: Int32Array, report: Report): void {
  for (const segment of segments.freeList()) reached[segment]!++;
  for (let queue = 0; queue < segments.useCount; queue++) {
    if (queue !== Use.transit && queue < Use.small) continue;
    let before = NONE;
    for (let segment = segments.oldest[queue]!; segment !== NONE; segment = segments.next[segment]!) {
      if (reached[segment]!++ > 0) return report(1, `segment ${segment} is in two places`);
      if (segments.previous[segment] !== before) report(1, `segment ${segment} does not know the one before it`);
      if (segments.use[segment] !== queue) report(1, `segment ${segment} of queue ${queue} has another use`);
      before = segment;
    }
    if (segments.youngest[queue] !== before) report(1, `queue ${queue} does not know its youngest`);
    const open = segments.open[queue]!;
    if (open !== NONE && open !== before) report(2, `segment ${open} of queue ${queue} is open, and not the youngest`);
  }
}

/** 3: every chunk has its run of the directory, and a segment. */
function verifyDirectory(index: HashIndex, segments: SegmentTable, reached: Int32Array, report: Report): void {
  let covered = 0;
  for (let chunk = 0; chunk < index.chunkCount; chunk++) {
    const segment = index.segmentOfChunk[chunk]!;
    reached[segment]!++;
    if (segments.use[segment] !== Use.index) report(3, `segment ${segment} of chunk ${chunk} has another use`);
    const depth = index.depthOfChunk[chunk]!;
    const span = 2 ** (index.directoryBits - depth);
    const first = index.prefixOfChunk[chunk]! * span;
    const run = index.directory.subarray(first, first + span);
    if (!run.every((entry) => entry === ((chunk << 5) | depth)))
      report(3, `chunk ${chunk} is not where its prefix says`);
    covered += span;
  }
  if (covered !== index.directory.length) report(3, `chunks cover ${covered} of ${index.directory.length} entries`);
}

/** 4, 5, 6: records and fillers fill a segment, its account is right, chains are whole. Returns the number of records. */
function verifyRecords(heap: Heap, reached: Int32Array, report: Report): number {
  const { segments } = heap;
  let count = 0;
  for (let segment = 0; segment < segments.madeCount; segment++) {
    if (segments.use[segment]! < Use.small) continue;
    let live = 0;
    let chained = 0;
    const end = verifyFill(heap, segment, (location, bytes) => {
      count++;
      live += bytes;
      chained += verifyChain(heap, location, reached, report);
      verifyFound(heap, location, report);
    });
    if (end !== segments.used[segment] || end > heap.segmentBytes) {
      report(4, `records of segment ${segment} end at ${end} of ${segments.used[segment]} bytes used`);
    }
    if (live !== segments.live[segment])
      report(5, `segment ${segment} has ${live} live bytes, not ${segments.live[segment]}`);
    if (chained !== segments.chained[segment]) report(5, `segment ${segment} has ${chained} chain segments`);
    if (live === 0 && segments.pins[segment] === 0) report(5, `segment ${segment} is empty, and was not given back`);
  }
  return count;
}

/** Visits the records of a segment without trusting them. Returns where the last one ends. */
function verifyFill(heap: Heap, segment: number, visit: (location: number, bytes: number) => void): number {
  const words = heap.arenas.words[heap.arenas.arenaOf(segment)]!;
  const first = heap.arenas.offsetOf(segment) >> 2;
  let offset = 0;
  while (offset < heap.segments.used[segment]!) {
    const at = first + (offset >> 2);
    const bytes = isFiller(words, at) ? fillerBytesAt(words, at) : heap.sizeAt(words, at);
    if (bytes <= 0 || bytes % GRANULE_BYTES !== 0) return NaN;
    if (!isFiller(words, at)) visit(heap.arenas.location(segment, offset), bytes);
    offset += bytes;
  }
  return offset;
}

/** 6: the chain of a value has as many segments as its size says, and nobody else has them. */
function verifyChain(heap: Heap, location: number, reached: Int32Array, report: Report): number {
  const words = heap.wordsOf(location);
  const at = heap.wordAt(location);
  const chain = heap.chainOf(location);
  for (const segment of chain) {
    reached[segment]!++;
    if (heap.segments.use[segment] !== Use.chain) report(6, `segment ${segment} of a chain has another use`);
  }
  if (chain.length !== heap.chainsAt(words, at)) {
    report(6, `a value of ${valueBytesAt(words, at)} bytes has ${chain.length} chain segments`);
  }
  return chain.length;
}

/** 8, 9: a key is found, in this very record; nothing was accessed in the future. */
function verifyFound(heap: Heap, location: number, report: Report): void {
  const words = heap.wordsOf(location);
  const at = heap.wordAt(location);
  const key = at * 4 + RECORD_HEADER_BYTES;
  const found = heap.index.find(hashAt(words, at), heap.bytesOf(location), key, key + keyBytesAt(words, at));
  if (found !== location) report(8, `the key of the record at ${location} is found at ${found}`);
  const { nowSeconds } = heap.segments;
  const accessed = accessSecondsAt(words, at, nowSeconds);
  if (accessed > nowSeconds || accessed < 0) report(9, `the record at ${location} was accessed at ${accessed} s`);
}

/** 7: an entry's place and tag give the hash of its record. Returns the number of entries. */
function verifyEntries(heap: Heap, report: Report): number {
  let count = 0;
  for (let chunk = 0; chunk < heap.index.chunkCount; chunk++) {
    heap.index.visitChunk(chunk, (hash, location) => {
      count++;
      const words = heap.wordsOf(location);
      const at = heap.wordAt(location);
      if (isFiller(words, at)) report(7, `an entry points at room without an item, at ${location}`);
      else if (hashAt(words, at) !== hash) report(7, `the entry of the record at ${location} tells another hash`);
    });
  }
  return count;
}

/** 10: every segment is in one place, and as many have a use as are counted. */
function verifyUses(segments: SegmentTable, reached: Int32Array, report: Report): void {
  const counts = new Int32Array(segments.useCount);
  const chained = new Int32Array(segments.useCount);
  for (let segment = 0; segment < segments.madeCount; segment++) {
    const use = segments.use[segment]!;
    counts[use]!++;
    if (use >= Use.small) chained[use]! += segments.chained[segment]!;
    const expected = use === Use.reserved || use === Use.limbo ? 0 : 1;
    if (reached[segment] !== expected) report(10, `segment ${segment}, use ${use}, is in ${reached[segment]} places`);
  }
  for (let use = 0; use < segments.useCount; use++) {
    if (counts[use] !== segments.count[use])
      report(10, `${segments.count[use]} of ${counts[use]} are counted, use ${use}`);
    if (chained[use] !== segments.chainedCount[use]) report(10, `chains of use ${use} are miscounted`);
  }
}

/** 11: what is pinned is counted, and no segment is in limbo without a pin, or free with one. */
function verifyPins(segments: SegmentTable, report: Report): void {
  let held = 0;
  let pinned = 0;
  for (let segment = 0; segment < segments.madeCount; segment++) {
    const use = segments.use[segment]!;
    const pins = segments.pins[segment]!;
    if (pins < 0 || (pins === 0 && use === Use.limbo) || (pins > 0 && use === Use.free)) {
      report(11, `segment ${segment}, use ${use}, has ${pins} pins`);
    }
    if (pins === 0) continue;
    if (use !== Use.transit) held++;
    if (use === Use.chain || use >= Use.small) pinned++;
  }
  if (held !== segments.heldCount) report(11, `${held} segments are held, not ${segments.heldCount}`);
  if (pinned !== segments.pinnedCount) report(11, `${pinned} segments are pinned, not ${segments.pinnedCount}`);
}

/** 12, 13: no more is used than the limit, but for what is held; nothing stands in an open segment that a flush has closed. */
function verifyLimit(core: StoreCore, report: Report): void {
  const { segments, heap } = core;
  const held = segments.heldCount + segments.count[Use.reserved]! + segments.count[Use.transit]! > 0;
  if (segments.available < 1 && !held)
    report(12, `${segments.inUse} segments of ${segments.limit} are used, none spare`);
  for (let queue: number = Use.small; queue < segments.useCount; queue++) {
    const open = segments.open[queue]!;
    if (open !== NONE && segments.serial[open]! <= heap.flushedSerial)
      report(13, `a flushed segment, ${open}, is open`);
  }
}
