/** What this package needs of a logger; pino fits. Field objects first, then a sentence. Never the hash secret. */
export interface Log {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}
