// Runs a command of this workspace on the pinned Node, after an install if what is installed is not what is written down.
//
//   node scripts/with-install.mjs ringway up
//   node scripts/with-install.mjs vitest run test/ring
//
// Plain JavaScript without dependencies: it runs before anything is installed, on any Node from 20 on. When nothing
// has changed it costs one hash of a dozen small files.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { become, binaryDirectory, findPinnedNode, workspaceRoot } from '../packages/cli/bin/pinned-node.js';

const PNPM = 'pnpm@12.21.0';

/** Commands started without the shell script in between that .bin would put there. */
const entryPoints = {
  ringway: 'packages/cli/bin/ringway.js',
  vitest: 'node_modules/vitest/vitest.mjs',
};

/** Holds the hash of everything the last install was made from. */
const recordPath = join(workspaceRoot, 'node_modules', '.ringway-install');

const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail(2, 'usage: node scripts/with-install.mjs <command> [arguments]');

const inputs = hashOfInputs();
if (!isCurrent(inputs)) install(inputs);

const env = { ...process.env, PATH: binaryDirectory + delimiter + (process.env.PATH ?? '') };
const entryPoint = entryPoints[command];
if (entryPoint === undefined) become(join(binaryDirectory, command), args, env);
else become(findPinnedNode(), [join(workspaceRoot, entryPoint), ...args], env);

/** @returns {string} a hash of the lockfile, the workspace file and every manifest */
function hashOfInputs() {
  const packages = readdirSync(join(workspaceRoot, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `packages/${entry.name}`);
  const manifests = ['.', ...packages, 'test', 'bench'].map((directory) => join(directory, 'package.json'));
  const hash = createHash('sha256');
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.toSorted()]) {
    const file = join(workspaceRoot, path);
    if (existsSync(file)) hash.update(`${path}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} wanted */
function isCurrent(wanted) {
  return findPinnedNode() !== undefined && existsSync(recordPath) && readFileSync(recordPath, 'utf8').trim() === wanted;
}

/** @param {string} wanted hash recorded once the install has succeeded */
function install(wanted) {
  const startedMs = performance.now();
  console.error('ringway: installing dependencies (the first time takes about 20 seconds) ...');
  const { status, signal, error } = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
    cwd: workspaceRoot,
    stdio: 'inherit',
  });
  if (error !== undefined) fail(1, `cannot run npx, which comes with npm: ${error.message}`);
  if (signal !== null) fail(130, `the install was stopped by ${signal}`);
  if (status !== 0) fail(status ?? 1, `the install failed (exit code ${status}); what pnpm printed above says why`);
  if (findPinnedNode() === undefined) fail(1, 'the install did not bring the pinned Node (node_modules/.bin/node)');
  writeFileSync(recordPath, `${wanted}\n`);
  console.error(`ringway: installed in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
}

/**
 * @param {number} code
 * @param {string} message
 * @returns {never}
 */
function fail(code, message) {
  console.error(`ringway: ${message}`);
  process.exit(code);
}
