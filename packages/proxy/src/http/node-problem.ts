import type { NodeFailure } from '../routing/failure.ts';
import { cacheStatusUnavailable } from './cache-status.ts';
import { Problem } from './problems.ts';

/** What a client that wrote is told when its node failed. */
export function problemOfFailedWrite(failure: NodeFailure): Problem {
  switch (failure.kind) {
    case 'unknown':
      return new Problem(
        'outcome-unknown',
        'The write was sent and no answer came: it may or may not have been done. Read the key, or write it again if that is safe.',
      );
    case 'too-large':
      return new Problem('value-too-large', 'The node does not take a value of this size. Split it over several keys.');
    case 'full':
      return new Problem(
        'node-full',
        'The node cannot make room for this value. Give the nodes more memory, or add a node.',
      );
    default:
      return problemNotDone(failure);
  }
}

/** What a client that reads strictly is told when its node failed. */
export function problemOfFailedRead(failure: NodeFailure): Problem {
  switch (failure.kind) {
    case 'unknown':
      return failure.timedOut
        ? new Problem(
            'node-timeout',
            'The node did not answer in time. Try again, or accept a miss with Prefer: handling=lenient.',
          )
        : new Problem('node-unavailable', 'The connection to the node was lost. Try again.');
    case 'too-large':
    case 'full':
      return new Problem('node-error', 'The node refused a read for lack of memory. Try again.');
    default:
      return problemNotDone(failure);
  }
}

/** Cache-Status of a read that is answered as a miss instead. */
export function cacheStatusOfFailedRead(failure: NodeFailure): string {
  switch (failure.kind) {
    case 'down':
      return cacheStatusUnavailable('node-down');
    case 'unknown':
      return cacheStatusUnavailable(failure.timedOut ? 'node-timeout' : 'node-down');
    case 'moving':
      return cacheStatusUnavailable('node-moving');
    default:
      return cacheStatusUnavailable('node-error');
  }
}

function problemNotDone(failure: Extract<NodeFailure, { kind: 'down' | 'moving' | 'refused' }>): Problem {
  switch (failure.kind) {
    case 'down':
      return new Problem(
        'node-unavailable',
        'The node that owns this key cannot be reached; nothing was done. Try again.',
      );
    case 'moving':
      return new Problem('node-moving', 'The key is changing its owner; nothing was done. Try again.');
    case 'refused':
      return new Problem('node-error', 'The node refused the request; nothing was done.');
    default:
      return failure satisfies never;
  }
}
