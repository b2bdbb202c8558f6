import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createKeyHash, plan, type PartitionTable, type PlannerMember } from '@ringway/ring';
import { expect, test } from 'vitest';

/**
 * What must not change once there is a cluster: keys would change place, or processes of two versions would disagree.
 * The facts in golden/ were written by the first version; a change here is a change of the format, not of the test.
 */
function golden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));
}

interface HashFacts {
  readonly key: string;
  /** Input as hexadecimal, first and second word. */
  readonly words: readonly (readonly [string, number, number])[];
  /** SHA-256 of the partitions, of 16384 and as Uint16 little-endian, of the keys "key:0" to "key:99999". */
  readonly partitionsDigest: string;
}

test('the key hash is the one of the first version', () => {
  const facts = golden('key-hash') as HashFacts;
  const hash = createKeyHash(Buffer.from(facts.key, 'hex'));
  const words = facts.words.map(([input]) => {
    const bytes = Buffer.from(input, 'hex');
    return [input, hash.both(bytes, 0, bytes.length), hash.low];
  });
  expect(words).toEqual(facts.words);
  const partitions = Uint16Array.from({ length: 100_000 }, (_, i) => hash.highLatin1(`key:${i}`) >>> 18);
  expect(createHash('sha256').update(partitions).digest('hex')).toBe(facts.partitionsDigest);
});

interface PlanFacts {
  readonly partitions: number;
  readonly replicas: number;
  /** Members after each change as `id zone weight`, and the SHA-256 of the owners, Uint16 little-endian. */
  readonly steps: readonly { readonly members: readonly string[]; readonly ownersDigest: string }[];
}

test.each(golden('plans') as PlanFacts[])(
  'plan $# is the one of the first version',
  ({ partitions, replicas, steps }) => {
    let table: PartitionTable | undefined;
    const digests = steps.map((step) => {
      table = plan(table, step.members.map(memberOf), { partitions, replicas });
      return createHash('sha256').update(table.owners).digest('hex');
    });
    expect(digests).toEqual(steps.map((step) => step.ownersDigest));
  },
);

function memberOf(text: string): PlannerMember {
  const [id = '', zone = '', weight = ''] = text.split(' ');
  return { id, zone, weight: Number(weight) };
}
