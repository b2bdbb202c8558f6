#!/usr/bin/env node
// The door of the ringway command. It runs on any Node: on one that cannot run TypeScript it starts over on the pinned one.
import { accessSync, constants, mkdirSync } from 'node:fs';
import * as module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { become, findPinnedNode, NODE_MAJOR_MIN, workspaceRoot } from './pinned-node.js';

const major = Number.parseInt(process.versions.node, 10);

if (major >= NODE_MAJOR_MIN) {
  // Compiled code is kept on disk, so that types are stripped once and not at every start.
  module.enableCompileCache(compileCacheDirectory());
  const { main } = await import('../src/main.ts');
  await main(process.argv.slice(2));
} else {
  startOver();
}

function startOver() {
  const node = findPinnedNode();
  if (node === undefined) {
    console.error(
      `ringway: needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}. ` +
        'Run "npm start" in the workspace once: it installs the right one beside the code.',
    );
    process.exit(2);
  }
  become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}

/** In the workspace where it can be written, so that deleting .cache deletes it; else among the temporary files. */
function compileCacheDirectory() {
  const directory = join(workspaceRoot, '.cache', 'compile');
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return directory;
  } catch {
    return join(tmpdir(), 'ringway-compile-cache');
  }
}
