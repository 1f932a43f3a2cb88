// A bug of ours while the screens are up: the terminal must not be the one to suffer.
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {leftClean, newScreens, openHere} from './screens.ts';

const broken = fileURLToPath(new URL('broken-home.ts', import.meta.url));

describe('a mistake of its own', () => {
  for (const way of ['drawing', 'later', 'promise']) {
    it(`gives the terminal back and says one sentence (${way})`, async ({onTestFinished}) => {
      const terminal = openHere(onTestFinished, [], newScreens(onTestFinished), undefined, {
        entry: broken,
        env: {BREAKS: way},
      });
      expect(await leftClean(terminal)).toBe(1);
      const after = terminal.raw.slice(terminal.raw.lastIndexOf('\u001b[?1049l'));
      expect(after).toContain('\u001b[?25h');
      const said = terminal.everything().split('[ended')[0]?.replaceAll('\n', '').trim();
      expect(said).toBe(
        'mailferry has made a mistake of its own (planted): run it again to go on, and please report this.',
      );
    });
  }
});
