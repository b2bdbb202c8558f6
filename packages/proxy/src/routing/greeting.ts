import type { Greeting } from '@ringway/client';
import { ResponseKind, writeHello } from '@ringway/protocol';
import type { Topology } from '@ringway/ring';
import { replyText } from './reply-text.ts';

/**
 * What is said first to a node: which cluster and topology this proxy goes by. The answer must come from the node that
 * the topology names at this address: after a mix-up of ports or addresses another node's answers would be wrong ones.
 *
 * @param current the newest topology at the time of the greeting
 */
export function greetingFor(memberId: string, current: () => Topology): Greeting {
  return {
    write: (out) => {
      const { cluster, epoch, digest } = current();
      writeHello(out, { cluster, epoch, digest });
    },
    accept: (reply, input) => {
      if (reply.kind !== ResponseKind.hello)
        return `the server there is no node of this cluster (expected ${memberId})`;
      const answered = replyText(input, reply.messageStart, reply.messageEnd);
      return answered === memberId ? undefined : `the node there is ${answered}, expected ${memberId}`;
    },
  };
}
