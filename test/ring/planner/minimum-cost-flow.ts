import { ownersOf, type PartitionTable, type PlannerMember } from '@ringway/ring';

/**
 * The fewest copies that must move from one table to another in which every member holds as many copies as in `next`,
 * found by a textbook minimum cost flow over the whole problem, to hold the planner's answer against:
 *
 *   source -> member (its copies) -> (partition, zone) (1; costs 1 unless held) -> partition (most in a zone) -> sink
 *
 * Successive shortest paths by Bellman and Ford, in the queued form: slow, simple, and shares no line with the planner.
 */
export function fewestMoves(previous: PartitionTable, next: PartitionTable, members: readonly PlannerMember[]): number {
  const eligible = members.filter((member) => member.weight > 0);
  const zones = [...new Set(eligible.map((member) => member.zone))];
  const { partitions } = next;
  const copies = Math.min(next.replicas, eligible.length);
  const flow = createFlow(1 + eligible.length + partitions * (zones.length + 1) + 1);
  const partitionAt = 1 + eligible.length + partitions * zones.length;
  const sink = partitionAt + partitions;

  const held = Array.from({ length: partitions }, (_, partition) => new Set(ownersOf(previous, partition)));
  const counts = countCopies(next);
  for (const [i, member] of eligible.entries()) {
    flow.addEdge(0, 1 + i, counts.get(member.id) ?? 0, 0);
    for (let partition = 0; partition < partitions; partition++) {
      const slot = 1 + eligible.length + partition * zones.length + zones.indexOf(member.zone);
      flow.addEdge(1 + i, slot, 1, held[partition]!.has(member.id) ? 0 : 1);
    }
  }
  const mostInZone = leastRoom(zones, eligible, copies);
  for (let partition = 0; partition < partitions; partition++) {
    for (let zone = 0; zone < zones.length; zone++) {
      flow.addEdge(1 + eligible.length + partition * zones.length + zone, partitionAt + partition, mostInZone, 0);
    }
    flow.addEdge(partitionAt + partition, sink, copies, 0);
  }
  return flow.cost(0, sink, partitions * copies);
}

function countCopies(table: PartitionTable): Map<string, number> {
  const counts = new Map<string, number>();
  for (let partition = 0; partition < table.partitions; partition++) {
    for (const owner of ownersOf(table, partition)) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
}

function leastRoom(zones: readonly string[], members: readonly PlannerMember[], copies: number): number {
  const sizes = zones.map((zone) => members.filter((member) => member.zone === zone).length);
  let most = 1;
  while (sizes.reduce((sum, size) => sum + Math.min(size, most), 0) < copies) most++;
  return most;
}

interface Flow {
  addEdge(from: number, to: number, capacity: number, cost: number): void;
  /** Cost of sending so many units. */
  cost(source: number, sink: number, units: number): number;
}

function createFlow(nodeCount: number): Flow {
  const edges: { to: number; room: number; cost: number }[] = [];
  const leaving: number[][] = Array.from({ length: nodeCount }, () => []);

  function shortestPath(source: number, sink: number): { arrivals: Int32Array; length: number } {
    const lengths = new Float64Array(nodeCount).fill(Infinity);
    const arrivals = new Int32Array(nodeCount).fill(-1);
    lengths[source] = 0;
    const queue = [source];
    for (const from of queue) {
      for (const edge of leaving[from]!) {
        const { to, room, cost } = edges[edge]!;
        if (room === 0 || lengths[from]! + cost >= lengths[to]!) continue;
        lengths[to] = lengths[from]! + cost;
        arrivals[to] = edge;
        queue.push(to);
      }
    }
    return { arrivals, length: lengths[sink]! };
  }

  return {
    addEdge(from, to, capacity, cost) {
      leaving[from]!.push(edges.push({ to, room: capacity, cost }) - 1);
      leaving[to]!.push(edges.push({ to: from, room: 0, cost: -cost }) - 1);
    },
    cost(source, sink, units) {
      let total = 0;
      for (let sent = 0; sent < units; sent++) {
        const { arrivals, length } = shortestPath(source, sink);
        if (length === Infinity) throw new Error(`only ${sent} of ${units} copies fit`);
        total += length;
        for (let at = sink; at !== source;) {
          const edge = arrivals[at]!;
          edges[edge]!.room--;
          edges[edge ^ 1]!.room++;
          at = edges[edge ^ 1]!.to;
        }
      }
      return total;
    },
  };
}
