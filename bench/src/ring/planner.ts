import {
  assess,
  isLeastMovement,
  partitionCountDefault,
  plan,
  type PartitionTable,
  type PlannerMember,
} from '@ringway/ring';
import type { Row } from '../row.ts';
import { timed } from './stopwatch.ts';

const TARGET_RATIO = 1.01;
const TARGET_PLAN_MS = 100;
/** Joins and leaves, in turn, of one configuration. */
const CHANGE_COUNT = 8;

interface Grid {
  readonly count: number;
  readonly replicas: number;
  readonly zones: number;
  readonly weights: readonly number[];
}

const GRID: readonly Grid[] = [
  { count: 3, replicas: 1, zones: 1, weights: [1] },
  { count: 3, replicas: 3, zones: 3, weights: [1] },
  { count: 10, replicas: 2, zones: 3, weights: [1] },
  { count: 10, replicas: 3, zones: 5, weights: [1, 2, 4] },
  { count: 30, replicas: 3, zones: 3, weights: [1] },
  { count: 50, replicas: 2, zones: 3, weights: [1, 2, 4] },
  { count: 100, replicas: 1, zones: 1, weights: [1] },
  { count: 100, replicas: 2, zones: 3, weights: [1, 2, 4] },
  { count: 100, replicas: 3, zones: 5, weights: [1, 2, 4] },
  { count: 300, replicas: 1, zones: 1, weights: [1] },
  { count: 300, replicas: 3, zones: 5, weights: [1, 2, 4] },
];

/** Balance, movement and time of the planner over joins and leaves, with 16384 partitions. */
export function benchPlanner(): Row[] {
  return GRID.flatMap(rowsOf);
}

function rowsOf(grid: Grid): Row[] {
  const { count, replicas, zones, weights } = grid;
  const name = `${count} members, ${replicas} copies, ${zones} zones, weights ${weights.join('/')}`;
  const options = { partitions: partitionCountDefault, replicas };
  let members = Array.from({ length: count }, (_, i) => newMember(grid, i));
  const first = timed(() => plan(undefined, members, options));
  let table = first.result;
  const steps: Step[] = [measure(undefined, table, members)];
  const times: number[] = [];
  for (let i = 0; i < CHANGE_COUNT; i++) {
    const changed = i % 2 === 0 ? [...members, newMember(grid, count + i)] : members.toSpliced((i * 7) % count, 1);
    const { result, ms } = timed(() => plan(table, changed, options));
    times.push(ms);
    steps.push(measure(table, result, changed));
    table = result;
    members = changed;
  }
  return [
    ratioRow(
      `${name}: copies, peak / share`,
      steps.map((step) => step.peak),
    ),
    ratioRow(
      `${name}: copies moved / lacking, worst`,
      steps.map((step) => step.moved),
    ),
    { name: `${name}: first plan`, value: first.ms, unit: 'ms' },
    { name: `${name}: change, median`, value: median(times), unit: 'ms', target: TARGET_PLAN_MS },
  ];
}

/** A figure, and whether nothing lower was possible. */
interface Ratio {
  readonly value: number;
  readonly isForced: boolean;
}

interface Step {
  readonly peak: Ratio;
  readonly moved: Ratio;
}

function measure(before: PartitionTable | undefined, after: PartitionTable, members: readonly PlannerMember[]): Step {
  const { copiesPeak, copiesMoved, copiesMovedLeast } = assess(before, after, members);
  const moved = copiesMoved / copiesMovedLeast;
  return {
    // A first plan has the lowest peak that whole partitions allow.
    peak: {
      value: copiesPeak,
      isForced:
        copiesPeak > TARGET_RATIO &&
        copiesPeak <= assess(undefined, plan(undefined, members, after), members).copiesPeak,
    },
    moved: {
      value: moved,
      isForced: before !== undefined && moved > TARGET_RATIO && isLeastMovement(before, after, members),
    },
  };
}

function ratioRow(name: string, ratios: readonly Ratio[]): Row {
  const value = Math.max(...ratios.map((ratio) => ratio.value));
  const above = ratios.filter((ratio) => ratio.value > TARGET_RATIO);
  const row = { name, value, unit: 'x', target: TARGET_RATIO };
  if (above.length === 0) return row;
  const forced = above.filter((ratio) => ratio.isForced).length;
  return { ...row, note: `${above.length} of ${ratios.length} above the target, ${forced} of them the least possible` };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >>> 1] ?? NaN;
}

function newMember({ zones, weights }: Grid, i: number): PlannerMember {
  return { id: `node-${i}`, zone: `zone-${i % zones}`, weight: weights[i % weights.length] ?? 1 };
}
