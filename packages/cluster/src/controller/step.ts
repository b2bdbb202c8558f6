import { acceptTopology, type Topology } from '@ringway/ring';
import { GATHER_MS, PUBLISH_RETRY_MS } from '../limits.ts';
import type { TopologyVersion } from '../store/topology-store.ts';
import { changesBetween, nextDocument, type ClusterSeed } from './document.ts';
import {
  askSoon,
  memberAnnounced,
  memberAnswered,
  memberUnanswered,
  unseenMember,
  type MemberReport,
  type MemberSpec,
  type MemberView,
} from './member-view.ts';

/**
 * The controller, as a value: no clock, chance, socket or file. It is told what happened and says what to do.
 *
 *                 all members answered or were announced,
 *                 or GATHER_MS passed and one did
 *   gathering ──────────────────────────────────▶ following ◀──────────────┐
 *                                                     │                    │ stored
 *                              the document should    │                    │ (or: somebody else's was found,
 *                              say something else     ▼                    │  or it failed and the wait is over)
 *                                                 publishing ──────────────┘
 *
 * What the document should say follows from the members alone (document.ts), so there is nothing to remember between
 * steps and nothing to undo: a controller that starts in the middle of anything comes to the same document.
 *
 * While gathering nothing is published. A cluster that starts as a whole then gets one epoch, and not one for each
 * member in the order in which they happen to answer, with the partitions moved about in between.
 */
export interface ControllerState {
  readonly phase: 'gathering' | 'following' | 'publishing';
  readonly seed: ClusterSeed;
  readonly members: readonly MemberView[];
  /** The newest document known to be stored. */
  readonly stored: Topology | undefined;
  /** What the store must still hold for a change to be made; undefined while there is no valid document in it. */
  readonly expected: TopologyVersion | undefined;
  readonly gatherUntilMs: number;
  /** Latched: the stored document is of this run, and the members have had their time to answer for it. */
  readonly isInForce: boolean;
  /** Nothing is published before. */
  readonly holdUntilMs: number;
}

export type ControllerEvent =
  | { readonly kind: 'ticked' }
  | { readonly kind: 'answered'; readonly id: string; readonly report: MemberReport }
  | { readonly kind: 'unanswered'; readonly id: string }
  /** Whoever started the process of a member says so. */
  | { readonly kind: 'announced'; readonly id: string; readonly incarnation: string }
  | { readonly kind: 'stored'; readonly topology: Topology }
  /** The store holds another document than expected. */
  | { readonly kind: 'found'; readonly topology: Topology | undefined }
  | { readonly kind: 'storeFailed' };

export type ControllerEffect =
  | { readonly kind: 'probe'; readonly id: string; readonly admin: string }
  | { readonly kind: 'publish'; readonly topology: Topology; readonly expected: TopologyVersion | undefined }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly fields: object; readonly message: string };

export interface ControllerStart {
  readonly nowMs: number;
  readonly specs: readonly MemberSpec[];
  /** For a cluster that does not exist yet. */
  readonly seed: ClusterSeed;
  /** The document to go on from: the stored one, or the last good one where the stored one is lost. */
  readonly stored: Topology | undefined;
  readonly expected: TopologyVersion | undefined;
}

export function startController({ nowMs, specs, ...rest }: ControllerStart): ControllerState {
  const members = specs.map((spec) => unseenMember(spec, nowMs));
  return {
    ...rest,
    phase: 'gathering',
    members,
    gatherUntilMs: nowMs + GATHER_MS,
    isInForce: false,
    holdUntilMs: nowMs,
  };
}

/** One step. The order of effects is the order to carry them out in. */
export function step(
  state: ControllerState,
  event: ControllerEvent,
  nowMs: number,
): [ControllerState, ControllerEffect[]] {
  const [noted, effects] = note(state, event, nowMs);
  const [decided, publishing] = decide(noted, nowMs);
  const [probing, probes] = askDueMembers({ ...decided, isInForce: isInForce(decided, nowMs) }, nowMs);
  return [probing, [...effects, ...publishing, ...probes]];
}

/** When to step again if nothing happens before; Infinity if only an event can change anything. */
export function nextWakeMs(state: ControllerState, nowMs: number): number {
  const probes = state.members.filter((member) => !member.asked).map((member) => member.nextProbeMs);
  const decisions = [state.gatherUntilMs, state.holdUntilMs].filter((atMs) => atMs > nowMs);
  return Math.min(...probes, ...decisions);
}

/** Whether the document is in force and every member that answers goes by it. */
export function isSettled({ phase, stored, isInForce: inForce, members }: ControllerState): boolean {
  if (phase !== 'following' || !inForce) return false;
  return members.every(({ status, servingEpoch }) => status !== 'answering' || servingEpoch === stored?.epoch);
}

/**
 * What is stored at the start names the processes of the run before, and what is stored first in this run may name some
 * that are still starting. Proxies that went by either would only find out that nobody answers.
 */
function isInForce(state: ControllerState, nowMs: number): boolean {
  if (state.isInForce) return true;
  const incarnations = new Map(state.stored?.members.map((member) => [member.id, member.incarnation]));
  const isOfThisRun = ({ spec, status, incarnation }: MemberView): boolean =>
    status === 'answering' && incarnation === incarnations.get(spec.id);
  const hadTime = ({ status }: MemberView): boolean =>
    status === 'answering' || status === 'silent' || (status === 'unseen' && nowMs >= state.gatherUntilMs);
  return state.members.some(isOfThisRun) && state.members.every(hadTime);
}

function note(state: ControllerState, event: ControllerEvent, nowMs: number): [ControllerState, ControllerEffect[]] {
  switch (event.kind) {
    case 'ticked':
      return [state, []];
    case 'answered':
      return [
        withMember(state, event.id, (view) => memberAnswered(view, event.report, state.stored?.epoch ?? 0, nowMs)),
        [],
      ];
    case 'unanswered':
      return [withMember(state, event.id, (view) => memberUnanswered(view, nowMs)), []];
    case 'announced':
      return [withMember(state, event.id, (view) => memberAnnounced(view, event.incarnation, nowMs)), []];
    case 'stored': {
      const members = state.members.map((view) => askSoon(view, nowMs));
      return [
        { ...state, phase: 'following', members, stored: event.topology, expected: event.topology },
        changesBetween(state.stored, event.topology).map((change) => ({ kind: 'log', ...change })),
      ];
    }
    case 'found':
      return noteFound(state, event.topology);
    case 'storeFailed':
      return [{ ...state, phase: 'following', holdUntilMs: nowMs + PUBLISH_RETRY_MS }, []];
    default:
      return event satisfies never;
  }
}

/** Somebody else's document is taken for what it says, if it is one that may follow ours; if not, it is replaced. */
function noteFound(state: ControllerState, found: Topology | undefined): [ControllerState, ControllerEffect[]] {
  const usable = found !== undefined && acceptTopology(state.stored, found).kind === 'accepted';
  const fields = { expected: state.expected?.epoch, found: found?.epoch };
  const message = usable
    ? 'somebody else changed the topology; going on from theirs'
    : 'the store lost the topology; it is made again from the last one';
  return [
    { ...state, phase: 'following', stored: usable ? found : state.stored, expected: found },
    [{ kind: 'log', level: 'warn', fields, message }],
  ];
}

function decide(state: ControllerState, nowMs: number): [ControllerState, ControllerEffect[]] {
  const phase = state.phase === 'gathering' && isGathered(state, nowMs) ? 'following' : state.phase;
  if (phase !== 'following' || nowMs < state.holdUntilMs) return [{ ...state, phase }, []];
  const isRecovery = state.stored?.digest !== state.expected?.digest;
  const topology = nextDocument({ ...state, isRecovery });
  if (topology === undefined) return [{ ...state, phase }, []];
  return [{ ...state, phase: 'publishing' }, [{ kind: 'publish', topology, expected: state.expected }]];
}

function isGathered({ members, gatherUntilMs }: ControllerState, nowMs: number): boolean {
  const known = members.filter(({ status }) => status === 'answering' || status === 'announced').length;
  return known === members.length || (known > 0 && nowMs >= gatherUntilMs);
}

function askDueMembers(state: ControllerState, nowMs: number): [ControllerState, ControllerEffect[]] {
  const isDue = (view: MemberView): boolean => !view.asked && view.nextProbeMs <= nowMs;
  const probes = state.members
    .filter(isDue)
    .map(({ spec }): ControllerEffect => ({ kind: 'probe', id: spec.id, admin: spec.admin }));
  if (probes.length === 0) return [state, probes];
  return [{ ...state, members: state.members.map((view) => (isDue(view) ? { ...view, asked: true } : view)) }, probes];
}

function withMember(state: ControllerState, id: string, change: (view: MemberView) => MemberView): ControllerState {
  return { ...state, members: state.members.map((view) => (view.spec.id === id ? change(view) : view)) };
}
