import { fromHex } from '../hex.ts';
import { createKeyHash } from '../key-hash.ts';
import type { KeyHash } from '../key-hash.ts';
import type { PlannerMember } from '../planner/roster.ts';
import type { PartitionTable } from '../table.ts';

/** What the controller knows of a member. Its process says the rest itself. */
export const MemberState = {
  /** Known, may be a learner, owns what the table says. */
  joining: 'joining',
  active: 'active',
  /** Gives its partitions away and still serves them until then. */
  draining: 'draining',
  /** Not answering; its copies count as lost. */
  down: 'down',
} as const;
export type MemberState = (typeof MemberState)[keyof typeof MemberState];

export interface Member {
  /** Opaque and stable. The address may change without moving a key. */
  readonly id: string;
  readonly zone: string;
  /** Share of capacity, 0..memberWeightMax. */
  readonly weight: number;
  /** `host:port` of the memcached protocol. */
  readonly data: string;
  /** `host:port` of the admin HTTP server. */
  readonly admin: string;
  /** The process, 16 hexadecimal digits drawn at its start. The same id with another incarnation is empty. */
  readonly incarnation: string;
  readonly state: MemberState;
  /** Epoch of the document that admitted this incarnation: before it the process owns nothing. */
  readonly admittedEpoch: number;
}

/** A member as the controller gives it; the epoch of its admission follows from the documents. */
export type MemberInput = Omit<Member, 'admittedEpoch'>;

/** How far a move has come. */
export const MovePhase = {
  /** Waiting for its turn; nobody acts on it. */
  planned: 'planned',
  /** The giver forwards writes and streams items; it still serves, and the move can be called off. */
  copying: 'copying',
  /** The ownership token may have been sent: the move can only be completed. */
  handoff: 'handoff',
} as const;
export type MovePhase = (typeof MovePhase)[keyof typeof MovePhase];

/** A change of owners that is under way: the table still shows the owners before it. */
export interface PendingMove {
  readonly partition: number;
  /** Who gives its copy up; absent when the partition gets one copy more. */
  readonly from?: string;
  readonly to: string;
  readonly phase: MovePhase;
  /** Epoch in which this attempt began: messages of an earlier attempt are told apart by it. */
  readonly sinceEpoch: number;
}

/**
 * The topology document, read and checked. Two processes that agree on (epoch, digest) agree on the place of every key.
 * It contains the hash secret: print the digest, not the document.
 */
export interface Topology {
  readonly cluster: string;
  /** Grows by one with every change, 1..epochMax. */
  readonly epoch: number;
  readonly hash: {
    /** The secret of the key hash, 16 hexadecimal digits. Fixed when the cluster is created, like `partitions`. */
    readonly key: string;
    readonly partitions: number;
  };
  /** Copies of each partition, the primary included. */
  readonly replicas: number;
  /** By id. The table's numbers are indexes into this list. */
  readonly members: readonly Member[];
  readonly table: PartitionTable;
  /** For each partition, the epoch in which its primary, or its primary's incarnation, last changed. */
  readonly ownership: Uint32Array;
  /** By partition, then by receiver. */
  readonly moves: readonly PendingMove[];
  /** SHA-256 of the canonical text, 64 hexadecimal digits. */
  readonly digest: string;
}

/** Everything but the digest, which follows from it. */
export type TopologyFields = Omit<Topology, 'digest'>;

/** The epoch part of the versions that the partition's primary gives to items. */
export function ownershipEpoch(topology: Topology, partition: number): number {
  return topology.ownership[partition]!;
}

export function keyHashOf(topology: Topology): KeyHash {
  return createKeyHash(fromHex(topology.hash.key));
}

/** The members as the planner sees them: who drains keeps nothing, who is down is not there. */
export function plannerMembers(members: readonly MemberInput[]): PlannerMember[] {
  return members
    .filter((member) => member.state !== MemberState.down)
    .map(({ id, zone, weight, state }) => ({ id, zone, weight: state === MemberState.draining ? 0 : weight }));
}
