import { styleText } from 'node:util';
import { PROGRESS_BAR_MS, PROGRESS_LINE_MS } from '../limits.ts';
import { formatCount, formatRatio, formatSeconds } from '../terminal/units.ts';

export interface ProgressSample {
  /** Part of the work that is done, 0 to 1. */
  readonly fraction: number;
  readonly requests: number;
  readonly hits: number;
  readonly failed: number;
  readonly elapsedSeconds: number;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Shows how far a replay is: one line that is drawn over on a terminal, and a line every few seconds anywhere else.
 *
 * @returns what ends it and leaves the terminal clean
 */
export function showProgress(screen: Screen, sample: () => ProgressSample): () => void {
  const bar = screen.isTTY === true;
  const draw = (): void => {
    screen.write(bar ? `\r${formatBar(sample(), columnsOf(screen))}\u001b[K` : `${formatLine(sample())}\n`);
  };
  const timer = setInterval(draw, bar ? PROGRESS_BAR_MS : PROGRESS_LINE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (bar) screen.write('\r\u001b[K');
  };
}

/** A terminal that does not tell its width, or says that it has none, is taken for an old one. */
function columnsOf({ columns = 0 }: Screen): number {
  return columns === 0 ? 80 : columns;
}

/** `replay 43.0 %  2,150,000 requests  18,200/s  87.1 % hits  ETA 2m 34s` */
export function formatLine(sample: ProgressSample): string {
  const rate = sample.elapsedSeconds === 0 ? 0 : sample.requests / sample.elapsedSeconds;
  // The fraction can be ahead of the requests; the estimate is of all the time it takes, less the time it took.
  const remaining = sample.fraction === 0 ? Infinity : sample.elapsedSeconds / sample.fraction - sample.elapsedSeconds;
  const failures = sample.failed === 0 ? '' : `  ${formatCount(sample.failed)} failed`;
  return (
    `replay ${(100 * sample.fraction).toFixed(1).padStart(5)} %  ${formatCount(sample.requests)} requests  ` +
    `${formatCount(rate)}/s  ${formatRatio(sample.hits, sample.requests)} hits${failures}  ETA ${formatSeconds(remaining)}`
  );
}

const BAR_COLUMNS_MAX = 30;

/** The line with a bar in front, as wide as there is room for. */
export function formatBar(sample: ProgressSample, columns: number): string {
  const line = formatLine(sample);
  const width = Math.min(BAR_COLUMNS_MAX, columns - line.length - 3);
  if (width < 5) return line.slice(0, columns - 1);
  const full = Math.round(width * sample.fraction);
  return `${styleText('cyan', '█'.repeat(full), { stream: process.stderr })}${'░'.repeat(width - full)}  ${line}`;
}
