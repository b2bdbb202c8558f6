import {
  createOutput,
  createRequestParser,
  writeMetaGet,
  writeMetaSet,
  writeMetaValue,
  writeValue,
} from '@ringway/protocol';
import type { MetaFields, Output } from '@ringway/protocol';
import type { Row } from '../row.ts';
import { nanosecondsPerCall } from './stopwatch.ts';

const KEY = Buffer.from('user:profile:000000012345:v2xx', 'latin1');
const BINARY_KEY = Buffer.from('benutzer:Jörg:000000012345', 'utf8');
const VALUE = Buffer.alloc(100, 'v');
const OUTPUT_BYTES = 4096;

const ITEM: MetaFields = {
  flags: 5,
  casHigh: 1,
  casLow: 77,
  ttlSeconds: 300,
  valueBytes: VALUE.length,
  idleSeconds: 3,
  fetched: true,
  won: false,
  stale: false,
  alreadySent: false,
};

/** Time of one message written into an output that has room. */
export function benchWrite(): Row[] {
  const request = createRequestParser();
  const line = Buffer.from(`mg ${KEY.toString('latin1')} v f c t\r\n`, 'latin1');
  request.parse(line, 0, line.length);
  return [
    writeRow('mg, 4 flags', (out) => writeMetaGet(out, KEY, 0, KEY.length, 'v f c t')),
    writeRow('mg, 4 flags, base64 key', (out) => writeMetaGet(out, BINARY_KEY, 0, BINARY_KEY.length, 'v f c t')),
    writeRow('ms, 100 bytes', (out) => writeMetaSet(out, KEY, 0, KEY.length, VALUE, 0, VALUE.length, 'T300 F5')),
    writeRow('VALUE', (out) => writeValue(out, KEY, 0, KEY.length, 5, VALUE.length)),
    writeRow('VA, 3 flags', (out) => writeMetaValue(out, request, ITEM)),
  ];
}

function writeRow(name: string, write: (out: Output) => void): Row {
  const out = createOutput(OUTPUT_BYTES, (byteCount) => Buffer.allocUnsafeSlow(byteCount));
  const value = nanosecondsPerCall(() => {
    out.clear();
    write(out);
  });
  if (out.length === 0) {
    throw new Error(`${name}: nothing was written`);
  }
  return { name: `write ${name}`, value, unit: 'ns' };
}
