import type { IncomingMessage } from 'node:http';
import { Problem } from './problems.ts';

/**
 * Requests that Node's parser lets through but that another server in the chain might read differently. Where two
 * readings exist a request can be smuggled, so they are refused (RFC 9112 sections 3.2, 6.1; 11.2).
 */
export function checkFraming(request: IncomingMessage): void {
  const target = request.url ?? '';
  if (target.charCodeAt(0) !== 0x2f) {
    throw new Problem('target-malformed', 'The request target must be a path: this is an origin, not a forward proxy.');
  }
  if (target.indexOf('#') !== -1) {
    throw new Problem('target-malformed', "A '#' in a key must be percent-encoded as %23.");
  }
  checkHosts(request);
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new Problem('transfer-coding-unknown', 'Only the chunked transfer coding is supported.');
  }
  if (request.method !== 'PUT' && hasBody(request)) {
    throw new Problem('body-unexpected', `${request.method} takes no body here; send the value with PUT.`);
  }
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Node keeps the first of two Host fields and drops the other without a word. */
function checkHosts({ rawHeaders, httpVersion }: IncomingMessage): void {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name !== undefined && name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  if (count > 1 || (count === 0 && httpVersion !== '1.0'))
    throw new Problem('request-malformed', 'There must be exactly one Host header.');
}
