/** Stops on a broken invariant of this package. Not an operating error: it is never caught. (The package may not import node:assert.) */
export function assert(condition: boolean, mustHold: string): asserts condition {
  if (!condition) throw new Error(`ring invariant broken: ${mustHold}`);
}
