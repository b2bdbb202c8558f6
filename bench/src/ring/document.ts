import {
  createTopology,
  parseTopology,
  partitionCountDefault,
  plan,
  plannerMembers,
  serializeTopology,
} from '@ringway/ring';
import type { Row } from '../row.ts';
import { timed } from './stopwatch.ts';

const MEMBER_COUNT = 100;
const READ_COUNT = 30;
const TARGET_READ_MS = 20;

/** Reading a topology document of 100 members and three copies: JSON, checks, digest. */
export function benchDocument(): Row[] {
  const members = Array.from({ length: MEMBER_COUNT }, (_, i) => ({
    id: `node-${i}`,
    zone: `zone-${i % 5}`,
    weight: 1,
    data: `10.0.0.${i}:7411`,
    admin: `10.0.0.${i}:7511`,
    incarnation: '0123456789abcdef',
    state: 'active' as const,
  }));
  const table = plan(undefined, plannerMembers(members), { partitions: partitionCountDefault, replicas: 3 });
  const text = serializeTopology(createTopology({ cluster: 'bench', hashKey: '0123456789abcdef', members, table }));
  const times = Array.from({ length: READ_COUNT }, () => timed(() => parseTopology(text)).ms).toSorted((a, b) => a - b);
  return [
    {
      name: `read a document of ${MEMBER_COUNT} members, ${text.length} bytes: median`,
      value: times[READ_COUNT / 2] ?? Infinity,
      unit: 'ms',
      target: TARGET_READ_MS,
    },
  ];
}
