import { formatTable } from '../terminal/table.ts';
import { formatBytes, formatCount, formatRatio } from '../terminal/units.ts';
import type { NodeView, ProxyView } from './admin-api.ts';

/** The state of a cluster, as printed by --json. */
export interface StatusReport {
  readonly healthy: boolean;
  /** What is not as it should be, a sentence each. */
  readonly problems: readonly string[];
  readonly cluster: string;
  readonly epoch: number;
  readonly members: readonly MemberStatus[];
}

export interface MemberStatus {
  readonly id: string;
  readonly state: string;
  readonly data: string;
  readonly admin: string;
  /** Of all partitions, 0 to 1. */
  readonly share: number;
  /** As the asked proxy sees it. */
  readonly health: string;
  /** What the node says of itself; null when it does not answer. */
  readonly node: NodeView | null;
}

/** @param nodes what each member says of itself, by id; missing when it does not answer */
export function assessCluster(view: ProxyView, nodes: ReadonlyMap<string, NodeView>): StatusReport {
  const problems = view.members.flatMap((member) => {
    const node = nodes.get(member.id);
    return [
      member.state === 'active' ? undefined : `${member.id} is ${member.state} in the topology`,
      member.health === 'up' ? undefined : `${member.id} is ${member.health} for this proxy`,
      ...(node === undefined
        ? [`${member.id} does not answer at ${member.admin}`]
        : problemsOfNode(member.id, node, member.incarnation, view.epoch)),
    ].filter((problem) => problem !== undefined);
  });
  return {
    healthy: problems.length === 0,
    problems,
    cluster: view.cluster,
    epoch: view.epoch,
    members: view.members.map(({ id, state, data, admin, partitions, health }) => ({
      id,
      state,
      data,
      admin,
      share: view.partitions === 0 ? 0 : partitions / view.partitions,
      health,
      node: nodes.get(id) ?? null,
    })),
  };
}

function problemsOfNode(id: string, node: NodeView, incarnation: string, epoch: number): string[] {
  if (node.incarnation !== incarnation) return [`${id} was started again and is not admitted yet`];
  if (!node.admitted) return [`${id} is not admitted`];
  return node.epoch === epoch ? [] : [`${id} goes by epoch ${node.epoch}, this proxy by ${epoch}`];
}

/** The report for people. */
export function formatStatus(report: StatusReport): string {
  const headings = ['ID', 'STATE', 'ADDRESS', 'SHARE', 'HEALTH', 'ITEMS', 'MEMORY'];
  const rows = report.members.map(({ id, state, data, share, health, node }) => [
    id,
    state,
    data,
    formatRatio(share, 1),
    health,
    node === null ? '-' : formatCount(node.items),
    node === null ? '-' : `${formatBytes(node.memoryUsedBytes)} of ${formatBytes(node.memoryLimitBytes)}`,
  ]);
  return [
    `cluster ${report.cluster}, epoch ${report.epoch}: ${report.healthy ? 'healthy' : 'degraded'}`,
    '',
    formatTable(headings, rows, new Set(['SHARE', 'ITEMS', 'MEMORY'])),
    ...(report.healthy ? [] : ['', ...report.problems.map((problem) => `! ${problem}`)]),
  ].join('\n');
}
