/**
 * How a read is answered when the node that owns the key cannot be: `lenient` as a miss (the client fills from its
 * source, as with any cache), `strict` as an error (the value may exist, so a miss would be a lie to a session store).
 * Chosen by `Prefer: handling=…` (RFC 7240 4.4).
 */
export type Handling = 'lenient' | 'strict';

export const DEFAULT_HANDLING: Handling = 'lenient';

/** What the client prefers; undefined when it says nothing. Unknown preferences are ignored, as RFC 7240 demands. */
export function preferredHandling(prefer: string | string[] | undefined): Handling | undefined {
  if (prefer === undefined) return undefined;
  const text = typeof prefer === 'string' ? prefer : prefer.join(',');
  const match = /(?:^|[,;])[ \t]*handling[ \t]*=[ \t]*"?(strict|lenient)"?[ \t]*(?:$|[,;])/i.exec(text);
  return match?.[1]?.toLowerCase() as Handling | undefined;
}
