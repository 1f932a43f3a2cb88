// A folder that the server never opens, while it keeps another one open.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {fillTree} from '../../helpers/mail-folders.ts';
import {describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

const reconnects = 3;

describeDovecot('a folder that the server refuses for now, again and again', () => {
  it('ends the run after as many waits as there may be, also over a connection that stands', async () => {
    const [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, 'ann@baya.com', fillTree([['INBOX'], ['Projects']], {seed: 3, messages: 10}));
    let tries = 0;
    const broken = await startMeddler(source.imapPort, {
      line: (line, wire) => {
        const found = /^(\S+) (EXAMINE|SELECT) "?Projects"?/.exec(line);
        if (found === null) return false;
        tries += 1;
        wire.answer(`${found[1]} NO [SERVERBUG] Internal error occurred.\r\n`);
        // Long after it should have given up.
        if (tries > 50) wire.cut();
        return true;
      },
    });
    try {
      const work = job(
        {server: broken, user: 'ann@baya.com'},
        {server: destination, user: 'ann@vault.example'},
      );
      const run = await runEngine([work], {
        limits: {reconnects},
        ports: {sleep: async (_ms, signal) => signal.throwIfAborted()},
      });
      expect(run.exitCode).toBe(3);
      expect(eventsOf(run, 'request-state').at(-1)?.state).toBe('Failed');
      // Once, once after each wait, and once more where mail of the other folder has got through between.
      expect(tries).toBeLessThanOrEqual(2 * (reconnects + 1));
    } finally {
      broken.close();
      await Promise.all([source.stop(), destination.stop()]);
    }
  });
});
