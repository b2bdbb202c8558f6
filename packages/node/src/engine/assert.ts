/** Throws when what must hold does not: a fault of the program, never caught. The engine may not import `node:assert`. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`engine: ${message}`);
}
