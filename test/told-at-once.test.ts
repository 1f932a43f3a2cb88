// On a build machine tests are asked again: a tree of its own, with this one's configuration, says which.
import {execFile} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';

const root = join(import.meta.dirname, '..');

/** Each of them does not pass before its second try. */
const body = `import {describe, expect, test} from 'vitest';
let [asserted, waited, both] = [0, 0, 0];
describe('mail', () => {
  test('is doubled once', () => expect(asserted++).toBe(1));
  test('is waited for in vain once', () => {
    if (waited++ === 0) throw new Error('mailferry run did not end within 1 ms');
  });
  test('is doubled, and then something else goes wrong, once', () => {
    expect.soft(both).toBe(1);
    if (both++ === 0) throw new Error('The connection closed');
  });
});
`;

let tree: string;
beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'mailferry-retries-'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const file of ['package.json', 'vitest.config.ts']) cpSync(join(root, file), join(tree, file));
  for (const folder of ['engine/copy', 'torture', 'wizard']) {
    mkdirSync(join(tree, 'test', folder), {recursive: true});
    writeFileSync(join(tree, 'test', folder, 'one.test.ts'), body);
  }
  for (const file of ['setup.ts', 'states.ts', 'told-at-once.ts'])
    cpSync(join(root, 'test', file), join(tree, 'test', file));
});
afterAll(() => rmSync(tree, {recursive: true, force: true}));

type Outcome = {
  testResults: {name: string; assertionResults: {title: string; status: string}[]}[];
};

/** How each ended, in their order, by folder. @param ci as MAILFERRY_CI is set */
async function ends(ci: string | undefined): Promise<Record<string, string[]>> {
  const {MAILFERRY_CI: _, CI: __, ...env} = process.env;
  const outcome = join(tree, 'outcome.json');
  // In one worker: what holds for the first file holds for the next.
  const options = ['--maxWorkers', '1', '--reporter', 'json', '--outputFile', outcome];
  await new Promise(resolve => {
    execFile(
      process.execPath,
      [join(tree, 'node_modules/vitest/vitest.mjs'), 'run', ...options],
      {cwd: tree, env: {...env, ...(ci === undefined ? {} : {MAILFERRY_CI: ci})}, timeout: 120_000},
      resolve,
    );
  });
  const {testResults} = JSON.parse(readFileSync(outcome, 'utf8')) as Outcome;
  return Object.fromEntries(
    testResults.map(({name, assertionResults}) => [
      name.slice(join(tree, 'test/').length, -'/one.test.ts'.length),
      assertionResults.map(({status}) => status),
    ]),
  );
}

test('on a build machine what an assertion about mail found is not asked again', async () => {
  expect(await ends('1')).toEqual({
    'engine/copy': ['failed', 'passed', 'failed'],
    torture: ['failed', 'passed', 'failed'],
    wizard: ['passed', 'passed', 'passed'],
  });
});

test('at a desk nothing is asked again', async () => {
  const failed = ['failed', 'failed', 'failed'];
  expect(await ends(undefined)).toEqual({'engine/copy': failed, torture: failed, wizard: failed});
});
