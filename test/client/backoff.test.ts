import { backoffMs } from '@ringway/client';
import { expect, test } from 'vitest';

const range = { minMs: 25, maxMs: 2_000 };

test.each([
  { attempt: 1, random: 0, ms: 12.5 },
  { attempt: 1, random: 0.999_999, ms: 25 },
  { attempt: 2, random: 0, ms: 25 },
  { attempt: 3, random: 0.5, ms: 75 },
  { attempt: 8, random: 0, ms: 1_000 },
  { attempt: 8, random: 0.999_999, ms: 2_000 },
  { attempt: 2_000, random: 0, ms: 1_000 },
])('attempt $attempt with chance $random waits $ms ms', ({ attempt, random, ms }) => {
  expect(backoffMs(attempt, random, range)).toBeCloseTo(ms, 2);
});
