// A CSV that was mended on the screen and not saved, when the program is told to end from outside.
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {leftClean, newScreens, openHere, signal} from './screens.ts';

it.concurrent.for(['SIGTERM', 'SIGHUP'] as const)(
  'what %s loses is said, as ctrl+c says it',
  async (name, {onTestFinished}) => {
    const place = newScreens(onTestFinished);
    const file = join(place.directory, 'users.csv');
    writeFileSync(file, 'Title,Source user id,Surce domain\nA,john,baya.com\n');
    const terminal = openHere(onTestFinished, ['run', file], place);
    await terminal.waitFor('Did you mean "Source domain"?');
    await terminal.press('a');
    await terminal.waitFor('changed, not saved');
    signal(place, name);
    // No run was started: what waits for one must not go on.
    expect(await leftClean(terminal)).toBe(130);
    const all = terminal.everything().replaceAll('\n', '');
    expect(all).toContain(`Not saved: your changes to ${file}.`);
    expect(all).toContain('Not started; nothing was copied.');
  },
);
