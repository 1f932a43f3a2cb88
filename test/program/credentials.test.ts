// What a mailbox signs in with: a password from wherever it is kept, held to the policy of the run.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {jobsOf} from '../../source/program/start-run.ts';
import {policySentences, secretReferenceOf} from '../../source/request/secret-text.ts';
import {request} from '../check/sample.ts';
import {fakeSystem} from './fake-system.ts';

/** The password of a source mailbox as a run with these options fetches it. */
function passwordOf(text: string, argv: readonly string[]): Promise<string> {
  const parsed = parseCommandLine(['run', 'users.csv', ...argv]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const system = {...fakeSystem({}), env: {P: 'p;w'}};
  const what = request('john', {auth: 'password', secret: secretReferenceOf(text)});
  const [job] = jobsOf([what], {system, signIns: openSignIns(system), ca: [], options: parsed.options});
  const credentials = job?.credentials.source;
  if (credentials?.kind !== 'password') throw new Error('no password');
  return credentials.password(AbortSignal.timeout(10_000)).then(secret => secret.reveal());
}

function newFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mf-credentials-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  writeFileSync(join(folder, 'pw'), text);
  return join(folder, 'pw');
}

test.each([
  ['typed', () => 'p;w'],
  ['in the environment', () => 'env:P'],
  ['in a file', () => `file:${newFile('p;w\n')}`],
  ['printed by a command', () => "cmd:echo 'p;w'"],
])('the strict policy refuses a password %s, the others send it', async (_, reference) => {
  const text = reference();
  await expect(passwordOf(text, ['--password-policy', 'strict'])).rejects.toThrow(policySentences.strict);
  expect(await passwordOf(text, ['--password-policy', 'off'])).toBe('p;w');
  expect(await passwordOf(text, [])).toBe('p;w');
});
