export { backoffMs } from './backoff.ts';
export { call } from './call.ts';
export type { Greeting } from './connection.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export type { Exchange } from './exchange.ts';
export { BULK_REQUEST_BYTES, IN_FLIGHT_MAX } from './limits.ts';
export { ReceiveBuffer } from './receive-buffer.ts';
export { createPool, type Pool, type PoolOptions } from './pool.ts';
export { createSweeper, type Sweepable, type Sweeper } from './sweeper.ts';
