import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {endingOf} from '../../source/program/endings.ts';
import type {LineOutput} from '../../source/program/face.ts';
import {openHistory} from '../../source/program/history.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {runLines} from '../../source/program/run-command.ts';
import type {System} from '../../source/program/system.ts';
import {fakeSystem} from './fake-system.ts';
import {fakeTerminal} from './fake-terminal.ts';

/** As `run users.csv` with nothing to copy. */
function runIn(
  root: string,
  system: System,
  argv: readonly string[],
  {output = 'plain', advice = []}: {readonly output?: LineOutput; readonly advice?: readonly string[]} = {},
): Promise<number> {
  const places = placesOf({state: root, reports: join(root, 'reports')}, root);
  const parsed = parseCommandLine(['run', 'users.csv', ...argv]);
  if (!parsed.ok) throw new Error(parsed.problem);
  return runLines({requests: [], from: 'users.csv', advice, notes: []}, output, {
    ...{options: parsed.options, given: parsed.given, places, system, ca: []},
    ...{history: openHistory(places.state, places.command), signIns: openSignIns(system)},
  });
}

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  return root;
}

test.each(['n\r', '\r', '\u0003'])('who does not start it (%j) has stopped it', async keys => {
  const root = newRoot();
  const {system, keyboard, shown} = fakeTerminal();
  const run = runIn(root, system, []).catch((error: unknown) => error);
  keyboard.write(keys);
  expect(endingOf(await run)).toMatchObject({exitCode: 130, words: 'Not started; nothing was copied.'});
  expect(shown()).toContain('Copy 0 mailboxes? [y/N] ');
  expect(readdirSync(root)).toEqual([]);
});

test('who stops a run that has ended is told so', async () => {
  const heard: ((signal: 'INT') => void)[] = [];
  const told: string[] = [];
  const out = (write: (text: string) => void) => ({write}) as unknown as NodeJS.WriteStream;
  const system: System = {
    ...fakeSystem({}),
    onStopSignal: listener => {
      heard.push(listener);
      return () => undefined;
    },
    passed: point => {
      if (point === 'journal-closed') for (const listener of heard) listener('INT');
    },
    stdout: out(() => undefined),
    stderr: out(text => told.push(text)),
  };
  await runIn(newRoot(), system, ['--yes']);
  expect(told).toEqual(['The run has ended; its report is being finished.\n']);
});

test.each([
  [true, /^The terminal is gone, the run goes on to its end and its report\.\n$/],
  [false, /^The terminal is gone, the run goes on: mailferry attach [-\d]+-users --state \S+\n$/],
])(
  'whose terminal is gone is told how to watch the run only where that can be (dry run: %s)',
  async (dryRun, said) => {
    const heard: ((signal: 'HUP') => void)[] = [];
    const told: string[] = [];
    const out = (write: (text: string) => void) => ({write}) as unknown as NodeJS.WriteStream;
    const system = {
      ...fakeSystem({}),
      onStopSignal: (listener: (signal: 'HUP') => void) => {
        heard.push(listener);
        return () => undefined;
      },
      stdout: out(text => {
        if (text.startsWith('Report: ')) for (const listener of heard) listener('HUP');
      }),
      stderr: out(text => told.push(text)),
    };
    await runIn(newRoot(), system, ['--yes', ...(dryRun ? ['--dry-run'] : [])]);
    expect(told).toEqual([expect.stringMatching(said)]);
  },
);

test.each([
  ['plain', 'users.csv:2: advice: nothing needs to change\n'],
  ['quiet', ''],
] as const)('%s says of a file that can be run as it is: %j', async (output, said) => {
  const told: string[] = [];
  const system = {
    ...fakeSystem({}),
    stdout: {write: () => true} as unknown as NodeJS.WriteStream,
    stderr: {write: (text: string) => told.push(text)} as unknown as NodeJS.WriteStream,
  };
  const advice = ['users.csv:2: advice: nothing needs to change'];
  await runIn(newRoot(), system, ['--yes', '--dry-run'], {output, advice});
  expect(told.join('')).toBe(said);
});
