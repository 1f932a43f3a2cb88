// Servers that answer other than they should, at the worst moment: no message is lost sight of or sent twice, and
// one that is to blame does not cost the others.
import {expect, it} from 'vitest';
import type {RunEvent} from '../../../source/engine/events.ts';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill} from '../../helpers/mail.ts';
import {bodyFetch, meddledServers, plainMail} from '../../helpers/meddled.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import type {Meddling} from '../../servers/meddler.ts';

describeDovecot('messages, while a server is meddled with', () => {
  const {source, destination, carry} = meddledServers();

  it.concurrent('a batch is refused, and the link breaks while its messages are asked for one by one', async () => {
    let singles = 0;
    const {run, arrived} = await carry({
      source: {
        line: (line, wire) => {
          const [, tag = '', set = ''] = bodyFetch.exec(line) ?? [];
          if (tag === '') return false;
          if (/[:,]/.test(set) && singles < 5) {
            wire.answer(`${tag} NO [SERVERBUG] Internal error\r\n`);
            return true;
          }
          if (!/[:,]/.test(set) && ++singles === 5) wire.cut();
          return false;
        },
      },
    });
    expect(singles).toBeGreaterThanOrEqual(5);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
  });

  it.concurrent('a message is left out of a batch, and the link breaks while it is asked for again', async () => {
    let cut = 0;
    const {run, arrived} = await carry({
      source: {
        line: (line, wire) => {
          const [, tag = '', set = ''] = bodyFetch.exec(line) ?? [];
          if (set === '1' && cut === 0) {
            cut++;
            wire.cut();
          }
          if (!set.startsWith('1:') || cut > 0) return false;
          wire.say(`${tag} UID FETCH ${set.replace('1:', '2:')} (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n`);
          return true;
        },
      },
    });
    expect(cut).toBe(1);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
  });

  // Dovecot does so after it was killed while it stored a batch.
  it.concurrent('a server that fails shows mail again that a killed one had stored: it is not sent', async () => {
    const mail = plainMail(900, 70);
    await fill(source(), 'again@baya.com', [{path: ['INBOX'], messages: mail}]);
    const held: Buffer[] = [];
    let failed = false;
    const {run, arrived} = await carry(
      {
        destination: {
          down: (chunk, wire) => {
            if (held.length > 0) {
              held.push(chunk);
              return true;
            }
            const text = chunk.toString('latin1');
            if (failed || !/^F\d+ OK \[APPENDUID/m.test(text)) return false;
            failed = true;
            held.push(
              Buffer.from(text.replace(/^(F\d+) OK.*/m, '$1 NO [SERVERBUG] Internal error'), 'latin1'),
            );
            const messages = mail.slice(-5);
            fill(destination(), 'again@vault.example', [{path: ['Data17012018', 'INBOX'], messages}]).then(
              () => wire.answer(Buffer.concat(held.splice(0))),
            );
            return true;
          },
        },
      },
      {from: 'again@baya.com', to: 'again@vault.example'},
    );
    expect(failed).toBe(true);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 900, 900]);
  });

  it.concurrent('what the run brought and is gone when it ends has failed; the next run brings it', async () => {
    const other = await ImapConnection.open(destination(), 'vanish@vault.example');
    const state = freshState();
    let started = false;
    let gone = false;
    const on = (event: RunEvent) => {
      if (event.type === 'messages-copied') started = true;
    };
    const {run} = await carry(
      {
        destination: {
          line: (line, wire) => {
            if (!started || gone || !/^F\d+ STATUS "Data17012018\/INBOX"/.test(line)) return false;
            gone = true;
            void (async () => {
              await other.command('SELECT "Data17012018/INBOX"');
              await other.command('UID STORE 1:100 +FLAGS.SILENT (\\Deleted)');
              await other.command('EXPUNGE');
              wire.say(line);
            })();
            return true;
          },
        },
      },
      {state, on, to: 'vanish@vault.example'},
    );
    await other.close();
    expect(run.totals).toMatchObject({copied: 250, failed: 100});
    expect(run.exitCode).toBe(3);
    const next = await carry({}, {state, to: 'vanish@vault.example'});
    expect(next.run.totals).toMatchObject({copied: 100, alreadyPresent: 250});
    expect(next.arrived).toBe(350);
  });

  for (const end of ['destination', 'source'] as const)
    it.concurrent(`a message that breaks the ${end}'s connection is named, all others arrive`, async () => {
      await fill(source(), `poison-${end}@baya.com`, [
        {
          path: ['INBOX'],
          messages: [
            ...plainMail(120, 5),
            ...plainMail(1, 6, `POISON ${'x'.repeat(200)}`),
            ...plainMail(120, 7),
          ],
        },
      ]);
      const meddling: Meddling =
        end === 'destination'
          ? {
              line: (line, wire) => {
                if (!line.includes('POISON')) return false;
                wire.cut();
                return true;
              },
            }
          : {
              down: (chunk, wire) => {
                if (!chunk.includes('POISON')) return false;
                wire.cut();
                return true;
              },
            };
      const {run, arrived} = await carry(
        {[end]: meddling},
        {from: `poison-${end}@baya.com`, limits: {settleMs: 250}},
      );
      expect(run.totals).toMatchObject({copied: 240, failed: 1});
      expect([run.exitCode, arrived]).toEqual([3, 240]);
      expect(eventsOf(run, 'message-failed')).toMatchObject([
        {message: {uid: 121}, problem: {code: 'message-breaks-connection'}},
      ]);
    });

  it.concurrent('a message that arrived although its connection broke each time is not sent again by the next run', async () => {
    const from = 'once@baya.com';
    await fill(source(), from, [
      {
        path: ['INBOX'],
        messages: [...plainMail(30, 63), ...plainMail(1, 64, 'SWALLOW'), ...plainMail(30, 65)],
      },
    ]);
    const state = freshState();
    // The destination stores it, and the line goes before its answer comes.
    let swallowed = false;
    const destinationMeddling: Meddling = {
      line: line => {
        if (line.includes('SWALLOW')) swallowed = true;
        return false;
      },
      down: (chunk, wire) => {
        if (!swallowed || !chunk.includes('APPENDUID')) return false;
        swallowed = false;
        wire.cut();
        return true;
      },
    };
    const first = await carry({destination: destinationMeddling}, {from, state, to: 'once@vault.example'});
    const second = await carry({}, {from, state, to: 'once@vault.example'});
    expect([first.run.exitCode, second.run.exitCode]).toEqual([0, 0]);
    expect([first.arrived, second.arrived, second.run.totals.copied]).toEqual([61, 61, 0]);
  });
});
