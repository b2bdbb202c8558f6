import type { Output } from './output.ts';
import { assertInteger, assertWord } from './wire-token.ts';

/**
 * What a Ringway node says beyond memcached's protocol (docs/protocol.md, section 6).
 *
 *   rw_hello <cluster> <epoch> <digest>          ->  RW <node id> <incarnation> <epoch>
 *   a request for a partition not owned          ->  SERVER_ERROR not_owner <epoch>[ <member id>]
 *   a request refused for load, nothing done     ->  SERVER_ERROR busy
 *
 * Refusals are spelled as server errors, so that any memcached client sees a well-formed one.
 */

export const HELLO_REPLY_WORD = 'RW';
export const SERVER_ERROR_WORD = 'SERVER_ERROR';
export const NOT_OWNER_WORD = 'not_owner';
export const BUSY_WORD = 'busy';

/** What a proxy tells a node about itself when it connects. */
export interface Hello {
  readonly cluster: string;
  readonly epoch: number;
  readonly digest: string;
}

/** What a node answers: its id, the random id of this run of the process in hexadecimal, and its epoch. */
export interface HelloReply {
  readonly node: string;
  readonly incarnation: string;
  readonly epoch: number;
}

/** Why a node refuses: the epoch of the topology to look for and, when it knows, the member that owns the partition there. */
export interface NotOwner {
  readonly epoch: number;
  readonly member?: string | undefined;
}

function assertEpoch(epoch: number): void {
  assertInteger(epoch, 0, Number.MAX_SAFE_INTEGER, 'epoch');
}

/** Writes `rw_hello`. Throws PROTOCOL_TOKEN for a name that is no single word. */
export function writeHello(out: Output, hello: Hello): void {
  assertWord(hello.cluster, 'cluster');
  assertWord(hello.digest, 'digest');
  assertEpoch(hello.epoch);
  out.ascii('rw_hello ');
  out.ascii(hello.cluster);
  out.ascii(' ');
  out.unsigned(hello.epoch);
  out.ascii(' ');
  out.ascii(hello.digest);
  out.crlf();
}

/** Writes the answer to rw_hello. Throws PROTOCOL_TOKEN for a name that is no single word. */
export function writeHelloReply(out: Output, reply: HelloReply): void {
  assertWord(reply.node, 'node id');
  assertWord(reply.incarnation, 'incarnation');
  assertEpoch(reply.epoch);
  out.ascii(`${HELLO_REPLY_WORD} `);
  out.ascii(reply.node);
  out.ascii(' ');
  out.ascii(reply.incarnation);
  out.ascii(' ');
  out.unsigned(reply.epoch);
  out.crlf();
}

/** Writes `SERVER_ERROR not_owner`. Throws PROTOCOL_TOKEN for a member id that is no single word. */
export function writeNotOwner(out: Output, owner: NotOwner): void {
  assertEpoch(owner.epoch);
  if (owner.member !== undefined) {
    assertWord(owner.member, 'member id');
  }
  out.ascii(`${SERVER_ERROR_WORD} ${NOT_OWNER_WORD} `);
  out.unsigned(owner.epoch);
  if (owner.member !== undefined) {
    out.ascii(' ');
    out.ascii(owner.member);
  }
  out.crlf();
}
