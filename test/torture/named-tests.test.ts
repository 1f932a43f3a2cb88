// What the tests of a tree are told to have come to: a defence counts as proven by it.
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {endAlone, endOf, runFiles, type Told} from './named-tests.ts';

const root = join(import.meta.dirname, '../..');
const late = 'Error: Test timed out in 20000ms.\nIf this is a long-running test, pass a timeout value';

const told = (status: string, fullName: string, ...failureMessages: string[]): Told => ({
  status,
  fullName,
  failureMessages,
});

test.each([
  ['passed', [told('passed', 'a folder is made once'), told('failed', 'another', 'no')]],
  ['failed', [told('passed', 'a folder is made once'), told('failed', 'x: a folder is made twice', 'no')]],
  ['failed', [told('failed', 'a folder is made once', late), told('failed', 'a folder is made twice', 'no')]],
  ['out of time', [told('failed', 'a folder is made once', late)]],
  ['not run', [told('skipped', 'a folder is made once')]],
  ['not run', [told('passed', 'another')]],
] as const)('tests of a title have %s', (ended, all) => {
  expect(endOf(all, 'a folder is made %s')).toBe(ended);
});

let tree: string;
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'mailferry-named-'));
  mkdirSync(join(tree, 'test'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  cpSync(join(root, 'package.json'), join(tree, 'package.json'));
  const file = (name: string, body: string) =>
    writeFileSync(join(tree, 'test', name), `import {expect, test} from 'vitest';\n${body}`);
  file(
    'one.test.ts',
    "test('adds (one)', () => expect(1 + 1).toBe(2));\ntest('lies', () => expect(1).toBe(2));\n",
  );
  file('two.test.ts', "test('adds (one)', () => expect(1 + 1).toBe(3));\n");
});
afterAll(() => rmSync(tree, {recursive: true, force: true}));

test('tests of a tree are run by file and title', async () => {
  expect(await endAlone(tree, 'one.test.ts', 'lies')).toBe('failed');

  const whole = await runFiles(tree, ['one.test.ts', 'two.test.ts'], 120_000);
  const ends = ['one.test.ts', 'two.test.ts'].map(file => endOf(whole.get(file) ?? [], 'adds (one)'));
  expect(ends).toEqual(['passed', 'failed']);
});
