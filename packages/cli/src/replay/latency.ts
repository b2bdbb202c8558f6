import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** One hour, in microseconds; what took longer counts as this. */
const LATENCY_US_MAX = 3_600_000_000;

export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Latencies of one kind of request, in a histogram of three significant digits (HdrHistogram). */
export class Latency {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LATENCY_US_MAX, figures: 3 });

  record(elapsedMs: number): void {
    this.#histogram.record(Math.min(LATENCY_US_MAX, Math.max(1, Math.round(elapsedMs * 1000))));
  }

  summary(): LatencySummary {
    const empty = this.#histogram.count === 0;
    const percentileMs = (percent: number): number => (empty ? 0 : this.#histogram.percentile(percent) / 1000);
    return {
      count: this.#histogram.count,
      p50Ms: percentileMs(50),
      p90Ms: percentileMs(90),
      p99Ms: percentileMs(99),
      p999Ms: percentileMs(99.9),
      maxMs: empty ? 0 : this.#histogram.max / 1000,
    };
  }
}
