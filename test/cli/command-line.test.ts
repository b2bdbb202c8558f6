import { readCommandLine, verbs } from '@ringway/cli';
import { expect, test } from 'vitest';
import { runCommand } from './command.ts';

test.each([['ringway', []], ...verbs.map((verb) => [verb, [verb]] as [string, string[]])] as [string, string[]][])(
  'the help of %s is what it was',
  async (name, args) => {
    const { code, stdout, stderr } = runCommand([...args, '--help']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`help/${name}.txt`);
  },
);

test('a command line that is right is read without help', async () => {
  expect(
    await readCommandLine(['up', '--nodes', '2', '--http=127.0.0.1:1', '--insecure-public', '--nodes', '4']),
  ).toEqual({
    verb: 'up',
    argument: undefined,
    flags: { nodes: '4', http: '127.0.0.1:1', insecurePublic: true },
  });
  expect(await readCommandLine(['replay', '--json', 'a.lis', '--limit', '3'])).toEqual({
    verb: 'replay',
    argument: 'a.lis',
    flags: { json: true, limit: '3' },
  });
});

test('--version prints the version', () => {
  expect(runCommand(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  ['no command', [], /^Usage: ringway/],
  ['a command that does not exist', ['stats'], /^error: unknown command 'stats'\n\(Did you mean status\?\)/],
  ['a flag that does not exist', ['up', '--node', '3'], /^error: unknown option '--node'\n\(Did you mean --nodes\?\)/],
  [
    'a flag without its value',
    ['up', '--nodes'],
    /^error: option '--nodes <n>' argument missing\nTry: ringway up --help/,
  ],
  ['an argument too many', ['up', 'three'], /^error: too many arguments for 'up'. Expected 0 arguments but got 1/],
  ['an argument that is missing', ['replay'], /^error: missing required argument 'trace'/],
  ['a bad value', ['up', '--nodes', 'three'], /^ringway: --nodes must be a whole number from 1 to 64, not "three"\n$/],
  [
    'a public address',
    ['node', '--data', '0.0.0.0:0'],
    /^ringway: --data 0\.0\.0\.0:0 can be reached .*--insecure-public.*\n$/,
  ],
])('%s ends with exit code 2 and says why', (_, args, message) => {
  const { code, stdout, stderr } = runCommand(args);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a replay against nothing ends with exit code 3 and says what to do', () => {
  const { code, stderr } = runCommand(['replay', anyFile, '--format', 'keys', '--url', 'http://127.0.0.1:1']);
  expect(stderr).toBe('ringway: cannot reach http://127.0.0.1:1 (ECONNREFUSED). Is it running? Try: ringway up\n');
  expect(code).toBe(3);
});

test('a replay of nothing ends with exit code 1 and names the file', () => {
  expect(runCommand(['replay', '/nowhere/x.lis'])).toEqual({
    code: 1,
    stdout: '',
    stderr: "ringway: /nowhere/x.lis: cannot be read: ENOENT: no such file or directory, open '/nowhere/x.lis'\n",
  });
});

/** Any file that exists. */
const anyFile = process.execPath;
