import { toBase64 } from '../base64.ts';
import { latin1Bytes } from '../latin1.ts';
import { sha256Hex } from '../sha256.ts';
import { encodeOwnership } from './ownership.ts';
import type { Member, PendingMove, Topology, TopologyFields } from './topology.ts';

/** The format this package reads and writes. */
export const documentFormat = 1;

/** The document as JSON. The order of the fields is part of the format: the digest is over the text. */
export interface TopologyDocument {
  readonly format: typeof documentFormat;
  readonly cluster: string;
  readonly epoch: number;
  readonly hash: Topology['hash'];
  readonly replicas: number;
  readonly members: readonly Member[];
  /** Base64 of the owners of every partition, Uint16 little-endian; 0xffff is an empty place. */
  readonly table: string;
  /** Runs: so many partitions, their ownership epoch, and so on. */
  readonly ownership: readonly number[];
  readonly moves: readonly PendingMove[];
}

export function documentOf(topology: TopologyFields): TopologyDocument {
  const { cluster, epoch, hash, replicas, members, table, ownership, moves } = topology;
  return {
    format: documentFormat,
    cluster,
    epoch,
    hash: { key: hash.key, partitions: hash.partitions },
    replicas,
    members: members.map(({ id, zone, weight, data, admin, incarnation, state, admittedEpoch }) => {
      return { id, zone, weight, data, admin, incarnation, state, admittedEpoch };
    }),
    table: encodeOwners(table.owners),
    ownership: encodeOwnership(ownership),
    moves: moves.map(({ partition, from, to, phase, sinceEpoch }) => {
      return from === undefined ? { partition, to, phase, sinceEpoch } : { partition, from, to, phase, sinceEpoch };
    }),
  };
}

/** The canonical text: one line of JSON and a line feed, all ASCII. `sha256sum` of it prints the digest. */
export function serializeTopology(topology: TopologyFields): string {
  return textOf(documentOf(topology));
}

/** The digest of a document whose fields are in the format's order. */
export function digestOf(document: TopologyDocument): string {
  return sha256Hex(latin1Bytes(textOf(document)));
}

function textOf(document: TopologyDocument): string {
  return `${JSON.stringify(document)}\n`;
}

function encodeOwners(owners: Uint16Array): string {
  const bytes = new Uint8Array(owners.length * 2);
  for (let i = 0; i < owners.length; i++) {
    bytes[i * 2] = owners[i]!;
    bytes[i * 2 + 1] = owners[i]! >>> 8;
  }
  return toBase64(bytes);
}
