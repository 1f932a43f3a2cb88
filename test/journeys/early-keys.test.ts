// Keys that are pressed while the program is still starting.
import {expect, it} from 'vitest';
import {leftClean, newScreens, openHere} from './screens.ts';

it('takes keys typed too early, and leaves none of them on the screen', async ({onTestFinished}) => {
  const terminal = openHere(onTestFinished, [], newScreens(onTestFinished));
  await terminal.press('down', 'up', 'down');
  await terminal.waitFor('▸ Requests from a CSV');
  expect(terminal.screen()).toMatch(/^ +mailferry /);
  expect(terminal.screen()).not.toContain('^[');
  await terminal.press('q');
  expect(await leftClean(terminal)).toBe(0);
  expect(terminal.screen()).not.toContain('^[');
});
