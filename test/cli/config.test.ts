import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, ExitCode, options, resolveSettings, verbs, type SettingsSources, type Verb } from '@ringway/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringway-config-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function resolve(verb: Verb, flags: SettingsSources['flags'], environment: SettingsSources['environment'] = {}) {
  return resolveSettings(verb, { flags, environment });
}

/** Settings of a verb from a file with this text; errors call the file FILE. */
async function resolveFile(verb: Verb, text: string) {
  const path = join(directory, 'ringway.yaml');
  writeFileSync(path, text);
  try {
    return await resolve(verb, { config: path });
  } catch (error) {
    if (error instanceof CliError) throw new CliError(error.code, error.message.replaceAll(path, 'FILE'));
    throw error;
  }
}

test('every option has a default that its own kind accepts', async () => {
  for (const verb of verbs) await expect(resolve(verb, {})).resolves.toBeDefined();
});

test('no two options of a verb share a name, a flag or a variable', () => {
  for (const verb of verbs) {
    const own = options.filter((option) => option.verbs.includes(verb));
    for (const field of ['name', 'flag', 'env'] as const) {
      expect(new Set(own.map((option) => option[field])).size).toBe(own.length);
    }
  }
});

test('an option is called in code what commander calls its flag', () => {
  for (const { name, flag } of options) {
    expect(name).toBe(flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()));
  }
});

test('a flag wins over a variable, a variable over the file, the file over the default', async () => {
  const path = join(directory, 'order.yaml');
  writeFileSync(path, 'node:\n  memory: 3mb\n  id: from-file\n  data: 127.0.0.1:3\n');
  const settings = await resolve(
    'node',
    { config: path, data: '127.0.0.1:1' },
    { RINGWAY_NODE_DATA: '127.0.0.1:2', RINGWAY_NODE_ID: 'from-variable' },
  );
  expect(settings.address('data')).toEqual({ host: '127.0.0.1', port: 1 });
  expect(settings.text('id')).toBe('from-variable');
  expect(settings.number('memory')).toBe(3 * 1024 * 1024);
  expect(settings.optionalAddress('admin')).toEqual({ host: '127.0.0.1', port: 7511 });
});

test('the file can be named by a variable, and an empty variable is none', async () => {
  const path = join(directory, 'variable.yaml');
  writeFileSync(path, 'up:\n  nodes: 7\n');
  const settings = await resolve('up', {}, { RINGWAY_CONFIG: path, RINGWAY_NODES: '' });
  expect(settings.number('nodes')).toBe(7);
});

test.each([
  ['512mb', 512 * 1024 * 1024],
  ['512 MiB', 512 * 1024 * 1024],
  ['1gib', 1024 ** 3],
  ['1.5mb', 1_572_864],
  ['1025kb', 1_049_600],
  ['2097152', 2_097_152],
  ['1048576b', 1_048_576],
])('%s is a size of %i bytes', async (text, bytes) => {
  expect((await resolve('node', { memory: text })).number('memory')).toBe(bytes);
});

test.each([
  ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
  ['[::1]:8080', { host: '::1', port: 8080 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
])('%s is an address', async (text, address) => {
  expect((await resolve('proxy', { http: text })).address('http')).toEqual(address);
});

test('off switches a listener off', async () => {
  const settings = await resolve('up', { memcached: 'off' });
  expect(settings.optionalAddress('memcached')).toBeUndefined();
});

const badFlags: [Verb, SettingsSources['flags'], string][] = [
  ['node', { memory: '12parsecs' }, '--memory must be a number of bytes such as 512mb, 1gib or 65536, not "12parsecs"'],
  ['node', { memory: '1023kb' }, '--memory must be a size from 1 MiB to 32 GiB, not "1023kb"'],
  ['node', { memory: '33gb' }, '--memory must be a size from 1 MiB to 32 GiB, not "33gb"'],
  ['replay', { valueBytes: '9mb' }, '--value-bytes must be a size from 1 B to 8 MiB, not "9mb"'],
  ['node', { memory: '0' }, '--memory must be a number of bytes such as 512mb, 1gib or 65536, not "0"'],
  ['up', { nodes: '0' }, '--nodes must be a whole number from 1 to 64, not "0"'],
  ['up', { nodes: '2.5' }, '--nodes must be a whole number from 1 to 64, not "2.5"'],
  ['proxy', { http: '8080' }, '--http must be host:port or [ipv6]:port with a port of at most 65535, not "8080"'],
  ['proxy', { http: '::1:80' }, '--http must be host:port or [ipv6]:port with a port of at most 65535, not "::1:80"'],
  ['proxy', { http: 'off' }, '--http must be host:port or [ipv6]:port with a port of at most 65535, not "off"'],
  [
    'proxy',
    { memcached: '127.0.0.1:65536' },
    '--memcached must be host:port or [ipv6]:port with a port of at most 65535, or off, not "127.0.0.1:65536"',
  ],
  ['replay', { url: 'https://x' }, '--url must be an http:// address such as http://127.0.0.1:8080, not "https://x"'],
  ['replay', { format: 'csv' }, '--format must be one of auto, i32be, lis, keys, not "csv"'],
  ['node', { id: '' }, '--id must be some text, not ""'],
  [
    'proxy',
    { config: '/nowhere.yaml' },
    "cannot read the configuration: ENOENT: no such file or directory, open '/nowhere.yaml'",
  ],
];

test.each(badFlags)('%s %o is refused with a reason', async (verb, flags, message) => {
  await expect(resolve(verb, flags)).rejects.toMatchObject({ code: 'CLI_CONFIG', exitCode: ExitCode.usage, message });
});

test('a bad variable is named as the variable', async () => {
  await expect(resolve('up', {}, { RINGWAY_NODES: 'many' })).rejects.toMatchObject({
    message: 'RINGWAY_NODES must be a whole number from 1 to 64, not "many"',
  });
});

test('a required option that is nowhere is named', async () => {
  const settings = await resolve('proxy', {});
  expect(() => settings.text('cluster')).toThrow('--cluster is required');
});

const badFiles: [string, string, string][] = [
  ['a misspelt option', 'node:\n  memroy: 1gb\n', 'FILE:2:3: unknown key node.memroy; did you mean memory?'],
  ['a misspelt section', 'prxoy:\n  http: 127.0.0.1:1\n', 'FILE:1:1: unknown key prxoy; did you mean proxy?'],
  [
    'a key like no other',
    'node:\n  colour: red\n',
    'FILE:2:3: unknown key node.colour; known here: admin, data, id, memory',
  ],
  [
    'a bad value, of whichever verb',
    'replay:\n  connections: 32\nnode:\n  memory:   lots\n',
    'FILE:4:13: node.memory must be a number of bytes such as 512mb, 1gib or 65536, not "lots"',
  ],
  ['a value that is missing', 'node:\n  id:\n', 'FILE:2:6: node.id must be some text, not nothing'],
  [
    'a list for a value',
    'up:\n  nodes: [1, 2]\n',
    'FILE:2:10: up.nodes must be a whole number from 1 to 64, not a list',
  ],
  ['a value for a section', 'node: 3\n', 'FILE:1:7: node must be a section with admin, data, id, memory, not "3"'],
  [
    'a list for the file',
    '- up\n',
    'FILE:1:1: the file must be a section with cluster, insecurePublic, log, node, output, proxy, replay, up, not a list',
  ],
  ['a key given twice', 'up:\n  nodes: 1\n  nodes: 2\n', 'FILE:3:3: not YAML: Map keys must be unique'],
  ['an unclosed quote', 'up:\n  stateDir: "x\n', 'FILE:3:1: not YAML: Missing closing "quote'],
];

test.each(badFiles)('%s in the file is refused with its place', async (_, text, message) => {
  await expect(resolveFile('up', text)).rejects.toMatchObject({ code: 'CLI_CONFIG', message });
});

test.each(['', '# nothing yet\n', 'up:\n', 'up: # defaults\nnode: {}\n'])(
  'the file %j leaves the defaults',
  async (text) => {
    expect((await resolveFile('up', text)).number('nodes')).toBe(3);
  },
);

test('quoted values and switches in the file are read like flags', async () => {
  const settings = await resolveFile('proxy', 'insecurePublic: true\nproxy:\n  http: "0.0.0.0:8080"\n');
  expect(settings.address('http').host).toBe('0.0.0.0');
});

test.each(['0.0.0.0:1', '[::]:1', '192.0.2.7:1', 'example.org:1', '127.0.0.1.example.org:1'])(
  'listening on %s is refused in one line unless it is asked for by name',
  async (address) => {
    const message =
      `--http ${address} can be reached from other machines, and access tokens are not built yet: ` +
      'bind a loopback address such as 127.0.0.1, or add --insecure-public to let everyone in.';
    await expect(resolve('proxy', { http: address })).rejects.toMatchObject({
      code: 'CLI_PUBLIC_ADDRESS',
      exitCode: ExitCode.usage,
      message,
    });
    await expect(resolve('proxy', { http: address, insecurePublic: true })).resolves.toBeDefined();
  },
);

test.each(['127.0.0.1:1', '127.8.9.10:1', '[::1]:1', 'localhost:1'])(
  'listening on %s needs no permission',
  async (address) => {
    await expect(resolve('node', { data: address })).resolves.toBeDefined();
  },
);
