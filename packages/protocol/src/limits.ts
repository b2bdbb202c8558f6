/** Limits of the codec, with their units. Every one of them is checked while parsing, before anything is allocated for it. */
export interface ProtocolLimits {
  /** Longest key as written on the wire: of a base64 key the encoded form counts, as in memcached. */
  readonly keyBytes: number;
  /** Longest command or reply line, newline included, except multi-key reads. */
  readonly lineBytes: number;
  /** Longest line of get, gets, gat and gats, newline included. */
  readonly multiGetLineBytes: number;
  /** Most keys in one get, gets, gat or gats. */
  readonly multiGetKeys: number;
  /** Largest data block, without its CRLF. */
  readonly valueBytes: number;
  /** Largest data block of a refused command that is read and thrown away; above it the connection is closed. */
  readonly swallowBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: ProtocolLimits = {
  keyBytes: 250,
  lineBytes: 2 * KIB,
  multiGetLineBytes: 64 * KIB,
  multiGetKeys: 4096,
  valueBytes: 8 * MIB,
  swallowBytes: 64 * MIB,
};

/** Longest opaque token (meta flag O), without the letter. */
export const OPAQUE_BYTES_MAX = 32;
/** Most meta flags on one line. No letter may come twice, and fewer letters than this are known. */
export const META_FLAG_COUNT_MAX = 32;

export const UINT32_MAX: number = 2 ** 32 - 1;
/** Longest data block whose announcement is believed at all: a signed 32-bit length that leaves room for the CRLF. */
export const BODY_BYTES_MAX: number = 2 ** 31 - 3;
/** Expiry times in seconds: a signed 32-bit number, or an absolute time up to the year 2106. */
export const EXPTIME_SECONDS_MIN: number = -(2 ** 31);
export const EXPTIME_SECONDS_MAX: number = UINT32_MAX;

/** The defaults with the given limits in their place. Throws RangeError for a limit that is no positive integer or that contradicts another. */
export function resolveLimits(limits: Partial<ProtocolLimits> = {}): ProtocolLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`protocol limit ${name} must be a positive integer`);
    }
  }
  if (resolved.keyBytes * 2 > resolved.lineBytes || resolved.lineBytes > resolved.multiGetLineBytes) {
    throw new RangeError('protocol limits must hold 2 * keyBytes <= lineBytes <= multiGetLineBytes');
  }
  if (resolved.valueBytes > BODY_BYTES_MAX || resolved.swallowBytes > BODY_BYTES_MAX) {
    throw new RangeError('protocol limits valueBytes and swallowBytes must fit a signed 32-bit length');
  }
  return resolved;
}
