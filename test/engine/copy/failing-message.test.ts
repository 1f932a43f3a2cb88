// A message that its server fails at whenever it is sent: it alone is set aside, and an outage is not taken for one.
import {beforeAll, expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {countMessages, fill, readMailbox} from '../../helpers/mail.ts';
import {meddledServers, plainMail, without} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

describeDovecot('a server that fails', () => {
  const {source, destination, carry} = meddledServers();
  const from = 'poison@baya.com';
  const messages = 175;
  beforeAll(() =>
    fill(source(), from, [
      {path: ['INBOX'], messages: [...plainMail(1, 91, 'POISON'), ...plainMail(130, 92)]},
      {path: ['Sent Items'], messages: [...plainMail(30, 93), ...plainMail(1, 94, 'POISON')]},
      {path: ['Small'], messages: plainMail(13, 95)},
    ]),
  );
  const fault = 'NO [SERVERBUG] Internal error occurred.';

  /** Fails at each batch with the word in it. */
  function failing(word: string) {
    let [times, mended] = [0, false];
    const meddling = meddleWithCommands(({text, literals}) => {
      if (mended || !text.startsWith('APPEND ') || !literals.some(each => each.includes(word)))
        return undefined;
      times++;
      return fault;
    });
    const mend = () => {
      mended = true;
    };
    return {meddling, mend, times: () => times};
  }

  it.concurrent.each([
    ['multiappend', ''],
    ['pipelined', 'MULTIAPPEND'],
  ])(
    'at one message of a folder each time: %s, it is named, the others arrive, the next run tries it once',
    async (way, hidden) => {
      const bad = failing('POISON');
      const to = `${way}@vault.example`;
      const meddling = hidden === '' ? bad.meddling : without(hidden, bad.meddling);
      const line = await startMeddler(destination().imapPort, meddling);
      const state = freshState();
      // The same server each time, or the ledger is another one's.
      const run = () =>
        runEngine([job({server: source(), user: from}, {server: line, user: to})], {
          state,
          limits: {connections: 1, settleMs: 250},
        });
      const arrived = async () => countMessages(await readMailbox(destination(), to));
      try {
        const first = await run();
        expect(first.totals).toMatchObject({copied: messages - 2, failed: 2});
        expect([first.exitCode, await arrived()]).toEqual([3, messages - 2]);
        expect(eventsOf(first, 'message-failed').map(({problem}) => problem.code)).toEqual([
          'message-fails-server',
          'message-fails-server',
        ]);
        expect(first.rows.filter(({code}) => code === 'message-fails-server')).toHaveLength(2);

        const tried = bad.times();
        const second = await run();
        expect(bad.times() - tried).toBe(2);
        expect([second.exitCode, second.totals.failed, await arrived()]).toEqual([3, 2, messages - 2]);

        bad.mend();
        const last = await run();
        expect([last.exitCode, last.totals.copied, await arrived()]).toEqual([0, 2, messages]);
      } finally {
        line.close();
      }
    },
  );

  it.concurrent('at whatever comes, from some moment on: no message is to blame', async () => {
    let stored = 0;
    const meddling = without(
      'MULTIAPPEND',
      meddleWithCommands(({text}) => (text.startsWith('APPEND ') && ++stored > 40 ? fault : undefined)),
    );
    const options = {from, to: 'away@vault.example', state: freshState(), limits: {settleMs: 250}};
    const {run} = await carry({destination: meddling}, options);
    expect(eventsOf(run, 'message-failed')).toEqual([]);
    expect(run.rows.filter(({code}) => code === 'message-fails-server')).toEqual([]);
    expect(eventsOf(run, 'request-state').at(-1)).toMatchObject({problem: {code: 'server-unavailable'}});
    const next = await carry({}, options);
    expect([next.run.exitCode, next.arrived]).toEqual([0, messages]);
  });
});
