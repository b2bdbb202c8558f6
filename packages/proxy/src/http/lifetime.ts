import { RELATIVE_EXPIRY_SECONDS_MAX, TTL_SECONDS_MAX } from '../limits.ts';
import { Problem } from './problems.ts';

/**
 * How long a write is to live, in seconds; undefined: until it is evicted.
 * `?ttl=` is taken before `Cache-Control`, and there `s-maxage` before `max-age` (RFC 9111 5.2.2.10: this is a shared cache).
 */
export function lifetimeSeconds(ttl: string | undefined, cacheControl: string | undefined): number | undefined {
  if (ttl !== undefined) return parseSeconds(ttl, 'ttl-invalid', '?ttl=');
  if (cacheControl === undefined) return undefined;
  const directives = parseCacheControl(cacheControl);
  if (directives.has('no-store')) {
    throw new Problem('cache-control-invalid', 'no-store forbids what a PUT asks for: leave it out, or do not PUT.');
  }
  for (const name of ['s-maxage', 'max-age']) {
    const value = directives.get(name);
    if (value !== undefined) return parseSeconds(value, 'cache-control-invalid', `Cache-Control: ${name}=`);
  }
  return undefined;
}

/**
 * The expiry as the memcached protocol wants it: relative up to 30 days, else a Unix time.
 *
 * @param unixMs now, in milliseconds since 1970
 */
export function wireExpiry(seconds: number, unixMs: number): number {
  return seconds <= RELATIVE_EXPIRY_SECONDS_MAX ? seconds : Math.floor(unixMs / 1000) + seconds;
}

function parseSeconds(text: string, code: 'ttl-invalid' | 'cache-control-invalid', where: string): number {
  const seconds = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 1 && seconds <= TTL_SECONDS_MAX) return seconds;
  throw new Problem(
    code,
    `${where} takes whole seconds from 1 to ${TTL_SECONDS_MAX}. Leave it out for no expiry; use DELETE to expire at once.`,
  );
}

/**
 * Directives by lower-case name; the first of a repeated one counts. A directive without value has ''.
 * cache-directive = token [ "=" ( token / quoted-string ) ] (RFC 9111 5.2), in a comma-separated list.
 */
export function parseCacheControl(text: string): Map<string, string> {
  const directives = new Map<string, string>();
  const directive =
    /[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[^"\\]|\\.)*)"))?)?[ \t]*(,|$)/gy;
  while (directive.lastIndex < text.length) {
    const match = directive.exec(text);
    if (match === null) {
      throw new Problem('cache-control-invalid', 'Cache-Control must be a list of directives, such as max-age=60.');
    }
    const name = match[1]?.toLowerCase();
    if (name !== undefined && !directives.has(name)) directives.set(name, match[2] ?? match[3] ?? '');
  }
  return directives;
}
