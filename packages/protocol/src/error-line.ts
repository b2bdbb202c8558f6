/** Error lines of the request parser, without CRLF: memcached 1.6.18's own words wherever it has some (test/protocol/memcached.test.ts asks it). */
export const ErrorLine = {
  unknownCommand: 'ERROR',
  badFormat: 'CLIENT_ERROR bad command line format',
  badDelete: 'CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]',
  badExptime: 'CLIENT_ERROR invalid exptime argument',
  badDelta: 'CLIENT_ERROR invalid numeric delta argument',
  badToken: 'CLIENT_ERROR bad token in command line format',
  badMetaDelta: 'CLIENT_ERROR invalid numeric delta value',
  badMetaInitial: 'CLIENT_ERROR invalid numeric initial value',
  badModeLength: 'CLIENT_ERROR incorrect length for M token',
  badSetMode: 'CLIENT_ERROR invalid mode for ms M token',
  badArithmeticMode: 'CLIENT_ERROR invalid mode for ma M token',
  badBase64: 'CLIENT_ERROR error decoding key',
  unknownFlag: 'CLIENT_ERROR invalid flag',
  duplicateFlag: 'CLIENT_ERROR duplicate flag',
  unknownOrDuplicateFlag: 'CLIENT_ERROR invalid or duplicate flag',
  opaqueTooLong: 'CLIENT_ERROR opaque token too long',
  valueTooLarge: 'SERVER_ERROR object too large for cache',
  /** Ours: memcached closes without a word. */
  lineTooLong: 'CLIENT_ERROR line too long',
  /** Ours: memcached has no such limit. */
  tooManyKeys: 'CLIENT_ERROR too many keys',
  /** Nothing is answered. */
  silent: '',
} as const;
