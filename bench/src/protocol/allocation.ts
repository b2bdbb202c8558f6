import {
  createOutput,
  createRequestParser,
  createResponseParser,
  writeMetaGet,
  writeMetaValue,
} from '@ringway/protocol';
import type { Row } from '../row.ts';

const CALL_COUNT = 5_000_000;
const WARM_UP_COUNT = 100_000;

/** Heap growth of a request's whole way through the codec, both sides, in bytes: what is not zero is garbage per request. */
export function benchAllocation(): Row[] {
  const key = Buffer.from('user:profile:000000012345:v2xx', 'latin1');
  const requestParser = createRequestParser();
  const responseParser = createResponseParser();
  const requestOut = createOutput(4096, (byteCount) => Buffer.allocUnsafeSlow(byteCount));
  const replyOut = createOutput(4096, (byteCount) => Buffer.allocUnsafeSlow(byteCount));
  const item = {
    flags: 5,
    casHigh: 1,
    casLow: 77,
    ttlSeconds: 300,
    valueBytes: 100,
    idleSeconds: 3,
    fetched: true,
    won: false,
    stale: false,
    alreadySent: false,
  };
  const exchange = (): void => {
    requestOut.clear();
    replyOut.clear();
    writeMetaGet(requestOut, key, 0, key.length, 'v f c t');
    requestParser.parse(requestOut.bytes, 0, requestOut.length);
    writeMetaValue(replyOut, requestParser, item);
    responseParser.parse(replyOut.bytes, 0, replyOut.length);
  };
  run(exchange, WARM_UP_COUNT);
  const before = process.memoryUsage().heapUsed;
  run(exchange, CALL_COUNT);
  const grown = Math.max(process.memoryUsage().heapUsed - before, 0);
  return [
    {
      name: 'heap growth of write mg, parse, write VA, parse',
      value: Math.round((grown / CALL_COUNT) * 100) / 100,
      unit: 'bytes',
      target: 0.5,
      note: `over ${CALL_COUNT} exchanges`,
    },
  ];
}

function run(call: () => void, count: number): void {
  for (let i = 0; i < count; i++) {
    call();
  }
}
