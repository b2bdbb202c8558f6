import { styleText } from 'node:util';
import { formatAddress, type Address } from '../config/kinds.ts';
import { formatTable } from '../terminal/table.ts';

export interface BannerOptions {
  readonly seconds: number;
  readonly epoch: number;
  readonly http: Address;
  readonly memcached: Address | undefined;
  readonly admin: Address;
  readonly nodes: readonly {
    readonly id: string;
    readonly pid: number | undefined;
    readonly data: Address;
    readonly admin: Address;
  }[];
  readonly stateDir: string;
}

/** What `ringway up` prints when the cluster is ready: what runs where, what to try first, how to stop. */
export function formatBanner(options: BannerOptions): string {
  const { seconds, epoch, http, memcached, admin, nodes, stateDir } = options;
  const bold = (text: string): string => styleText('bold', text);
  const fronts = `http ${formatAddress(http)}${memcached === undefined ? '' : `, memcached ${formatAddress(memcached)}`}`;
  const rows = [
    ['proxy', String(process.pid), `${fronts}, admin ${formatAddress(admin)}`],
    ['controller', String(process.pid), `epoch ${epoch}, state in ${stateDir}`],
    ...nodes.map((node) => [
      node.id,
      String(node.pid ?? '-'),
      `data ${formatAddress(node.data)}, admin ${formatAddress(node.admin)}`,
    ]),
  ];
  const greeting = `http://${formatAddress(http)}/v1/kv/demo/greeting`;
  return [
    `${bold('Ringway is up')} (${seconds.toFixed(1)} s)`,
    '',
    formatTable(['PROCESS', 'PID', 'WHERE'], rows),
    '',
    bold('Try it:'),
    `  curl -X PUT --data-binary 'hello' ${greeting}`,
    `  curl ${greeting}`,
    '',
    `${bold('Look at it:')}  ringway status --admin ${formatAddress(admin)}   http://${formatAddress(admin)}/metrics`,
    `${bold('Stop it:')}     Ctrl-C`,
  ].join('\n');
}
