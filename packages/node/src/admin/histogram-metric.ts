import type { Metric, Registry } from 'prom-client';
import type { Histogram } from '../server/histogram.ts';

export interface HistogramFamily {
  readonly name: string;
  readonly help: string;
  readonly series: () => readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly histogram: Histogram | undefined;
  }[];
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Hangs our own histograms on a registry. The library's class can only observe one value at a time; a registry, though, takes
 * any object with a name and a get(), which is how the library itself adds aggregated metrics. Its types do not say so.
 */
export function registerHistogram(registry: Registry, family: HistogramFamily): void {
  const { name, help } = family;
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    reset: () => {},
    get: () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: family
        .series()
        .flatMap(({ labels, histogram }) => (histogram === undefined ? [] : samplesOf(name, labels, histogram))),
    }),
  };
  registry.registerMetric(metric as unknown as Metric);
}

function samplesOf(name: string, labels: Readonly<Record<string, string>>, histogram: Histogram): Sample[] {
  let count = 0;
  const buckets = Array.from(histogram.counts, (bucketCount, i) => {
    count += bucketCount;
    const le = String(histogram.bounds[i] ?? '+Inf');
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: histogram.sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
