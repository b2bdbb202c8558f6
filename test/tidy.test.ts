import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** The house rules that a compiler does not hold. Each failure names the file and what to do. */

const root = resolve(import.meta.dirname, '..');

/** design: which way the arrows point. `node` stands for node: builtins; the rest are package names. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  ring: [],
  protocol: [],
  client: ['node', '@ringway/protocol'],
  node: ['node', '@ringway/ring', '@ringway/protocol', '@ringway/client', 'fastify', 'prom-client'],
  cluster: ['node', '@ringway/ring'],
  proxy: ['node', '@ringway/ring', '@ringway/protocol', '@ringway/client', 'fastify', 'prom-client'],
  cli: [
    'node',
    '@ringway/ring',
    '@ringway/node',
    '@ringway/cluster',
    '@ringway/proxy',
    'commander',
    'pino',
    'undici',
    'yaml',
  ],
};

/** Code without clock, chance, timer or environment: they arrive as arguments. */
const PURE = [
  'packages/ring/src/',
  'packages/protocol/src/',
  'packages/node/src/engine/',
  'packages/proxy/src/health/',
  'packages/cluster/src/controller/step.ts',
];
const IMPURE_CALLS =
  /\b(?:Date\.now|new Date|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|queueMicrotask|process\.)/;

const LINES_MAX = 500;
const BANNED_NAMES = /^(?:utils?|helpers?|common|misc|types)\.ts$/;
/** Files that something other than an import runs. */
const ENTRIES = [
  /^packages\/[^/]+\/src\/index\.ts$/,
  /^packages\/node\/src\/engine\/index\.ts$/,
  /^packages\/cli\/src\/main\.ts$/,
  /^bench\/src\/main\.ts$/,
  /\.test\.ts$/,
  /^vitest\.config\.ts$/,
];

const sources = ['packages', 'test', 'bench', 'scripts']
  .flatMap(filesBelow)
  .filter((path) => /\.(?:ts|mjs|js)$/.test(path));
const textOf = new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const packageSources = sources.filter((path) => /^packages\/[^/]+\/src\//.test(path));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(path: string): string[] {
  const text = textOf.get(path) ?? '';
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'|new URL\(\s*'(\.[^']+)'\s*,\s*import\.meta\.url/g,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
}

test('packages import only what the architecture allows', () => {
  const wrong: string[] = [];
  for (const path of packageSources) {
    const own = path.split('/')[1] ?? '';
    for (const specifier of importsOf(path)) {
      if (specifier.startsWith('.')) {
        if (!resolve(root, dirname(path), specifier).startsWith(join(root, 'packages', own)))
          wrong.push(`${path}: ${specifier} leaves the package`);
        continue;
      }
      const name = specifier.startsWith('node:')
        ? 'node'
        : specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/');
      if (!MAY_IMPORT[own]?.includes(name)) wrong.push(`${path}: may not import ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('inside a package files are imported, never the index', () => {
  const wrong = packageSources.flatMap((path) =>
    importsOf(path)
      .filter((specifier) => /^\.\.?\/(?:.*\/)?index\.ts$/.test(specifier))
      .filter(() => !path.endsWith('index.ts'))
      .map((specifier) => `${path}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('the engine imports nothing outside its folder', () => {
  const wrong = packageSources
    .filter((path) => path.startsWith('packages/node/src/engine/'))
    .flatMap((path) =>
      importsOf(path)
        .filter(
          (specifier) =>
            !specifier.startsWith('.') ||
            !resolve(root, dirname(path), specifier).startsWith(join(root, 'packages/node/src/engine')),
        )
        .map((specifier) => `${path}: ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test('tests and benches use public exports only', () => {
  const wrong = sources
    .filter((path) => /^(?:test|bench)\//.test(path))
    .flatMap((path) =>
      importsOf(path)
        .filter((specifier) => /packages\/[^/]+\/src\//.test(specifier))
        .map((specifier) => `${path}: ${specifier}`),
    );
  expect(wrong).toEqual([]);
});

test('pure code calls no clock, chance or timer', () => {
  const wrong = packageSources
    .filter((path) => PURE.some((prefix) => path.startsWith(prefix)))
    .flatMap((path) => linesMatching(path, IMPURE_CALLS));
  expect(wrong).toEqual([]);
});

test('files are small and named after an idea', () => {
  const wrong = sources.flatMap((path) => {
    const lines = (textOf.get(path) ?? '').split('\n').length - 1;
    const name = path.split('/').at(-1) ?? '';
    return [
      ...(lines > LINES_MAX ? [`${path}: ${lines} lines, at most ${LINES_MAX}`] : []),
      ...(BANNED_NAMES.test(name) ? [`${path}: name it after its idea`] : []),
    ];
  });
  expect(wrong).toEqual([]);
});

test('an index is a list: no logic, no export *', () => {
  const wrong = packageSources
    .filter((path) => path.endsWith('/index.ts'))
    .flatMap((path) => linesMatching(path, /export \*|=>|function |class |const /));
  expect(wrong).toEqual([]);
});

test('every file is reached from an entry', () => {
  const reached = new Set<string>();
  const queue = sources.filter((path) => ENTRIES.some((entry) => entry.test(path)) || !path.endsWith('.ts'));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const specifier of importsOf(path)) {
      if (specifier.startsWith('.')) queue.push(relative(root, resolve(root, dirname(path), specifier)));
    }
  }
  expect(sources.filter((path) => !reached.has(path))).toEqual([]);
});

test('no test is skipped or run alone without saying why', () => {
  const wrong = sources
    .filter((path) => path.endsWith('.test.ts'))
    .flatMap((path) => linesMatching(path, /\b(?:test|it|describe)\.(?:skip|only|todo)\(/));
  expect(wrong).toEqual([]);
});

test('the lockfile and .npmrc name no host', () => {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const lines = lockfile.split('\n').filter((line) => /(?:tarball|registry|resolved):.*https?:/.test(line));
  expect(lines).toEqual([]);
  expect(statSync(join(root, '.npmrc'), { throwIfNoEntry: false })).toBeUndefined();
});

function linesMatching(path: string, pattern: RegExp): string[] {
  return (textOf.get(path) ?? '')
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && pattern.test(line))
    .map(({ line, number }) => `${path}:${number}: ${line.trim()}`);
}
