import { fromBase64 } from '../base64.ts';
import { RingError } from '../errors.ts';
import {
  addressCharactersMax,
  documentCharactersMax,
  epochMax,
  hashKeyBytes,
  incarnationBytes,
  memberCountMax,
  memberWeightMax,
  moveCountMax,
  nameCharactersMax,
  partitionCountMax,
  partitionCountMin,
  replicaCountMax,
} from '../limits.ts';
import { createTable } from '../table.ts';
import { decodeOwnership } from './ownership.ts';
import { readChoice, readInteger, readList, readObject, readText, wrong } from './read.ts';
import { digestOf, documentFormat } from './serialize.ts';
import type { TopologyDocument } from './serialize.ts';
import { MemberState, MovePhase } from './topology.ts';
import type { Member, PendingMove, Topology } from './topology.ts';

/**
 * Reads a topology document: its text, or what JSON.parse made of it. Everything is checked, so that what comes out can
 * be used without a doubt. Throws RING_DOCUMENT_SIZE, RING_DOCUMENT_JSON, RING_DOCUMENT_FIELD, RING_TABLE and
 * RING_NO_MEMBERS.
 */
export function parseTopology(source: unknown): Topology {
  const document = readDocument(typeof source === 'string' ? parseJson(source) : source);
  const { cluster, epoch, hash, replicas, members } = document;
  const ids = members.map((member) => member.id);
  const owners = decodeOwners(document.table, hash.partitions * replicas);
  const ownership = decodeOwnership(document.ownership, hash.partitions);
  if (ownership === undefined) throw wrong('ownership', `runs that cover ${hash.partitions} partitions`, undefined);
  return {
    cluster,
    epoch,
    hash,
    replicas,
    members,
    table: createTable({ partitions: hash.partitions, replicas, members: ids, owners }),
    ownership,
    moves: document.moves,
    digest: digestOf(document),
  };
}

const documentFields = [
  'format',
  'cluster',
  'epoch',
  'hash',
  'replicas',
  'members',
  'table',
  'ownership',
  'moves',
] as const;

/** The document with its fields checked one by one, and in the order of the format. */
function readDocument(value: unknown): TopologyDocument {
  const document = readObject(value, 'the document', documentFields);
  readInteger(document.format, 'format', documentFormat, documentFormat);
  const cluster = readName(document.cluster, 'cluster');
  const epoch = readInteger(document.epoch, 'epoch', 1, epochMax);
  const hash = readHash(document.hash);
  const members = readMembers(document.members, epoch);
  return {
    format: documentFormat,
    cluster,
    epoch,
    hash,
    replicas: readInteger(document.replicas, 'replicas', 1, replicaCountMax),
    members,
    table: readText(document.table, 'table', base64Form, 'base64'),
    ownership: readOwnership(document.ownership, hash.partitions, epoch),
    moves: readMoves(document.moves, members, { partitions: hash.partitions, epoch }),
  };
}

function parseJson(text: string): unknown {
  if (text.length > documentCharactersMax) {
    throw new RingError('RING_DOCUMENT_SIZE', `topology document: more than ${documentCharactersMax} characters`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause: the parser's message quotes the text, and the secret may be in the quotation.
    throw new RingError('RING_DOCUMENT_JSON', 'topology document: not JSON, perhaps cut short. Fetch it again.');
  }
}

const nameForm = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._-]{0,${nameCharactersMax - 1}}$`);
const base64Form = /^[A-Za-z0-9+/]+={0,2}$/;
const keyForm = new RegExp(`^[0-9a-f]{${hashKeyBytes * 2}}$`);
const incarnationForm = new RegExp(`^[0-9a-f]{${incarnationBytes * 2}}$`);
const addressForm = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(?<port>[1-9][0-9]{0,4})$/;

function readName(value: unknown, path: string): string {
  return readText(value, path, nameForm, `1 to ${nameCharactersMax} letters, digits, dots, dashes and underscores`);
}

function readHash(value: unknown): Topology['hash'] {
  const hash = readObject(value, 'hash', ['key', 'partitions']);
  const partitions = readInteger(hash.partitions, 'hash.partitions', partitionCountMin, partitionCountMax);
  if ((partitions & (partitions - 1)) !== 0) throw wrong('hash.partitions', 'a power of two', partitions);
  if (typeof hash.key !== 'string' || !keyForm.test(hash.key)) {
    throw wrong('hash.key', '16 lower-case hexadecimal digits', 'something else, not shown as it is secret');
  }
  return { key: hash.key, partitions };
}

function readMembers(value: unknown, epoch: number): Member[] {
  const members = readList(value, 'members', memberCountMax).map((entry, i) =>
    readMember(entry, `members[${i}]`, epoch),
  );
  if (members.length === 0) throw new RingError('RING_NO_MEMBERS', 'topology document: members is empty');
  const addresses = new Set<string>();
  for (const [i, member] of members.entries()) {
    if (i > 0 && member.id <= members[i - 1]!.id) throw wrong(`members[${i}].id`, 'unique and in order', member.id);
    if (member.state === MemberState.down) continue;
    if (addresses.has(member.data)) throw wrong(`members[${i}].data`, 'used by one living member only', member.data);
    addresses.add(member.data);
  }
  return members;
}

function readMember(value: unknown, path: string, epoch: number): Member {
  const fields = ['id', 'zone', 'weight', 'data', 'admin', 'incarnation', 'state', 'admittedEpoch'] as const;
  const member = readObject(value, path, fields);
  return {
    id: readName(member.id, `${path}.id`),
    zone: readName(member.zone, `${path}.zone`),
    weight: readInteger(member.weight, `${path}.weight`, 0, memberWeightMax),
    data: readAddress(member.data, `${path}.data`),
    admin: readAddress(member.admin, `${path}.admin`),
    incarnation: readText(
      member.incarnation,
      `${path}.incarnation`,
      incarnationForm,
      '16 lower-case hexadecimal digits',
    ),
    state: readChoice(member.state, `${path}.state`, Object.values(MemberState)),
    admittedEpoch: readInteger(member.admittedEpoch, `${path}.admittedEpoch`, 1, epoch),
  };
}

function readAddress(value: unknown, path: string): string {
  const expected = 'host:port, with IPv6 hosts in brackets';
  if (typeof value === 'string' && value.length > addressCharactersMax) throw wrong(path, expected, value);
  const address = readText(value, path, addressForm, expected);
  if (Number(addressForm.exec(address)!.groups!['port']) > 65_535) throw wrong(path, 'a port up to 65535', value);
  return address;
}

function decodeOwners(text: string, count: number): Uint16Array {
  const bytes = fromBase64(text);
  if (bytes?.length !== count * 2) throw wrong('table', `base64 of ${count * 2} bytes`, bytes?.length);
  const owners = new Uint16Array(count);
  for (let i = 0; i < count; i++) owners[i] = bytes[i * 2]! | (bytes[i * 2 + 1]! << 8);
  return owners;
}

function readOwnership(value: unknown, partitions: number, epoch: number): number[] {
  return readList(value, 'ownership', partitions * 2).map((entry, i) => {
    return readInteger(entry, `ownership[${i}]`, 1, i % 2 === 0 ? partitions : epoch);
  });
}

interface MoveBounds {
  readonly partitions: number;
  readonly epoch: number;
}

function readMoves(value: unknown, members: readonly Member[], bounds: MoveBounds): PendingMove[] {
  const ids = new Set(members.map((member) => member.id));
  const moves = readList(value, 'moves', moveCountMax).map((entry, i) => readMove(entry, `moves[${i}]`, ids, bounds));
  for (const [i, move] of moves.entries()) {
    if (i > 0 && compareMoves(moves[i - 1]!, move) >= 0) throw wrong(`moves[${i}]`, 'in order and unique', move.to);
  }
  return moves;
}

/** The order of moves in a document. */
export function compareMoves(a: PendingMove, b: PendingMove): number {
  return a.partition - b.partition || (a.to < b.to ? -1 : Number(a.to > b.to));
}

function readMove(
  value: unknown,
  path: string,
  ids: ReadonlySet<string>,
  { partitions, epoch }: MoveBounds,
): PendingMove {
  const move = readObject(value, path, ['partition', 'to', 'phase', 'sinceEpoch'], ['from']);
  const readId = (id: unknown, at: string): string => {
    if (typeof id !== 'string' || !ids.has(id)) throw wrong(at, 'the id of a member', id);
    return id;
  };
  const to = readId(move.to, `${path}.to`);
  const from = move.from === undefined ? undefined : readId(move.from, `${path}.from`);
  if (from === to) throw wrong(`${path}.from`, 'another member than the receiver', from);
  return {
    partition: readInteger(move.partition, `${path}.partition`, 0, partitions - 1),
    ...(from === undefined ? {} : { from }),
    to,
    phase: readChoice(move.phase, `${path}.phase`, Object.values(MovePhase)),
    sinceEpoch: readInteger(move.sinceEpoch, `${path}.sinceEpoch`, 1, epoch),
  };
}
