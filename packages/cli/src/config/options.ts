import type { Kind } from './kinds.ts';
import {
  CONNECTIONS_MAX,
  INCARNATION_BYTES,
  MEMORY_BYTES_MAX,
  MEMORY_BYTES_MIN,
  NODES_MAX,
  PORT_MAX,
  REQUESTS_MAX,
  TTL_SECONDS_MAX,
  VALUE_BYTES_MAX,
} from '../limits.ts';

/**
 * The one table of options. Flags, variables, the file, --help and the documentation are all made from it, so that an
 * option has the same name, meaning and default in all of them.
 *
 * A value comes from the first of: the flag, the variable, the file, the default.
 */

export const verbs = ['up', 'node', 'proxy', 'replay', 'status'] as const;
export type Verb = (typeof verbs)[number];

export interface OptionSpec {
  /** What the code calls it; unique within a verb. */
  readonly name: string;
  readonly verbs: readonly Verb[];
  readonly flag: `--${string}`;
  readonly env: `RINGWAY_${string}`;
  /** Dotted path in the file; undefined for what has no place there. */
  readonly yaml: string | undefined;
  readonly kind: Kind;
  /** Text, read like any other value, so that --help can print it as a person would write it. */
  readonly fallback: string | undefined;
  readonly description: string;
}

const address: Kind = { kind: 'address', orOff: false };
const addressOrOff: Kind = { kind: 'address', orOff: true };
const logLevel: Kind = {
  kind: 'choice',
  placeholder: 'level',
  choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
};

export const options: readonly OptionSpec[] = [
  {
    name: 'nodes',
    verbs: ['up'],
    flag: '--nodes',
    env: 'RINGWAY_NODES',
    yaml: 'up.nodes',
    kind: { kind: 'count', min: 1, max: NODES_MAX },
    fallback: '3',
    description: 'how many storage nodes to start, each its own process',
  },
  {
    name: 'http',
    verbs: ['up', 'proxy'],
    flag: '--http',
    env: 'RINGWAY_HTTP',
    yaml: 'proxy.http',
    kind: address,
    fallback: '127.0.0.1:8080',
    description: 'where app servers GET and PUT over HTTP',
  },
  {
    name: 'memcached',
    verbs: ['up', 'proxy'],
    flag: '--memcached',
    env: 'RINGWAY_MEMCACHED',
    yaml: 'proxy.memcached',
    kind: addressOrOff,
    fallback: '127.0.0.1:11211',
    description: 'where memcached clients connect, or off',
  },
  {
    name: 'admin',
    verbs: ['up', 'proxy'],
    flag: '--admin',
    env: 'RINGWAY_ADMIN',
    yaml: 'proxy.admin',
    kind: address,
    fallback: '127.0.0.1:8081',
    description: 'metrics, health and topology of the proxy over HTTP',
  },
  {
    name: 'admin',
    verbs: ['status'],
    flag: '--admin',
    env: 'RINGWAY_ADMIN',
    yaml: 'proxy.admin',
    kind: address,
    fallback: '127.0.0.1:8081',
    description: 'admin address of the proxy to ask',
  },
  {
    name: 'memcachedNamespace',
    verbs: ['up', 'proxy'],
    flag: '--memcached-namespace',
    env: 'RINGWAY_MEMCACHED_NAMESPACE',
    yaml: 'proxy.memcachedNamespace',
    kind: { kind: 'text', placeholder: 'name' },
    fallback: 'default',
    description: 'namespace in which the keys of memcached clients live',
  },
  {
    name: 'memory',
    verbs: ['up', 'node'],
    flag: '--memory',
    env: 'RINGWAY_MEMORY',
    yaml: 'node.memory',
    kind: { kind: 'size', min: MEMORY_BYTES_MIN, max: MEMORY_BYTES_MAX },
    fallback: '512mb',
    description: 'memory for data of each node; 1mb is 1024 x 1024 bytes',
  },
  {
    name: 'nodePort',
    verbs: ['up'],
    flag: '--node-port',
    env: 'RINGWAY_NODE_PORT',
    yaml: 'up.nodePort',
    kind: { kind: 'count', min: 1, max: PORT_MAX },
    fallback: '7411',
    description: 'first port tried for the nodes; their admin ports start 100 higher',
  },
  {
    name: 'stateDir',
    verbs: ['up'],
    flag: '--state-dir',
    env: 'RINGWAY_STATE_DIR',
    yaml: 'up.stateDir',
    kind: { kind: 'text', placeholder: 'directory' },
    fallback: '.ringway',
    description: 'keeps the topology document, so that versions never repeat',
  },
  {
    name: 'data',
    verbs: ['node'],
    flag: '--data',
    env: 'RINGWAY_NODE_DATA',
    yaml: 'node.data',
    kind: address,
    fallback: '127.0.0.1:7411',
    description: 'where the node speaks the memcached protocol',
  },
  {
    name: 'admin',
    verbs: ['node'],
    flag: '--admin',
    env: 'RINGWAY_NODE_ADMIN',
    yaml: 'node.admin',
    kind: addressOrOff,
    fallback: '127.0.0.1:7511',
    description: 'metrics, health and state of the node over HTTP, or off',
  },
  {
    name: 'id',
    verbs: ['node'],
    flag: '--id',
    env: 'RINGWAY_NODE_ID',
    yaml: 'node.id',
    kind: { kind: 'text', placeholder: 'id' },
    fallback: 'node-1',
    description: 'name of the node in the topology document',
  },
  {
    name: 'incarnation',
    verbs: ['node'],
    flag: '--incarnation',
    env: 'RINGWAY_NODE_INCARNATION',
    yaml: undefined,
    kind: { kind: 'hex', digits: 2 * INCARNATION_BYTES },
    fallback: undefined,
    description: 'number of this run of the node, for who announces it; drawn at random without it',
  },
  {
    name: 'cluster',
    verbs: ['node', 'proxy'],
    flag: '--cluster',
    env: 'RINGWAY_CLUSTER',
    yaml: 'cluster.file',
    kind: { kind: 'text', placeholder: 'file' },
    fallback: undefined,
    description: 'topology document to follow',
  },
  {
    name: 'url',
    verbs: ['replay'],
    flag: '--url',
    env: 'RINGWAY_URL',
    yaml: 'replay.url',
    kind: { kind: 'url' },
    fallback: 'http://127.0.0.1:8080',
    description: 'HTTP address of the proxy',
  },
  {
    name: 'connections',
    verbs: ['replay'],
    flag: '--connections',
    env: 'RINGWAY_REPLAY_CONNECTIONS',
    yaml: 'replay.connections',
    kind: { kind: 'count', min: 1, max: CONNECTIONS_MAX },
    fallback: '32',
    description: 'connections, each with one request at a time',
  },
  {
    name: 'valueBytes',
    verbs: ['replay'],
    flag: '--value-bytes',
    env: 'RINGWAY_REPLAY_VALUE_BYTES',
    yaml: 'replay.valueBytes',
    kind: { kind: 'size', min: 1, max: VALUE_BYTES_MAX },
    fallback: '1024',
    description: 'size of the values stored on a miss',
  },
  {
    name: 'namespace',
    verbs: ['replay'],
    flag: '--namespace',
    env: 'RINGWAY_REPLAY_NAMESPACE',
    yaml: 'replay.namespace',
    kind: { kind: 'text', placeholder: 'name' },
    fallback: 'replay',
    description: 'namespace of the keys',
  },
  {
    name: 'ttl',
    verbs: ['replay'],
    flag: '--ttl',
    env: 'RINGWAY_REPLAY_TTL',
    yaml: 'replay.ttl',
    kind: { kind: 'count', min: 1, max: TTL_SECONDS_MAX },
    fallback: undefined,
    description: 'seconds until a stored value expires; without it they do not',
  },
  {
    name: 'limit',
    verbs: ['replay'],
    flag: '--limit',
    env: 'RINGWAY_REPLAY_LIMIT',
    yaml: 'replay.limit',
    kind: { kind: 'count', min: 1, max: REQUESTS_MAX },
    fallback: undefined,
    description: 'stop after that many requests of the trace',
  },
  {
    name: 'format',
    verbs: ['replay'],
    flag: '--format',
    env: 'RINGWAY_REPLAY_FORMAT',
    yaml: 'replay.format',
    kind: { kind: 'choice', placeholder: 'format', choices: ['auto', 'i32be', 'lis', 'keys'] },
    fallback: 'auto',
    description: 'format of the trace, auto going by the name of the file',
  },
  {
    name: 'json',
    verbs: ['replay', 'status'],
    flag: '--json',
    env: 'RINGWAY_JSON',
    yaml: 'output.json',
    kind: { kind: 'flag' },
    fallback: 'false',
    description: 'print one JSON document in place of the table',
  },
  {
    name: 'insecurePublic',
    verbs: ['up', 'node', 'proxy'],
    flag: '--insecure-public',
    env: 'RINGWAY_INSECURE_PUBLIC',
    yaml: 'insecurePublic',
    kind: { kind: 'flag' },
    fallback: 'false',
    description: 'listen where others can reach it although nothing asks them who they are',
  },
  {
    name: 'logLevel',
    verbs: ['node', 'proxy'],
    flag: '--log-level',
    env: 'RINGWAY_LOG_LEVEL',
    yaml: 'log.level',
    kind: logLevel,
    fallback: 'info',
    description: 'least severe line that is logged',
  },
  {
    name: 'logLevel',
    verbs: ['up'],
    flag: '--log-level',
    env: 'RINGWAY_LOG_LEVEL',
    yaml: 'log.level',
    kind: logLevel,
    fallback: 'warn',
    description: 'least severe line that is logged',
  },
  {
    name: 'config',
    verbs,
    flag: '--config',
    env: 'RINGWAY_CONFIG',
    yaml: undefined,
    kind: { kind: 'text', placeholder: 'file' },
    fallback: undefined,
    description: 'YAML file with any of these options',
  },
];

export function optionsOf(verb: Verb): OptionSpec[] {
  return options.filter((option) => option.verbs.includes(verb));
}
