import { nobody } from './table.ts';
import type { PartitionTable } from './table.ts';

/** A table made ready for lookups: a shift and one array read each. Members are indexes into the table's list. */
export interface Router {
  readonly partitions: number;
  readonly replicas: number;
  /** Partition of a key, from the first word of its hash. */
  partitionOf(high: number): number;
  /** Index of the partition's primary. */
  ownerOf(partition: number): number;
  /** Index of the member in a place (0 is the primary), or `nobody`. */
  replicaOf(partition: number, place: number): number;
}

export function createRouter(table: PartitionTable): Router {
  return new TableRouter(table);
}

class TableRouter implements Router {
  readonly partitions: number;
  readonly replicas: number;
  readonly #shift: number;
  readonly #owners: Uint16Array;
  /** Primaries by themselves: 32 KiB at 16384 partitions stay in the nearest cache, whatever the number of replicas. */
  readonly #primaries: Uint16Array;

  constructor(table: PartitionTable) {
    this.partitions = table.partitions;
    this.replicas = table.replicas;
    this.#shift = 32 - Math.log2(table.partitions);
    this.#owners = table.owners;
    this.#primaries = Uint16Array.from({ length: table.partitions }, (_, i) => table.owners[i * table.replicas]!);
  }

  partitionOf(high: number): number {
    return high >>> this.#shift;
  }

  ownerOf(partition: number): number {
    return this.#primaries[partition]!;
  }

  replicaOf(partition: number, place: number): number {
    return place < this.replicas ? this.#owners[partition * this.replicas + place]! : nobody;
  }
}
