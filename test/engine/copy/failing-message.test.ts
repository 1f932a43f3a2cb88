// A message that its server fails at whenever it is sent: it alone is set aside, and an outage is not taken for one.
import {beforeAll, expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {countMessages, fill, readMailbox} from '../../helpers/mail.ts';
import type {MailToStore} from '../../helpers/mail-corpus.ts';
import {meddledServers, plainMail, without} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {type Meddling, startMeddler} from '../../servers/meddler.ts';

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

  /** Two runs of a mailbox in which one message is set aside, to a server that may `show` it all the same, once. */
  async function setAside(
    name: string,
    mail: readonly MailToStore[],
    meddling: (aside: {named(): boolean; shown(): boolean; show(): Promise<void>}) => Meddling,
  ) {
    const [from, to] = [`${name}@baya.com`, `${name}@vault.example`];
    const poison = plainMail(1, 91, 'POISON');
    await fill(source(), from, [
      {path: ['Box'], messages: [...poison, ...mail]},
      // Of a folder that is open Dovecot counts only what it has shown there.
      {path: ['Open at the end'], messages: plainMail(3, 96)},
    ]);
    let [named, shown] = [false, false];
    const show = async () => {
      shown = true;
      await fill(destination(), to, [{path: ['Data17012018', 'Box'], messages: poison}]);
    };
    const line = await startMeddler(
      destination().imapPort,
      meddling({named: () => named, shown: () => shown, show}),
    );
    const state = freshState();
    const run = () =>
      runEngine([job({server: source(), user: from}, {server: line, user: to})], {
        state,
        limits: {connections: 1, settleMs: 250},
        on: ({type}) => {
          named ||= type === 'message-failed';
        },
      });
    try {
      const [first, second] = [await run(), await run()];
      return {first, second, shown, arrived: countMessages(await readMailbox(destination(), to))};
    } finally {
      line.close();
    }
  }

  it.concurrent('a message that was set aside shows when the folder is counted: it counts as copied, once', async () => {
    const {first, second, shown, arrived} = await setAside('counted', plainMail(130, 92), aside => {
      const bad = failing('POISON');
      return {
        ...bad.meddling,
        line: (text, wire) => {
          if (aside.shown() || !aside.named() || !text.includes(' STATUS "Data17012018/Box"'))
            return bad.meddling.line?.(text, wire);
          bad.mend();
          void aside.show().then(() => wire.say(text));
          return true;
        },
      };
    });
    expect(shown).toBe(true);
    for (const type of ['message-failed', 'message-found'] as const)
      expect(eventsOf(first, type).map(({message}) => message)).toMatchObject([{subject: 'm 91 0'}]);
    expect([first.exitCode, first.totals.copied, first.rows.length]).toEqual([0, 134, 134]);
    expect([second.exitCode, second.totals.copied, arrived]).toEqual([0, 0, 134]);
  });

  it.concurrent('it shows before another one is looked for: it counts as copied, once', async () => {
    const mail = [...plainMail(130, 92), ...plainMail(1, 97, 'VENOM')];
    const {first, second, shown, arrived} = await setAside('doubted', mail, aside =>
      meddleWithCommands(({text, literals}) => {
        const holds = (word: string) => literals.some(each => each.includes(word));
        if (aside.shown() || !text.startsWith('APPEND ') || !(holds('POISON') || holds('VENOM')))
          return undefined;
        return aside.named() ? aside.show().then(() => fault) : fault;
      }),
    );
    expect(shown).toBe(true);
    expect(eventsOf(first, 'message-failed').map(({problem}) => problem.code)).toEqual([
      'message-fails-server',
    ]);
    expect(eventsOf(first, 'message-found')).toHaveLength(1);
    expect([first.exitCode, first.totals.copied]).toEqual([0, 135]);
    expect([second.exitCode, second.totals.copied, arrived]).toEqual([0, 0, 135]);
  });
});
