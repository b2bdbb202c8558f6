/**
 * Ownership epochs on the wire: `[count, epoch, count, epoch, ...]`, partitions in order. A young cluster is one run;
 * the worst case is a run for every partition.
 */
export function encodeOwnership(epochs: Uint32Array): number[] {
  const runs: number[] = [];
  for (let partition = 0; partition < epochs.length; partition++) {
    if (partition > 0 && epochs[partition] === epochs[partition - 1]) runs[runs.length - 2]!++;
    else runs.push(1, epochs[partition]!);
  }
  return runs;
}

/** Undefined unless the runs cover the partitions exactly, with neighbours that differ. The caller checks the epochs. */
export function decodeOwnership(runs: readonly number[], partitions: number): Uint32Array | undefined {
  if (runs.length % 2 !== 0) return undefined;
  const epochs = new Uint32Array(partitions);
  let filled = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const [count, epoch] = [runs[i]!, runs[i + 1]!];
    if (count < 1 || filled + count > partitions || epoch === runs[i - 1]) return undefined;
    epochs.fill(epoch, filled, filled + count);
    filled += count;
  }
  return filled === partitions ? epochs : undefined;
}
