/**
 * What a node is to a partition. Only `none` and `owner` occur today; the others are the states of a hand-off:
 *
 *     none ──> learner ──> owner ──> ownerMoving ──> handOff ──> moved ──> none
 *                           owner <────── (abort) ──────┘
 */
export const PartitionState = {
  /** Not its owner: requests are answered with not_owner. */
  none: 0,
  /** Receives the partition's feed and serves nothing. */
  learner: 1,
  /** Serves it. */
  owner: 2,
  /** Serves it and forwards every mutation to a learner. */
  ownerMoving: 3,
  /** Serves it no more; requests wait until the learner has the token. */
  handOff: 4,
  /** The token is sent: never serves it again on its own. */
  moved: 5,
} as const;
export type PartitionState = (typeof PartitionState)[keyof typeof PartitionState];
