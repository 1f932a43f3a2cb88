import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/options.ts';
import {openHistory} from '../../source/program/history.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {runLines} from '../../source/program/run-command.ts';
import {fakeSystem} from './fake-system.ts';

test.each([
  [true, /^The terminal is gone, the run goes on to its end and its report\.\n$/],
  [false, /^The terminal is gone, the run goes on: mailferry attach [-\d]+-users --state \S+\n$/],
])(
  'whose terminal is gone is told how to watch the run only where that can be (dry run: %s)',
  async (dryRun, said) => {
    const root = mkdtempSync(join(tmpdir(), 'mf-run-'));
    onTestFinished(() => rmSync(root, {recursive: true, force: true}));
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
    const places = placesOf({state: root, reports: join(root, 'reports')}, root);
    const parsed = parseCommandLine(['run', 'users.csv', '--yes', ...(dryRun ? ['--dry-run'] : [])]);
    if (!parsed.ok) throw new Error(parsed.problem);
    await runLines({requests: [], from: 'users.csv', advice: [], notes: []}, 'plain', {
      ...{
        options: parsed.options,
        given: parsed.given,
        places,
        system,
        history: openHistory(places.state, places.command),
      },
      ...{signIns: openSignIns(system), ca: []},
    });
    expect(told).toEqual([expect.stringMatching(said)]);
  },
);
