// What a check says of folders that the run cannot open.
import {expect, it} from 'vitest';
import {inspect} from '../../../source/engine/look/inspect.ts';
import {ports, settings} from '../../helpers/check.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {fillTree} from '../../helpers/mail-folders.ts';
import {describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

describeDovecot('a folder of the source that the server does not let anybody open', () => {
  it('is told by the check as well as by the run', async () => {
    const [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, 'ann@baya.com', fillTree([['INBOX'], ['Projects']], {seed: 3, messages: 10}));
    const broken = await startMeddler(source.imapPort, {
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        if (!text.includes(' LIST-STATUS') && !text.includes('zz OK')) return false;
        wire.answer(text.replaceAll(' LIST-STATUS', '').replace(/zz OK[^\r]*\r\n/g, ''));
        return true;
      },
      line: (line, wire) => {
        const found = /^(\S+) (STATUS|EXAMINE|SELECT) "?Projects"?/.exec(line);
        if (found === null) return false;
        // A server that cannot open a folder has none open then (RFC 9051 section 6.3.2).
        if (found[2] !== 'STATUS') wire.say('zz UNSELECT\r\n');
        wire.answer(
          `${found[1]} NO [SERVERBUG] Internal error occurred. Refer to server log for more information.\r\n`,
        );
        return true;
      },
    });
    try {
      const made = job(
        {server: broken, user: 'ann@baya.com'},
        {server: destination, user: 'ann@vault.example'},
      );
      const looked = await inspect(made, settings, ports, new AbortController().signal);
      const run = await runEngine([made]);
      expect(eventsOf(run, 'folder-state').filter(({state}) => state === 'failed')).not.toEqual([]);
      expect([run.exitCode, looked.problems.length > 0]).toEqual([3, true]);
      // A check tries nothing again.
      expect(looked.problems.map(({nextStep}) => nextStep)).not.toContainEqual(
        expect.stringContaining('mailferry tries'),
      );
    } finally {
      broken.close();
      await Promise.all([source.stop(), destination.stop()]);
    }
  });
});
