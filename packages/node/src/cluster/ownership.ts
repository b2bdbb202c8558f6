import { acceptTopology, createKeyHash, createRouter, keyHashOf, ownershipEpoch } from '@ringway/ring';
import type { Acceptance, KeyHash, Router, Topology } from '@ringway/ring';
import { PartitionState } from './partition-state.ts';

/** Which partitions this run of the node serves, as the newest accepted topology says. */
export interface Ownership {
  readonly nodeId: string;
  /** This run of the process, hexadecimal. */
  readonly incarnation: string;
  /** Undefined for a node that stands alone, and until a topology or the options name one. */
  readonly cluster: string | undefined;
  /** Hash of keys: the cluster's, or one of this process. */
  readonly keyHash: KeyHash;
  /** There are 2^partitionBits partitions. */
  readonly partitionBits: number;
  /** Epoch and digest of the topology in use; 0 and empty without one. */
  readonly epoch: number;
  readonly digest: string;
  /** The topology names this incarnation. Until it does, nothing is served. */
  readonly admitted: boolean;
  readonly partitionsOwned: number;
  /** Every partition is served, so a key need not be asked for. */
  readonly ownsAll: boolean;
  owns(partition: number): boolean;
  /** The epoch of versions given in the partition. */
  epochOf(partition: number): number;
  /** Another member that serves the partition, as far as we know. */
  memberOf(partition: number): string | undefined;
  /** Takes up a newer topology, or says why not. */
  accept(topology: Topology): Takeover;
}

export interface Takeover {
  readonly acceptance: Acceptance;
  /**
   * 1 for each partition whose items must go before the next request: those that were served and are not any more, and those
   * that were another's in between, as their ownership epoch tells. Undefined when there are none.
   */
  readonly drop: Uint8Array | undefined;
}

export interface OwnershipOptions {
  readonly nodeId: string;
  readonly incarnation: string;
  /** Topologies of other clusters are refused; when undefined, the first one decides. */
  readonly clusterName?: string | undefined;
}

/** Ownership of a member of a cluster: nothing, until a topology names it. */
export function createOwnership(options: OwnershipOptions): Ownership {
  return new TopologyOwnership(options, createKeyHash(new Uint8Array(8)), PartitionState.none, 0);
}

/** Bits of the incarnation that take the place of an ownership epoch: one less than it has, so that versions stay below 2^63. */
const STANDALONE_EPOCH_MASK = 0x7f_ff_ff;

/**
 * Ownership of a node without a cluster: one partition, always its own. Versions begin with bits of the incarnation, so that
 * a token from before a restart does not match an item from after it.
 */
export function createStandaloneOwnership(options: OwnershipOptions, hashKey: Uint8Array): Ownership {
  const epoch = Number(BigInt(`0x${options.incarnation}`) & BigInt(STANDALONE_EPOCH_MASK));
  return new TopologyOwnership(options, createKeyHash(hashKey), PartitionState.owner, epoch);
}

class TopologyOwnership implements Ownership {
  readonly nodeId: string;
  readonly incarnation: string;
  keyHash: KeyHash;
  partitionBits = 0;
  admitted: boolean;
  partitionsOwned: number;
  ownsAll: boolean;
  readonly #clusterName: string | undefined;
  #topology: Topology | undefined;
  #router: Router | undefined;
  #states: readonly PartitionState[];
  #epochs: Uint32Array;

  constructor(options: OwnershipOptions, keyHash: KeyHash, state: PartitionState, epoch: number) {
    this.nodeId = options.nodeId;
    this.incarnation = options.incarnation;
    this.#clusterName = options.clusterName;
    this.keyHash = keyHash;
    this.#states = [state];
    this.#epochs = Uint32Array.of(epoch);
    this.admitted = state === PartitionState.owner;
    this.ownsAll = this.admitted;
    this.partitionsOwned = this.admitted ? 1 : 0;
  }

  get cluster(): string | undefined {
    return this.#topology?.cluster ?? this.#clusterName;
  }

  get epoch(): number {
    return this.#topology?.epoch ?? 0;
  }

  get digest(): string {
    return this.#topology?.digest ?? '';
  }

  owns(partition: number): boolean {
    return this.#states[partition] === PartitionState.owner;
  }

  epochOf(partition: number): number {
    return this.#epochs[partition] ?? 0;
  }

  memberOf(partition: number): string | undefined {
    if (this.#topology === undefined || this.#router === undefined) return undefined;
    const id = this.#topology.members[this.#router.ownerOf(partition)]?.id;
    return id === this.nodeId ? undefined : id;
  }

  accept(topology: Topology): Takeover {
    const acceptance = this.#judge(topology);
    return { acceptance, drop: acceptance.kind === 'accepted' ? this.#takeUp(topology) : undefined };
  }

  #judge(topology: Topology): Acceptance {
    const name = this.#clusterName;
    if (name === undefined || topology.cluster === name) return acceptTopology(this.#topology, topology);
    const reason = `the offered document is of cluster ${topology.cluster}, not ${name}`;
    return { kind: 'refused', code: 'RING_OTHER_CLUSTER', reason };
  }

  /** Returns the partitions to drop. */
  #takeUp(topology: Topology): Uint8Array | undefined {
    const router = createRouter(topology.table);
    const memberIndex = topology.members.findIndex(({ id }) => id === this.nodeId);
    this.admitted = topology.members[memberIndex]?.incarnation === this.incarnation;
    const before = { states: this.#states, epochs: this.#epochs };
    const { partitions } = topology.hash;
    const states = Array.from({ length: partitions }, (): PartitionState => PartitionState.none);
    const drop = new Uint8Array(partitions);
    let owned = 0;
    let dropped = 0;
    for (let partition = 0; partition < partitions; partition++) {
      const mine = this.admitted && router.ownerOf(partition) === memberIndex;
      if (mine) {
        states[partition] = PartitionState.owner;
        owned++;
      }
      const served = this.#topology !== undefined && before.states[partition] === PartitionState.owner;
      if (served && !(mine && before.epochs[partition] === ownershipEpoch(topology, partition))) {
        drop[partition] = 1;
        dropped++;
      }
    }
    if (this.#topology === undefined) this.keyHash = keyHashOf(topology);
    this.partitionBits = Math.log2(partitions);
    this.partitionsOwned = owned;
    this.ownsAll = owned === partitions;
    this.#states = states;
    this.#epochs = topology.ownership;
    this.#router = router;
    this.#topology = topology;
    return dropped > 0 ? drop : undefined;
  }
}
