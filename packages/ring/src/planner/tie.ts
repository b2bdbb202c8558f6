/**
 * Ties are broken by integer hashes of (partition, member id), never by chance, order or Math functions whose last
 * bit may differ between engines: the same input gives the same table everywhere, and equal candidates are picked
 * evenly.
 */

/** A number made of an id: FNV-1a over its code units, then mixed. */
export function textSeed(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return mix(hash);
}

/** Rank of a member among equals for a partition, 0..2^32-1. */
export function tieRank(partition: number, seed: number): number {
  return mix(Math.imul(partition + 1, 0x9e37_79b1) ^ seed);
}

/** The 32-bit finaliser of MurmurHash3 (A. Appleby): every input bit reaches every output bit. */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
