import {
  isSettled,
  nextWakeMs,
  startController,
  step,
  type ControllerEffect,
  type ControllerEvent,
  type ControllerStart,
  type ControllerState,
} from '@ringway/cluster';
import { ownersOf, reviseTopology, type Topology } from '@ringway/ring';
import { describe, expect, test } from 'vitest';

/**
 * A scenario is what happens, and what the controller does about it, a line each:
 *
 *   <time in ms> <event> -> <effect>; <effect>
 *
 * Events: `tick`, `node-1 answers a1` (not admitted), `node-1 answers a1 by 3` (admitted, goes by epoch 3),
 * `node-1 is silent`, `node-1 starts as a1` (announced), `stored` (what was published last), `found other` (the same document with
 * one epoch more), `found foreign`
 * (epoch 1, another member), `found nothing`, `store fails`.
 *
 * Effects: `ask node-1`, `publish <epoch>: <member> <state> <incarnation>, ...`, and log messages in quotes. Scenarios that
 * are not about questions leave them out.
 */
interface Scenario {
  readonly title: string;
  readonly members: readonly string[];
  readonly stored?: Topology;
  readonly lost?: boolean;
  readonly asks?: boolean;
  readonly lines: string;
}

const seed = { cluster: 'test', hashKey: '00112233445566ff' };

function incarnation(short: string): string {
  return short.padEnd(16, '0');
}

function start({ members, stored, lost }: Scenario): ControllerState {
  const specs = members.map((id) => ({
    id,
    zone: 'local',
    weight: 1,
    data: `127.0.0.1:${7410 + Number(id.slice(5))}`,
    admin: `127.0.0.1:${7510 + Number(id.slice(5))}`,
  }));
  const options: ControllerStart = { nowMs: 0, specs, seed, stored, expected: lost === true ? undefined : stored };
  return startController(options);
}

function parseEvent(text: string, published: Topology | undefined): ControllerEvent {
  const [subject = '', verb, what, , epoch] = text.split(' ');
  switch (verb) {
    case undefined:
      if (subject === 'stored' && published !== undefined) return { kind: 'stored', topology: published };
      return { kind: 'ticked' };
    case 'answers': {
      const report = {
        id: subject,
        incarnation: incarnation(what ?? ''),
        admitted: epoch !== undefined,
        epoch: Number(epoch ?? 0),
      };
      return { kind: 'answered', id: subject, report };
    }
    case 'is':
      return { kind: 'unanswered', id: subject };
    case 'starts':
      return { kind: 'announced', id: subject, incarnation: incarnation(text.split(' ').at(-1) ?? '') };
    case 'other':
      return { kind: 'found', topology: published === undefined ? undefined : reviseTopology(published, {}) };
    case 'foreign':
      return { kind: 'found', topology: documentOf('node-9') };
    case 'nothing':
      return { kind: 'found', topology: undefined };
    default:
      return { kind: 'storeFailed' };
  }
}

function formatEffect(effect: ControllerEffect): string {
  if (effect.kind === 'probe') return `ask ${effect.id}`;
  if (effect.kind === 'log') return `"${effect.message}"`;
  const { epoch, members } = effect.topology;
  return `publish ${epoch}: ${members.map((member) => `${member.id} ${member.state} ${member.incarnation.replace(/0+$/, '')}`).join(', ')}`;
}

/** Plays the scenario and writes it down again, with what really came of it. */
function play(scenario: Scenario): { transcript: string[]; state: ControllerState; published: Topology[] } {
  let state = start(scenario);
  const published: Topology[] = [];
  const transcript = linesOf(scenario).map((line) => {
    const [, time = '0', event = ''] = /^(\d+) (.*?) ->/.exec(line) ?? [];
    const [next, effects] = step(state, parseEvent(event, published.at(-1)), Number(time));
    state = next;
    for (const effect of effects) if (effect.kind === 'publish') published.push(effect.topology);
    const shown = effects.filter((effect) => effect.kind !== 'probe' || scenario.asks === true).map(formatEffect);
    return `${time} ${event} -> ${shown.join('; ')}`.trimEnd();
  });
  return { transcript, state, published };
}

function linesOf({ lines }: Scenario): string[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** A document with these members, as a first run of the controller would leave it. */
function documentOf(...members: string[]): Topology {
  const lines = members.map((id, i) => `${i} ${id} answers a${id.slice(5)} ->`).join('\n');
  const [document] = play({ title: '', members, lines }).published;
  if (document === undefined) throw new Error('the scenario publishes nothing');
  return document;
}

const scenarios: Scenario[] = [
  {
    title: 'a new cluster gets one document once all of its members have answered',
    members: ['node-1', 'node-2', 'node-3'],
    lines: `
      0 tick ->
      200 node-2 answers a2 ->
      210 node-3 answers a3 ->
      220 node-1 answers a1 -> publish 1: node-1 active a1, node-2 active a2, node-3 active a3
      230 stored -> "cluster test is created"; "node-1 is admitted"; "node-2 is admitted"; "node-3 is admitted"
      260 node-1 answers a1 by 1 ->
    `,
  },
  {
    title: 'while a document is being stored no other is published',
    members: ['node-1'],
    lines: `
      0 node-1 answers a1 -> publish 1: node-1 active a1
      10 node-1 answers b1 ->
      20 tick ->
      30 stored -> "cluster test is created"; "node-1 is admitted"; publish 2: node-1 active b1
      40 stored -> "node-1 is admitted"
    `,
  },
  {
    title: 'a member that is late is not waited for longer than the bound, and is admitted when it comes',
    members: ['node-1', 'node-2'],
    lines: `
      100 node-1 answers a1 ->
      4999 tick ->
      5000 tick -> publish 1: node-1 active a1
      5010 stored -> "cluster test is created"; "node-1 is admitted"
      9000 node-2 answers a2 -> publish 2: node-1 active a1, node-2 active a2
      9010 stored -> "node-2 is admitted"
    `,
  },
  {
    title: 'nothing is published while nobody answers, however long that is',
    members: ['node-1'],
    lines: `
      0 tick ->
      6000 tick ->
      600000 node-1 is silent ->
      600001 node-1 answers a1 -> publish 1: node-1 active a1
    `,
  },
  {
    title: 'a whole cluster that was started again is admitted with one epoch',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      100 node-1 answers b1 ->
      120 node-2 answers b2 -> publish 2: node-1 active b1, node-2 active b2
      130 stored -> "node-1 is admitted"; "node-2 is admitted"
    `,
  },
  {
    title: 'a controller that was started again over running members changes nothing',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      100 node-1 answers a1 by 1 ->
      120 node-2 answers a2 by 1 ->
      130 tick ->
    `,
  },
  {
    title: 'a member that was started again is admitted by one epoch and keeps its partitions',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      0 node-1 answers a1 by 1 ->
      1 node-2 answers a2 by 1 ->
      1000 node-2 is silent ->
      1025 node-2 is silent ->
      1400 node-2 answers b2 -> publish 2: node-1 active a1, node-2 active b2
      1410 stored -> "node-2 is admitted"
    `,
  },
  {
    title: 'a member that is silent for long is marked and keeps its partitions; back again it is only unmarked',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      0 node-1 answers a1 by 1 ->
      0 node-2 answers a2 by 1 ->
      2999 node-2 is silent ->
      3000 node-2 is silent -> publish 2: node-1 active a1, node-2 down a2
      3010 stored -> "node-2 is down; it keeps its partitions"
      3020 node-2 is silent ->
      9000 node-2 answers a2 by 1 -> publish 3: node-1 active a1, node-2 active a2
      9010 stored -> "node-2 is active again"
    `,
  },
  {
    title: 'a member of the document that does not come with the others is marked when the wait is over',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      100 node-1 answers b1 ->
      5000 tick -> publish 2: node-1 active b1, node-2 down a2
      5010 stored -> "node-1 is admitted"; "node-2 is down; it keeps its partitions"
      6000 node-2 answers b2 -> publish 3: node-1 active b1, node-2 active b2
    `,
  },
  {
    title: 'a member that the configuration no longer names leaves the document',
    members: ['node-1'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      100 node-1 answers a1 by 1 -> publish 2: node-1 active a1
      110 stored -> "node-2 is no longer a member; its partitions start empty elsewhere"
    `,
  },
  {
    title: 'somebody else changed the document: the controller goes on from theirs',
    members: ['node-1'],
    lines: `
      0 node-1 answers a1 -> publish 1: node-1 active a1
      10 found other -> "somebody else changed the topology; going on from theirs"
      20 node-1 answers b1 -> publish 3: node-1 active b1
    `,
  },
  {
    title: 'the document vanished: it is made again from the last one, with epochs passed over',
    members: ['node-1'],
    lines: `
      0 node-1 answers a1 -> publish 1: node-1 active a1
      10 stored -> "cluster test is created"; "node-1 is admitted"
      20 node-1 answers b1 -> publish 2: node-1 active b1
      30 found nothing -> "the store lost the topology; it is made again from the last one"; publish 1002: node-1 active b1
    `,
  },
  {
    title: 'a document that may not follow ours, such as one of the same epoch, is replaced',
    members: ['node-1'],
    lines: `
      0 node-1 answers a1 -> publish 1: node-1 active a1
      10 stored -> "cluster test is created"; "node-1 is admitted"
      20 node-1 answers b1 -> publish 2: node-1 active b1
      30 found foreign -> "the store lost the topology; it is made again from the last one"; publish 1002: node-1 active b1
    `,
  },
  {
    title: 'a cluster whose document is lost goes on from the last good one, with epochs passed over',
    members: ['node-1'],
    stored: documentOf('node-1'),
    lost: true,
    lines: `
      0 node-1 answers a1 by 1 -> publish 1002: node-1 active a1
      10 stored ->
      20 node-1 answers a1 by 1002 ->
    `,
  },
  {
    title: 'a document that cannot be stored is tried again after a pause',
    members: ['node-1'],
    lines: `
      0 node-1 answers a1 -> publish 1: node-1 active a1
      10 store fails ->
      100 tick ->
      509 tick ->
      510 tick -> publish 1: node-1 active a1
    `,
  },
  {
    title: 'a member is asked at once and often while it is waited for, and rarely once it goes by the document',
    members: ['node-1'],
    asks: true,
    lines: `
      0 tick -> ask node-1
      1 tick ->
      2 node-1 is silent ->
      26 tick ->
      27 tick -> ask node-1
      30 node-1 answers a1 -> publish 1: node-1 active a1
      40 stored -> "cluster test is created"; "node-1 is admitted"; ask node-1
      45 node-1 answers a1 ->
      94 tick ->
      95 tick -> ask node-1
      96 node-1 answers a1 by 1 ->
      1095 tick ->
      1096 tick -> ask node-1
      1100 node-1 is silent ->
      1125 tick -> ask node-1
    `,
  },
  {
    title: 'a member that stays away is asked less and less',
    members: ['node-1'],
    asks: true,
    lines: `
      0 tick -> ask node-1
      3000 node-1 is silent ->
      3050 tick -> ask node-1
      3060 node-1 is silent ->
      3159 tick ->
      3160 tick -> ask node-1
      9000 node-1 is silent ->
      9200 tick -> ask node-1
    `,
  },
  {
    title: 'members that are announced are admitted before they answer',
    members: ['node-1', 'node-2'],
    lines: `
      0 tick ->
      1 node-1 starts as a1 ->
      2 node-2 starts as a2 -> publish 1: node-1 active a1, node-2 active a2
      20 stored -> "cluster test is created"; "node-1 is admitted"; "node-2 is admitted"
      25 node-1 is silent ->
      700 node-1 answers a1 by 1 ->
      800 node-2 answers a2 by 1 ->
    `,
  },
  {
    title: 'a member that is announced again is admitted again at once',
    members: ['node-1', 'node-2'],
    stored: documentOf('node-1', 'node-2'),
    lines: `
      0 node-1 answers a1 by 1 ->
      0 node-2 answers a2 by 1 ->
      500 node-2 starts as b2 -> publish 2: node-1 active a1, node-2 active b2
      520 stored -> "node-2 is admitted"
      900 node-2 answers b2 by 2 ->
    `,
  },
  {
    title: 'a member that is announced and never answers is marked in the end',
    members: ['node-1', 'node-2'],
    lines: `
      0 node-1 starts as a1 ->
      0 node-2 starts as a2 -> publish 1: node-1 active a1, node-2 active a2
      20 stored -> "cluster test is created"; "node-1 is admitted"; "node-2 is admitted"
      500 node-1 answers a1 by 1 ->
      9999 node-2 is silent ->
      10000 node-2 is silent -> publish 2: node-1 active a1, node-2 down a2
    `,
  },
  {
    title: 'a process that goes by another incarnation than announced is admitted as what it is',
    members: ['node-1'],
    lines: `
      0 node-1 starts as a1 -> publish 1: node-1 active a1
      20 stored -> "cluster test is created"; "node-1 is admitted"
      500 node-1 answers c1 -> publish 2: node-1 active c1
    `,
  },
  {
    title: 'an announced member is asked at once',
    members: ['node-1'],
    asks: true,
    lines: `
      0 tick -> ask node-1
      10 node-1 answers a1 -> publish 1: node-1 active a1
      20 stored -> "cluster test is created"; "node-1 is admitted"; ask node-1
      30 node-1 answers a1 by 1 ->
      200 node-1 starts as b1 -> publish 2: node-1 active b1; ask node-1
      201 node-1 is silent ->
      226 tick -> ask node-1
    `,
  },
];

function scenarioOf(title: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.title.startsWith(title));
  if (scenario === undefined) throw new Error(`no scenario begins with "${title}"`);
  return scenario;
}

describe('the controller', () => {
  test.each(scenarios)('$title', (scenario) => {
    expect(play(scenario).transcript).toEqual(linesOf(scenario));
  });

  test('gives a new cluster a balanced table', () => {
    const { table } = documentOf('node-1', 'node-2', 'node-3');
    const counts = new Map<string, number>();
    for (let partition = 0; partition < table.partitions; partition++) {
      for (const id of ownersOf(table, partition)) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    expect([...counts.values()].toSorted((a, b) => a - b)).toEqual([5461, 5461, 5462]);
  });

  test('moves no partition for a member that went down or was started again', () => {
    for (const title of ['a member that was started again', 'a member that is silent for long']) {
      const { published } = play(scenarioOf(title));
      const before = documentOf('node-1', 'node-2');
      for (const after of published) expect(after.table.owners).toEqual(before.table.owners);
    }
  });

  test('moves only the share of a member that joins late', () => {
    const [before, after] = play(scenarioOf('a member that is late')).published;
    const moved = after!.table.owners.filter(
      (owner, i) => after!.table.members[owner] !== before!.table.members[before!.table.owners[i]!],
    );
    expect(moved).toHaveLength(8192);
  });

  test('keeps the name and the secret of a cluster through every document', () => {
    for (const scenario of scenarios) {
      for (const topology of play(scenario).published) {
        expect(topology.cluster).toBe('test');
        expect(topology.hash.key).toBe(seed.hashKey);
      }
    }
  });

  test('is settled once every member that answers goes by the document', () => {
    const first = scenarioOf('a new cluster gets one document');
    const lines = linesOf(first);
    const settledAfter = (count: number): boolean =>
      isSettled(play({ ...first, lines: lines.slice(0, count).join('\n') }).state);
    expect(lines.map((_, i) => settledAfter(i + 1))).toEqual([false, false, false, false, false, false]);
    const rest = '270 node-2 answers a2 by 1 ->\n280 node-3 answers a3 by 1 ->';
    expect(isSettled(play({ ...first, lines: `${lines.join('\n')}\n${rest}` }).state)).toBe(true);
  });

  test('lets a document be used once the members of this run have answered for it', () => {
    const inForceAfter = (scenario: Omit<Scenario, 'title'>): boolean[] =>
      linesOf(scenario as Scenario).map((_, i, lines) => {
        const soFar = lines.slice(0, i + 1).join('\n');
        return play({ ...scenario, title: '', lines: soFar }).state.isInForce;
      });
    const members = ['node-1', 'node-2'];
    const announced = '0 node-1 starts as b1 ->\n0 node-2 starts as b2 ->\n9 stored ->\n500 node-1 answers b1 by 2 ->';
    const stored = documentOf(...members);
    const late = `${announced}\n600 node-2 answers b2 by 2 ->\n700 node-2 starts as c2 ->`;
    expect(inForceAfter({ members, stored, lines: late })).toEqual([false, false, false, false, true, true]);
    const never = `${announced}\n10000 node-2 is silent ->`;
    expect(inForceAfter({ members, stored, lines: never })).toEqual([false, false, false, false, true]);
    const unseen = '10 node-1 answers a1 by 1 ->\n4999 tick ->\n5000 tick ->';
    expect(inForceAfter({ members, stored, lines: unseen })).toEqual([false, false, true]);
    const running = '10 node-1 answers a1 by 1 ->\n11 node-2 answers a2 by 1 ->';
    expect(inForceAfter({ members, stored, lines: running })).toEqual([false, true]);
  });

  test('wakes for the next question, for the end of the wait and for the next try, and otherwise not', () => {
    const wakeAfter = (lines: string, nowMs: number): number =>
      nextWakeMs(play({ title: '', members: ['node-1'], lines }).state, nowMs);
    expect(wakeAfter('0 tick ->', 0)).toBe(5000);
    expect(wakeAfter('0 tick ->', 6000)).toBe(Infinity);
    expect(wakeAfter('0 tick ->\n2 node-1 is silent ->', 2)).toBe(27);
    expect(wakeAfter('5001 node-1 answers a1 ->\n5002 store fails ->\n5052 tick ->', 5052)).toBe(5502);
  });
});
