/** Every bound of the proxy, with its unit. */

/** Key on the wire: namespace, '/', key, after base64 where a byte needs it. memcached's own limit. */
export const WIRE_KEY_BYTES_MAX: number = 250;

export const NAMESPACE_BYTES_MAX: number = 64;

/** The longest path parameter fastify lets through, in UTF-16 units: a wire key percent-encoded or base64url-encoded in full, and room. */
export const PARAM_LENGTH_MAX: number = 1024;

export const VALUE_BYTES_MAX: number = 8 * 1024 * 1024;

/** Up to here a value is answered as one string with its head: measured 16 % less CPU a request than two pieces. */
export const TEXT_BODY_BYTES_MAX: number = 2_048;

/** Ten years. A longer lifetime is a mistake in the unit more often than a wish. */
export const TTL_SECONDS_MAX: number = 315_360_000;

/** Up to here the memcached protocol takes an expiry as relative; above, as a Unix time. */
export const RELATIVE_EXPIRY_SECONDS_MAX: number = 2_592_000;

export const CONTENT_TYPE_BYTES_MAX: number = 255;
export const CONTENT_ENCODING_BYTES_MAX: number = 64;
export const CONTENT_LANGUAGE_BYTES_MAX: number = 64;

/** Entity tags looked at in one If-Match or If-None-Match. */
export const ENTITY_TAG_COUNT_MAX: number = 32;

/** How long a node may take to answer. */
export const NODE_TIMEOUT_MS: number = 1_000;

/** How often a guarded write is tried again when another writer gets in between. */
export const PRECONDITION_ATTEMPTS_MAX: number = 3;

/** Time for a client to send its whole head, and its whole request; looked at every CONNECTIONS_CHECK_MS. */
export const HEADERS_TIMEOUT_MS: number = 10_000;
export const REQUEST_TIMEOUT_MS: number = 60_000;
export const CONNECTIONS_CHECK_MS: number = 1_000;

export interface HttpTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkMs: number;
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  headersMs: HEADERS_TIMEOUT_MS,
  requestMs: REQUEST_TIMEOUT_MS,
  checkMs: CONNECTIONS_CHECK_MS,
};
export const KEEP_ALIVE_TIMEOUT_MS: number = 72_000;
export const HEADER_BYTES_MAX: number = 16 * 1024;
export const HEADER_COUNT_MAX: number = 100;

/** Connections of each front; a further one is closed at once. */
export const HTTP_CONNECTION_COUNT_MAX: number = 20_000;
export const MEMCACHED_CONNECTION_COUNT_MAX: number = 10_000;

/** Requests of one memcached connection that wait for nodes; reading pauses above it. */
export const MEMCACHED_PENDING_COUNT_MAX: number = 1_024;

/** Answers of one memcached connection that the client has not taken; reading pauses above it. */
export const MEMCACHED_UNSENT_BYTES_MAX: number = 1024 * 1024;

/** Health of nodes: see health/machine.ts. */
export const FAILURES_TO_EJECT: number = 5;
export const EJECTION_MS_MIN: number = 100;
export const EJECTION_MS_MAX: number = 5_000;

/** What a client is told to wait before it tries again. */
export const RETRY_AFTER_SECONDS: number = 1;
