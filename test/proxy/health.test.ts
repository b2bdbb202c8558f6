import { HEALTHY, stepHealth, type Health, type HealthEvent } from '@ringway/proxy';
import { expect, test } from 'vitest';

const limits = { failureCountMax: 3, ejectionMsMin: 100, ejectionMsMax: 1_000 };
const ok: HealthEvent = { kind: 'succeeded' };
const failed: HealthEvent = { kind: 'failed', refused: false, nowMs: 1_000, jitter: 0.5 };
const refused: HealthEvent = { kind: 'failed', refused: true, nowMs: 1_000, jitter: 0.5 };
const waited: HealthEvent = { kind: 'waited' };

/** The state after these events, in words, and the effects on the way. */
function run(...events: HealthEvent[]): string {
  let health: Health = HEALTHY;
  const effects: string[] = [];
  for (const event of events) {
    const [next, effect] = stepHealth(health, event, limits);
    health = next;
    if (effect !== undefined) effects.push(effect);
  }
  const detail =
    health.kind === 'up' ? health.failureCount : health.kind === 'ejected' ? health.untilMs : health.ejectionCount;
  return `${health.kind}(${detail}) ${effects.join(' ')}`.trim();
}

test.each<[string, HealthEvent[], string]>([
  ['a success changes nothing', [ok], 'up(0)'],
  ['failures are counted', [failed, failed], 'up(2)'],
  ['a success forgets them', [failed, failed, ok], 'up(0)'],
  ['the limit ejects', [failed, failed, failed], 'ejected(1100) ejected'],
  ['a refused connection ejects at once', [refused], 'ejected(1100) ejected'],
  ['answers that were under way do not prolong the ejection', [refused, failed, refused], 'ejected(1100) ejected'],
  ['the wait ends in a probe', [refused, waited], 'probing(1) ejected probe'],
  ['a probe that fails doubles the wait', [refused, waited, failed], 'ejected(1200) ejected probe ejected'],
  [
    'the wait is capped',
    [refused, ...Array.from({ length: 8 }, () => [waited, refused]).flat()],
    `ejected(2000) ejected${' probe ejected'.repeat(8)}`,
  ],
  ['a probe that succeeds readmits', [refused, waited, ok], 'up(0) ejected probe readmitted'],
  ['a success while ejected readmits', [refused, ok], 'up(0) ejected readmitted'],
  [
    'after readmission the wait starts small again',
    [refused, waited, refused, waited, ok, refused],
    'ejected(1100) ejected probe ejected probe readmitted ejected',
  ],
  ['a wait that ends after readmission does nothing', [refused, ok, waited], 'up(0) ejected readmitted'],
])('%s', (_name, events, expected) => {
  expect(run(...events)).toBe(expected);
});

test('waits are spread by a quarter each way', () => {
  const until = (jitter: number): number => {
    const [health] = stepHealth(HEALTHY, { kind: 'failed', refused: true, nowMs: 0, jitter }, limits);
    return health.kind === 'ejected' ? health.untilMs : Number.NaN;
  };
  expect([until(0), until(0.5), until(0.999_999)].map(Math.round)).toEqual([75, 100, 125]);
});
