import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const workspace = fileURLToPath(new URL('../../', import.meta.url));

/**
 * A workspace of its own for each test: the real scripts, no packages, and an `npx` that stands for the package manager.
 * It writes down what it was asked and, if told to, brings a "pinned Node" as an install does.
 */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringway-install-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'packages/cli'), { recursive: true });
  cpSync(join(workspace, 'scripts'), join(root, 'scripts'), { recursive: true });
  cpSync(join(workspace, 'packages/cli/bin'), join(root, 'packages/cli/bin'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'packages/cli/package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'pnpm-lock.yaml'), 'lockfileVersion: 9\n');
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages: []\n');
  mkdirSync(join(root, 'packages/cli/src'));
  writeFileSync(
    join(root, 'packages/cli/src/main.ts'),
    'export function main(args: string[]): void { console.log(JSON.stringify({ args, node: process.version, path: process.env["PATH"] })); process.exit(7); }',
  );
});
afterEach(() => rmSync(root, { recursive: true }));

const bringNode = `mkdir -p node_modules/.bin && ln -sf '${process.execPath}' node_modules/.bin/node`;

/** Stands for the package manager. */
function npx(script: string): void {
  const path = join(root, 'bin/npx');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> '${join(root, 'npx.log')}'\n${script}\n`);
  chmodSync(path, 0o755);
}

function withInstall(...args: string[]) {
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  return spawnSync(process.execPath, [join(root, 'scripts/with-install.mjs'), ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env,
  });
}

function installs(): number {
  const log = join(root, 'npx.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
}

test('the first run installs with a frozen lockfile, says so, and runs the command on the pinned Node', () => {
  npx(bringNode);
  const { status, stdout, stderr } = withInstall('ringway', 'up', '--nodes', '2');
  expect(readFileSync(join(root, 'npx.log'), 'utf8')).toBe('--yes pnpm@12.21.0 install --frozen-lockfile\n');
  expect(stderr).toMatch(/^ringway: installing dependencies .*\nringway: installed in \d+\.\d s\n$/);
  const seen = JSON.parse(stdout) as { args: string[]; node: string; path: string };
  expect(seen.args).toEqual(['up', '--nodes', '2']);
  expect(seen.node).toBe(process.version);
  expect(seen.path.split(':')[0]).toBe(join(root, 'node_modules/.bin'));
  expect(status).toBe(7);
});

test('a second run installs nothing and says nothing', () => {
  npx(bringNode);
  withInstall('ringway');
  expect(withInstall('ringway')).toMatchObject({ status: 7, stderr: '' });
  expect(installs()).toBe(1);
});

test.each(['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'packages/cli/package.json'])(
  'a change of %s installs again',
  (file) => {
    npx(bringNode);
    withInstall('ringway');
    writeFileSync(join(root, file), `${readFileSync(join(root, file), 'utf8')}\n`);
    expect(withInstall('ringway').status).toBe(7);
    expect(installs()).toBe(2);
  },
);

test('an install without the pinned Node is not believed', () => {
  npx(bringNode);
  withInstall('ringway');
  rmSync(join(root, 'node_modules/.bin/node'));
  expect(withInstall('ringway').status).toBe(7);
  expect(installs()).toBe(2);
});

test('a failed install ends with its exit code, and the next run tries again', () => {
  npx('exit 3');
  expect(withInstall('ringway')).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('the install failed (exit code 3)'),
  });
  npx(bringNode);
  expect(withInstall('ringway').status).toBe(7);
});

test('a command that is neither ours nor vitest is looked for among the installed ones', () => {
  npx(
    `${bringNode} && printf '#!/bin/sh\\necho found "$@"\\n' > node_modules/.bin/tool && chmod +x node_modules/.bin/tool`,
  );
  expect(withInstall('tool', 'a', 'b')).toMatchObject({ status: 0, stdout: 'found a b\n' });
  expect(withInstall('other')).toMatchObject({ status: 1, stderr: expect.stringMatching(/cannot run .*other/) });
});

test('no command is a usage error', () => {
  expect(withInstall()).toMatchObject({ status: 2, stderr: expect.stringContaining('usage:') });
});

test('signals are passed on, and the wrapper does not end before the command', async () => {
  npx(bringNode);
  writeFileSync(
    join(root, 'packages/cli/src/main.ts'),
    `export function main(): void {
      process.on('SIGINT', () => console.log('interrupted'));
      process.on('SIGTERM', () => { console.log('done'); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log('ready');
    }`,
  );
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  const wrapper = spawn(process.execPath, [join(root, 'scripts/with-install.mjs'), 'ringway'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => wrapper.on('exit', resolve));
  let seen = '';
  wrapper.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  await vi.waitFor(() => expect(seen).toContain('ready'), { timeout: 10_000 });
  wrapper.kill('SIGINT');
  await vi.waitFor(() => expect(seen).toContain('interrupted'));
  wrapper.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(seen).toBe('ready\ninterrupted\ndone\n');
});

test('under npm the command ends with the shell that npm put in between', async () => {
  npx(bringNode);
  writeFileSync(
    join(root, 'packages/cli/src/main.ts'),
    `export function main(): void {
      process.on('SIGTERM', () => { console.log('done'); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log('ready');
    }`,
  );
  const script = `'${process.execPath}' '${join(root, 'scripts/with-install.mjs')}' ringway; true`;
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}`, npm_lifecycle_event: 'start' };
  const shell = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let seen = '';
  shell.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  await vi.waitFor(() => expect(seen).toContain('ready'), { timeout: 10_000 });
  shell.kill('SIGKILL');
  await vi.waitFor(() => expect(seen).toContain('done'), { timeout: 5_000 });
});

test('a command that a signal ended gives the exit code of that signal', () => {
  npx(bringNode);
  writeFileSync(
    join(root, 'packages/cli/src/main.ts'),
    "export function main(): void { process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000); }",
  );
  expect(withInstall('ringway').status).toBe(137);
});

/** The Node a machine has by itself may be older than what we need; the shim then starts over on the pinned one. */
const olderNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
  if (!existsSync(path)) return false;
  return Number.parseInt(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.slice(1), 10) < 24;
});

test.skipIf(olderNode === undefined)('on an older Node the command starts over on the pinned one', () => {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  const shim = join(root, 'packages/cli/bin/ringway.js');
  const { status, stdout } = spawnSync(olderNode ?? '', [shim, 'up'], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject({ args: ['up'], node: process.version });
  expect(status).toBe(7);
});

test.skipIf(olderNode === undefined)('on an older Node without an install the command says what to do', () => {
  const shim = join(root, 'packages/cli/bin/ringway.js');
  expect(spawnSync(olderNode ?? '', [shim, 'up'], { encoding: 'utf8' })).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /^ringway: needs Node 24 or newer, and this is v\d+\.\d+\.\d+\. Run "npm start" .*\n$/,
    ),
  });
});
