import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import {
  createTopology,
  MovePhase,
  parseTopology,
  plan,
  plannerMembers,
  reviseTopology,
  RingError,
  serializeTopology,
  type MemberInput,
  type Topology,
} from '@ringway/ring';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../property.ts';
import { member, newTopology, plainDocument, threeMembers } from './documents.ts';

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
const someMembers: fc.Arbitrary<MemberInput[]> = fc
  .uniqueArray(fc.record({ id: name, zone: name, weight: fc.integer({ min: 1, max: 9 }) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 9,
  })
  .map((some) => some.map(({ id, ...rest }, i) => member(id, { ...rest, data: `10.0.0.${i}:7411` })));

test('a document that is written is read back the same', () => {
  fc.assert(
    fc.property(someMembers, fc.integer({ min: 1, max: 3 }), name, (some, replicas, cluster) => {
      const table = plan(undefined, plannerMembers(some), { partitions: 64, replicas });
      const topology = createTopology({ cluster, hashKey: '0123456789abcdef', members: some, table });
      const text = serializeTopology(topology);
      expect(parseTopology(text)).toEqual(topology);
      expect(parseTopology(JSON.parse(text))).toEqual(topology);
      expect(serializeTopology(parseTopology(text))).toBe(text);
    }),
    tries(50),
  );
});

test('a document with moves and several ownership epochs is read back the same', () => {
  const first = newTopology();
  const grown = [...threeMembers, member('d')];
  const table = plan(first.table, plannerMembers(grown), first.table);
  const moves = [
    { partition: 9, to: 'd', phase: MovePhase.planned, sinceEpoch: 2 },
    { partition: 3, from: 'a', to: 'd', phase: MovePhase.handoff, sinceEpoch: 1 },
  ];
  const topology = reviseTopology(first, { members: grown, table, moves });
  expect(topology.moves.map((move) => move.partition)).toEqual([3, 9]);
  expect(new Set(topology.ownership)).toEqual(new Set([1, 2]));
  expect(parseTopology(serializeTopology(topology))).toEqual(topology);
});

test('the digest is the SHA-256 of the text, as sha256sum prints it', () => {
  const topology = newTopology();
  const text = serializeTopology(topology);
  expect(topology.digest).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  expect(text.endsWith('}\n')).toBe(true);
});

test('the digest does not depend on spaces or on the order of fields', () => {
  const reversed = Object.fromEntries(Object.entries(plainDocument()).toReversed());
  expect(parseTopology(JSON.stringify(reversed, null, 2)).digest).toBe(newTopology().digest);
});

test('the table is base64 of little-endian numbers', () => {
  const topology = newTopology();
  const bytes = Buffer.from(plainDocument()['table'] as string, 'base64');
  expect(Array.from(topology.table.owners, (_, i) => bytes.readUInt16LE(i * 2))).toEqual([...topology.table.owners]);
});

/** Each: what is wrong, the spoilt document, and where the error says it is. */
const spoilt: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['another format', { format: 2 }, 'format'],
  ['a cluster name with a space', { cluster: 'my cluster' }, 'cluster'],
  ['a long cluster name', { cluster: 'x'.repeat(65) }, 'cluster'],
  ['epoch 0', { epoch: 0 }, 'epoch'],
  ['an epoch beyond 24 bits', { epoch: 2 ** 24 }, 'epoch'],
  ['an epoch with a fraction', { epoch: 1.5 }, 'epoch'],
  ['an epoch in quotes', { epoch: '1' }, 'epoch'],
  ['no hash', { hash: undefined }, 'hash'],
  ['a short secret', { hash: { key: '0123', partitions: 64 } }, 'hash.key'],
  ['an odd number of partitions', { hash: { key: '0123456789abcdef', partitions: 100 } }, 'hash.partitions'],
  ['more partitions than the table has', { hash: { key: '0123456789abcdef', partitions: 128 } }, 'table'],
  ['replicas 0', { replicas: 0 }, 'replicas'],
  ['members that are no list', { members: {} }, 'members'],
  ['a member that is no object', { members: ['a', 'b', 'c'] }, 'members[0]'],
  ['a table that is no text', { table: [0, 1] }, 'table'],
  ['a table with spaces', { table: 'AAAA AAAA' }, 'table'],
  ['a short table', { table: 'AAAA' }, 'table'],
  ['a table with stray bits', { table: 'AAB=' }, 'table'],
  ['ownership that is too short', { ownership: [63, 1] }, 'ownership'],
  ['ownership that is too long', { ownership: [65, 1] }, 'ownership[0]'],
  ['ownership of an epoch to come', { ownership: [64, 2] }, 'ownership[1]'],
  ['ownership with a run cut in two', { ownership: [32, 1, 32, 1] }, 'ownership'],
  ['ownership with half a run', { ownership: [64] }, 'ownership'],
  ['a move to a stranger', { moves: [{ partition: 0, to: 'x', phase: 'planned', sinceEpoch: 1 }] }, 'moves[0].to'],
  [
    'a move to oneself',
    { moves: [{ partition: 0, from: 'a', to: 'a', phase: 'planned', sinceEpoch: 1 }] },
    'moves[0].from',
  ],
  [
    'a move of no partition',
    { moves: [{ partition: 64, to: 'a', phase: 'planned', sinceEpoch: 1 }] },
    'moves[0].partition',
  ],
  ['a move in no phase', { moves: [{ partition: 0, to: 'a', phase: 'done', sinceEpoch: 1 }] }, 'moves[0].phase'],
  [
    'a move since an epoch to come',
    { moves: [{ partition: 0, to: 'a', phase: 'planned', sinceEpoch: 2 }] },
    'moves[0].sinceEpoch',
  ],
  ['a field that does not belong', { weight: 1 }, 'the document'],
];

test.each(spoilt)('a document with %s is refused, and the error says where', (_, changes, where) => {
  expect(() => parseTopology({ ...plainDocument(), ...changes })).toThrow(
    expect.objectContaining({
      code: 'RING_DOCUMENT_FIELD',
      message: expect.stringContaining(`topology document: ${where} must be`) as string,
    }),
  );
});

test.each<[string, object, string]>([
  ['an empty id', { id: '' }, 'members[1].id'],
  ['an id with a quote', { id: 'a"b' }, 'members[1].id'],
  ['an id out of order', { id: 'A' }, 'members[1].id'],
  ['the id of another', { id: 'a' }, 'members[1].id'],
  ['no zone', { zone: undefined }, 'members[1].zone'],
  ['a negative weight', { weight: -1 }, 'members[1].weight'],
  ['an address without a port', { data: 'host' }, 'members[1].data'],
  ['port 0', { data: 'host:0' }, 'members[1].data'],
  ['a port beyond the last', { admin: 'host:65536' }, 'members[1].admin'],
  ['a bare IPv6 address', { admin: '::1:7511' }, 'members[1].admin'],
  ['the address of another', { data: 'a.example:7411' }, 'members[1].data'],
  ['a short incarnation', { incarnation: 'a1' }, 'members[1].incarnation'],
  ['an unknown state', { state: 'asleep' }, 'members[1].state'],
  ['an admission to come', { admittedEpoch: 2 }, 'members[1].admittedEpoch'],
])('a member with %s is refused, and the error says where', (_, changes, where) => {
  const document = plainDocument();
  const list = document['members'] as object[];
  list[1] = { ...list[1], ...changes };
  expect(() => parseTopology(document)).toThrow(
    expect.objectContaining({ code: 'RING_DOCUMENT_FIELD', message: expect.stringContaining(where) as string }),
  );
});

test('a member that is down may leave its address to another', () => {
  const members = [...threeMembers, member('d', { data: 'a.example:7411', state: 'down' })];
  expect(newTopology(members).members[3]?.data).toBe('a.example:7411');
});

test('an IPv6 address in brackets is fine', () => {
  expect(newTopology([member('a', { data: '[::1]:7411' })]).members[0]?.data).toBe('[::1]:7411');
});

test.each<[string, unknown, string]>([
  ['a text that is not JSON', '{"format":1', 'RING_DOCUMENT_JSON'],
  ['an empty text', '', 'RING_DOCUMENT_JSON'],
  ['a text beyond the limit', ' '.repeat(16_777_217), 'RING_DOCUMENT_SIZE'],
  ['null', null, 'RING_DOCUMENT_FIELD'],
  ['a list', [], 'RING_DOCUMENT_FIELD'],
  ['no members', { ...plainDocument(), members: [] }, 'RING_NO_MEMBERS'],
  ['a table of strangers', { ...plainDocument(), table: Buffer.alloc(256, 9).toString('base64') }, 'RING_TABLE'],
])('%s is refused', (_, source, code) => {
  expect(() => parseTopology(source)).toThrow(expect.objectContaining({ code }));
});

test('no error shows the secret', () => {
  const hash = { key: 'SECRET-0123456789', partitions: 64 };
  const cutShort = JSON.stringify({ hash }).slice(0, 25);
  for (const source of [{ ...plainDocument(), hash }, cutShort]) {
    const error = outcomeOf(source);
    expect(error).toBeInstanceOf(RingError);
    expect(inspect(error)).not.toContain('SECRET');
  }
});

test('whatever is offered, what comes back is a topology or an error with a code', () => {
  const text = serializeTopology(newTopology());
  const splice = fc.constantFrom('', 'null', '-1', '1e999', '"__proto__":{},', '[', '{', '"', '0');
  const damaged = fc
    .tuple(fc.nat(text.length - 1), fc.nat(40), fc.oneof(splice, fc.string({ maxLength: 20 })))
    .map(([at, removed, inserted]): unknown => text.slice(0, at) + inserted + text.slice(at + removed));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.jsonValue(), fc.anything()), (source) => {
      const result = outcomeOf(source);
      if (result instanceof Error) expect(result).toBeInstanceOf(RingError);
      else expect(parseTopology(serializeTopology(result))).toEqual(result);
    }),
    tries(400),
  );
});

function outcomeOf(source: unknown): Topology | Error {
  try {
    return parseTopology(source);
  } catch (error) {
    return error as Error;
  }
}
