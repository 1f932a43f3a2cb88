// `mailferry`, d, q, q: the demo from home to the summary, with nothing else on the machine.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {leftClean, newScreens, openHere, patience} from './screens.ts';

it('shows a whole migration for one key', async ({onTestFinished}) => {
  const place = newScreens(onTestFinished);
  const terminal = openHere(onTestFinished, [], place);
  await terminal.waitFor('New request');
  await terminal.press('d');
  await terminal.waitFor(/● copying/, patience);
  await terminal.waitFor(/1 of [\d,]+ selected messages is not at the destination/, patience);
  await terminal.press('q');
  await terminal.waitFor(/mailferry +summary/);
  await terminal.waitFor(/1 of [\d,]+ selected messages is not at the destination/);
  await terminal.press('q');
  // One message is larger than the demo's destination takes: it is named, and the exit code says so.
  expect(await leftClean(terminal)).toBe(3);
  expect(terminal.screen()).toMatch(/1 of [\d,]+ selected messages is not at the destination/);
  const [run = ''] = readdirSync(place.reports);
  expect(readFileSync(join(place.reports, run, 'messages.csv'), 'utf8')).toContain(',failed,');
});
