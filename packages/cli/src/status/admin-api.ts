import { CliError } from '../errors.ts';
import { ADMIN_TIMEOUT_MS } from '../limits.ts';

/** What a proxy knows of the cluster, from its admin API. */
export interface ProxyView {
  readonly cluster: string;
  readonly epoch: number;
  readonly partitions: number;
  readonly members: readonly ProxyMember[];
}

export interface ProxyMember {
  readonly id: string;
  readonly state: string;
  readonly incarnation: string;
  /** host:port */
  readonly data: string;
  readonly admin: string;
  /** Partitions it is primary of. */
  readonly partitions: number;
  /** The proxy's own verdict. */
  readonly health: string;
}

/** What a node says of itself, from its admin API. */
export interface NodeView {
  readonly incarnation: string;
  readonly admitted: boolean;
  readonly epoch: number;
  readonly items: number;
  readonly memoryUsedBytes: number;
  readonly memoryLimitBytes: number;
}

/**
 * @param admin host:port of a proxy's admin listener
 * @returns undefined when it answers but has no topology yet
 * @throws {CliError} CLI_UNREACHABLE when nothing answers, or something else does
 */
export async function fetchProxyView(admin: string): Promise<ProxyView | undefined> {
  const { status, body } = await getJson(`http://${admin}/v1/topology`).catch((error: unknown) => {
    throw new CliError(
      'CLI_UNREACHABLE',
      `cannot reach a proxy at ${admin} (${reasonOf(error)}). Is it running? Try: ringway up`,
    );
  });
  if (status === 503) return undefined;
  const members = status === 200 ? body.list('members') : undefined;
  if (members === undefined) {
    throw new CliError(
      'CLI_UNREACHABLE',
      `what answers at ${admin} is not the admin API of a proxy (status ${status})`,
    );
  }
  return {
    cluster: body.text('cluster'),
    epoch: body.number('epoch'),
    partitions: body.number('partitions'),
    members: members.map((member) => ({
      id: member.text('id'),
      state: member.text('state'),
      incarnation: member.text('incarnation'),
      data: member.text('data'),
      admin: member.text('admin'),
      partitions: member.number('partitions'),
      health: member.text('health'),
    })),
  };
}

/** @returns undefined when the node does not answer */
export async function fetchNodeView(admin: string): Promise<NodeView | undefined> {
  const answer = await getJson(`http://${admin}/v1/state`).catch(() => undefined);
  if (answer?.status !== 200) return undefined;
  const { body } = answer;
  return {
    incarnation: body.text('incarnation'),
    admitted: body.flag('admitted'),
    epoch: body.number('epoch'),
    items: body.number('items'),
    memoryUsedBytes: body.object('memory').number('usedBytes'),
    memoryLimitBytes: body.object('memory').number('limitBytes'),
  };
}

async function getJson(url: string): Promise<{ status: number; body: Fields }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS), redirect: 'manual' });
  const text = await response.text();
  return { status: response.status, body: new Fields(parseOr(text)) };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch hides the system's error in the cause of a "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

/** Fields of a JSON object of another process: what is missing or of another type reads as empty, and does not throw. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#fields = typeof value === 'object' && value !== null ? { ...value } : {};
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : '';
  }

  number(name: string): number {
    const value = this.#fields[name];
    return typeof value === 'number' ? value : 0;
  }

  flag(name: string): boolean {
    return this.#fields[name] === true;
  }

  object(name: string): Fields {
    return new Fields(this.#fields[name]);
  }

  list(name: string): Fields[] | undefined {
    const value = this.#fields[name];
    return Array.isArray(value) ? value.map((item) => new Fields(item)) : undefined;
  }
}
