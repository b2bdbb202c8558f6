import { formatAddress } from '../config/kinds.ts';
import type { Settings } from '../config/settings.ts';
import { ExitCode } from '../exit-code.ts';
import { fetchNodeView, fetchProxyView, type NodeView } from '../status/admin-api.ts';
import { assessCluster, formatStatus } from '../status/assess.ts';

/** Asks a proxy for the members, and each member for itself. */
export async function runStatus(settings: Settings): Promise<ExitCode> {
  const admin = formatAddress(settings.address('admin'));
  const view = await fetchProxyView(admin);
  if (view === undefined) {
    console.error(`ringway: the proxy at ${admin} has no topology yet`);
    return ExitCode.degraded;
  }
  const nodes = new Map<string, NodeView>();
  await Promise.all(
    view.members.map(async (member) => {
      const node = await fetchNodeView(member.admin);
      if (node !== undefined) nodes.set(member.id, node);
    }),
  );
  const report = assessCluster(view, nodes);
  console.log(settings.flag('json') ? JSON.stringify(report, undefined, 2) : formatStatus(report));
  return report.healthy ? ExitCode.ok : ExitCode.degraded;
}
