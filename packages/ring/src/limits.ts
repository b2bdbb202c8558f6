/** Every bound of this package, with its unit. docs/ring.md says where each comes from. */

/** Partitions of a cluster: a power of two, fixed when the cluster is created. */
export const partitionCountMin = 64;
export const partitionCountMax = 65_536;
export const partitionCountDefault = 16_384;

/** Copies of a partition, the primary included. */
export const replicaCountMax = 8;

/** Members of a document. Balance wants partitions >= 50 x members (peak <= 1 + members / partitions). */
export const memberCountMax = 2048;

/** Weights are whole shares of capacity; 0 is a member that is being drained. */
export const memberWeightMax = 1_000_000;

/** Characters of a cluster name, member id or zone. */
export const nameCharactersMax = 64;

/** Characters of `host:port`: 253 for a DNS name, brackets, colon and five digits. */
export const addressCharactersMax = 261;

/** Epochs are the upper 24 bits of an item's version. */
export const epochMax = 0xff_ff_ff;

/** Moves listed in one document. */
export const moveCountMax = 65_536;

/** Characters of a document: the widest table, one ownership run a partition and every move fit. */
export const documentCharactersMax = 16_777_216;

/** Bytes of the cluster's hash secret. */
export const hashKeyBytes = 8;

/** Bytes of a member's incarnation, a random number of its process. */
export const incarnationBytes = 8;

/** Copies are not moved for balance alone while every member is within this part of its share. */
export const copySlack = 0.005;

/** Roles are not swapped for balance alone while nobody leads more than this part above its share. */
export const primarySlack = 0.01;

/** Servers and points of a ketama continuum: a weight of a million must not allocate gigabytes. */
export const ketamaServerCountMax = 4096;
export const ketamaPointCountMax = 4_194_304;
