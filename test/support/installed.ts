import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';

/**
 * Whether a program of a real peer is on this machine. Tests that need it are skipped, visibly, where it is not; with
 * RINGWAY_REQUIRE_PEERS=1 (as in CI, which installs them) its absence fails instead.
 */
export function installed(program: string): boolean {
  let found = true;
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
  } catch {
    found = false;
  }
  if (process.env['RINGWAY_REQUIRE_PEERS'] === '1') expect(found, `${program} must be installed`).toBe(true);
  return found;
}
