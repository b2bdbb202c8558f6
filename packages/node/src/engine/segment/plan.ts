import { assert } from '../assert.ts';
import {
  ARENA_BYTES_MAX,
  ARENAS_WANTED,
  GHOST_BYTES_MIN,
  GHOST_SHARE,
  INDEX_SHARE,
  MEMORY_BYTES_MAX,
  SEGMENT_BYTES_MAX,
  SEGMENT_BYTES_MIN,
  SEGMENTS_PER_TTL_QUEUE,
  SEGMENTS_WANTED,
  TTL_QUEUES_MAX,
} from './limits.ts';
import { SegmentTable } from './segment-table.ts';

/** Segments without which nothing works: one for the index, one for each of SMALL and MAIN, and the spare one. */
const SEGMENTS_MIN = 4;

/** How a memory limit is divided. */
export interface Plan {
  readonly segments: number;
  readonly indexSegmentsMax: number;
  readonly directoryBitsMax: number;
  readonly ghostBytes: number;
  /** Ghost, directory and columns: what is used beside the segments. */
  readonly fixedBytes: number;
}

function powerOfTwoUpTo(bytes: number): number {
  return 2 ** Math.floor(Math.log2(bytes));
}

export function segmentBytesFor(memoryBytes: number): number {
  const wanted = powerOfTwoUpTo(Math.max(1, memoryBytes / SEGMENTS_WANTED));
  return Math.min(SEGMENT_BYTES_MAX, Math.max(SEGMENT_BYTES_MIN, wanted));
}

export function arenaBytesFor(memoryBytes: number, segmentBytes: number): number {
  const wanted = powerOfTwoUpTo(Math.max(1, memoryBytes / ARENAS_WANTED));
  return Math.min(ARENA_BYTES_MAX, Math.max(segmentBytes, wanted));
}

export function ttlQueuesFor(segments: number): number {
  return Math.min(TTL_QUEUES_MAX, Math.floor(segments / SEGMENTS_PER_TTL_QUEUE));
}

/** `columns` and `directoryBits` are those there already: they grow, but do not shrink. */
export function planMemory(memoryBytes: number, segmentBytes: number, columns = 0, directoryBits = 0): Plan {
  assert(memoryBytes <= MEMORY_BYTES_MAX, `a memory limit of ${memoryBytes} bytes is above the reach of locations`);
  const ghostBytes = Math.max(GHOST_BYTES_MIN, powerOfTwoUpTo(memoryBytes / GHOST_SHARE));
  const most = Math.floor(memoryBytes / segmentBytes);
  const indexSegmentsMax = Math.max(1, Math.floor(most / INDEX_SHARE));
  const directoryBitsMax = Math.ceil(Math.log2(indexSegmentsMax)) + 2;
  const fixedBytes =
    ghostBytes +
    2 ** Math.max(directoryBits, directoryBitsMax) * Int32Array.BYTES_PER_ELEMENT +
    SegmentTable.bytesFor(Math.max(columns, most));
  const segments = Math.floor((memoryBytes - fixedBytes) / segmentBytes);
  assert(segments >= SEGMENTS_MIN, `a memory limit of ${memoryBytes} bytes is too low for segments of ${segmentBytes}`);
  return { segments, indexSegmentsMax, directoryBitsMax, ghostBytes, fixedBytes };
}
