export { ringErrors, RingError } from './errors.ts';
export type { RingErrorCode } from './errors.ts';
export {
  copySlack,
  epochMax,
  hashKeyBytes,
  incarnationBytes,
  memberCountMax,
  memberWeightMax,
  partitionCountDefault,
  partitionCountMax,
  partitionCountMin,
  primarySlack,
  replicaCountMax,
} from './limits.ts';

export { halfSipHash } from './half-sip-hash.ts';
export type { HalfSipHashOptions } from './half-sip-hash.ts';
export { createKeyHash } from './key-hash.ts';
export type { KeyHash } from './key-hash.ts';
export { md5Digest } from './md5.ts';
export { sha256Hex } from './sha256.ts';

export { createTable, nobody, ownersOf, reindexTable } from './table.ts';
export type { PartitionTable } from './table.ts';
export { createRouter } from './router.ts';
export type { Router } from './router.ts';

export { assess } from './planner/assess.ts';
export type { Assessment } from './planner/assess.ts';
export { isLeastMovement } from './planner/least.ts';
export { plan } from './planner/plan.ts';
export type { PlannerMember, PlanOptions } from './planner/roster.ts';
export { movesBetween, summarizeMoves } from './moves.ts';
export type { Move, MoveSummary } from './moves.ts';

export { keyHashOf, MemberState, MovePhase, ownershipEpoch, plannerMembers } from './topology/topology.ts';
export type { Member, MemberInput, PendingMove, Topology } from './topology/topology.ts';
export { acceptTopology } from './topology/accept.ts';
export type { Acceptance } from './topology/accept.ts';
export { parseTopology } from './topology/parse.ts';
export { createTopology, reviseTopology } from './topology/revise.ts';
export type { NewTopology, TopologyChanges } from './topology/revise.ts';
export { serializeTopology } from './topology/serialize.ts';

export { createKetama } from './ketama/continuum.ts';
export type { Ketama, KetamaOptions } from './ketama/continuum.ts';
export { ketamaHashes } from './ketama/key-hashes.ts';
export type { KetamaHash, KetamaHashName } from './ketama/key-hashes.ts';
export type { KetamaFlavour, KetamaServer } from './ketama/flavours.ts';
