// What people and servers do to a folder while it is being copied: what stays is not lost, nothing is there twice after the
// next run, and each of it is said.
import {afterAll, expect, it} from 'vitest';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection, type MessageToAppend} from '../../helpers/imap.ts';
import {fill, fingerprint, readMailbox, type StoredMessage} from '../../helpers/mail.ts';
import type {MailToStore} from '../../helpers/mail-corpus.ts';
import {bodyFetch, type Ends, meddledServers, plainMail} from '../../helpers/meddled.ts';
import type {Dovecot} from '../../servers/dovecot.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {type MeddledWire, type Meddler, type Meddling, startMeddler} from '../../servers/meddler.ts';

const root = 'Data17012018';
/** In batches of the first size, three or more. */
const mail = 34;
const body = 'x'.repeat(70).concat('\r\n').repeat(700);

/** With dates and flags by which one is told from the next. */
const toldApart = (messages: readonly MailToStore[]): MailToStore[] =>
  messages.map((message, index) => ({
    ...message,
    date: `17-Jul-1996 02:44:${10 + (index % 50)} -0700`,
    flags: [['\\Seen'], ['\\Flagged', '$Later'], []][index % 3] ?? [],
  }));

describeDovecot('during a run', () => {
  const {source, destination} = meddledServers();
  const lines: Meddler[] = [];
  afterAll(() => {
    for (const line of lines) line.close();
  });

  /** Bytes, flags and date of each message of a source folder. */
  const atSource = async (user: string, path: string) =>
    ((await readMailbox(source(), user)).get(path) ?? []).map(fingerprint);

  /** A mailbox with a folder of several batches, Box, and a small one, Other. */
  async function mailbox(name: string, small = 5) {
    const from = `${name}@baya.com`;
    const to = `${name}@vault.example`;
    await fill(source(), from, [
      {path: ['Box'], messages: toldApart(plainMail(mail, 1, body))},
      {path: ['Other'], messages: toldApart(plainMail(small, 2))},
    ]);
    // The same ports for all runs: another port is another server, with a ledger of its own.
    let now: Ends = {};
    const through = async (end: 'source' | 'destination', server: Dovecot) => {
      const line = await startMeddler(server.imapPort, {
        line: (part, wire) => now[end]?.line?.(part, wire),
        down: (chunk, wire) => now[end]?.down?.(chunk, wire),
      });
      lines.push(line);
      return line;
    };
    const one = await through('source', source());
    const another = await through('destination', destination());
    const state = freshState();
    return {
      from,
      to,
      box: await atSource(from, 'Box'),
      other: await atSource(from, 'Other'),
      run: async (ends: Ends = {}) => {
        now = ends;
        const run = await runEngine([job({server: one, user: from}, {server: another, user: to})], {
          state,
          limits: {connections: 1, settleMs: 250},
        });
        const {selected, copied, alreadyPresent, skipped, failed} = run.totals;
        expect(copied + alreadyPresent + skipped + failed).toBe(selected);
        return run;
      },
      /** What is at the destination, sorted, by source folder. */
      there: async () =>
        Object.fromEntries(
          [...(await readMailbox(destination(), to))]
            .filter(([path]) => !path.endsWith('INBOX'))
            .map(([path, all]) => [path.replace(`${root}/`, ''), all.map(fingerprint).sort()]),
        ),
    };
  }

  async function at(server: Dovecot, user: string, work: (at: ImapConnection) => Promise<unknown>) {
    const connection = await ImapConnection.open(server, user);
    await work(connection);
    await connection.close();
  }

  const asMail = ({bytes, flags, internalDate}: StoredMessage): MessageToAppend => ({
    bytes,
    flags,
    date: internalDate,
  });

  /** The same mail under another UIDVALIDITY and other UIDs. */
  async function restore(server: Dovecot, user: string, path: string): Promise<void> {
    const kept = (await readMailbox(server, user, {wholeBytes: true})).get(path) ?? [];
    await at(server, user, async connection => {
      await connection.command('CREATE Restored');
      await connection.append('Restored', kept.toReversed().map(asMail));
      // Nobody is to see the folder half restored.
      await connection.command(`RENAME "${path}" Old`);
      await connection.command(`RENAME Restored "${path}"`);
      await until(() => connection.command('DELETE Old'));
    });
  }

  /** A batch that is just being stored or read holds the folder for a moment. */
  async function until(work: () => Promise<unknown>): Promise<void> {
    for (let done = false; !done; )
      done = await work().then(
        () => true,
        () => false,
      );
  }

  /** Does it when the source is asked for the third batch of Box; after it the question goes on, or the line is cut. */
  function atThirdFetch(
    change: () => Promise<unknown>,
    then: 'go on' | 'cut' = 'go on',
  ): Meddling & {done: () => boolean} {
    let asked = 0;
    let open = '';
    return {
      done: () => asked >= 3,
      line: (line, wire) => {
        open = /^F\d+ EXAMINE "(.*)"/.exec(line)?.[1] ?? open;
        if (open !== 'Box' || !bodyFetch.test(line) || ++asked !== 3) return false;
        void change().then(() => (then === 'cut' ? wire.cut() : wire.say(line)));
        return true;
      },
    };
  }

  /** Does it when the destination has answered that the first batch of Box is stored; the answer goes on after it. */
  function atFirstAnswer(change: () => Promise<unknown>): Meddling & {done: () => boolean} {
    const held: (() => void)[] = [];
    let holder: MeddledWire | undefined;
    let sent = false;
    let changed = false;
    return {
      done: () => changed,
      line: line => {
        if (line.includes(`APPEND "${root}/Box"`)) sent = true;
        return false;
      },
      down: (chunk, wire) => {
        if (holder === wire) {
          held.push(() => wire.answer(chunk));
          return true;
        }
        if (changed || holder !== undefined || !sent || !chunk.includes('[APPENDUID ')) return false;
        holder = wire;
        held.push(() => wire.answer(chunk));
        void change().then(() => {
          changed = true;
          holder = undefined;
          for (const go of held.splice(0)) go();
        });
        return true;
      },
    };
  }

  const said = (run: EngineRun) => [
    ...new Set(
      [
        ...eventsOf(run, 'note'),
        ...eventsOf(run, 'message-skipped'),
        ...eventsOf(run, 'message-failed'),
        ...eventsOf(run, 'folder-state'),
      ].flatMap(event => event.problem?.code ?? []),
    ),
  ];
  const expunge =
    (path: string, set = '1:*') =>
    async (connection: ImapConnection) => {
      await connection.command(`SELECT "${path}"`);
      await connection.command(`UID STORE ${set} +FLAGS.SILENT (\\Deleted)`);
      await connection.command('EXPUNGE');
    };

  it.concurrent('another program, which knows nothing of this one, copies the same: what is there twice is said', async ({
    expect,
  }) => {
    const {from, to, box, other, run, there} = await mailbox('rival');
    let rival: EngineRun | undefined;
    const change = atFirstAnswer(async () => {
      const ends = [
        {server: source(), user: from},
        {server: destination(), user: to},
      ] as const;
      rival = await runEngine([job(...ends)], {state: freshState()});
    });
    const first = await run({destination: change});
    expect([first.exitCode, rival?.exitCode]).toEqual([0, 0]);
    const {Box = [], Other = []} = await there();
    const twice = [Box.length - box.length, Other.length - other.length].filter(messages => messages > 0);
    expect(twice).not.toEqual([]);
    // Nothing but the same: once, or once more.
    expect([new Set(Box), new Set(Other)]).toEqual([new Set(box), new Set(other)]);
    const told = eventsOf(first, 'note').filter(({problem}) => problem.code === 'copied-by-others');
    expect(told.map(({problem}) => Number(/^\d+/.exec(problem.sentence)?.[0])).sort()).toEqual(twice.sort());
    // Nothing is sent again for it.
    expect((await run()).totals.copied).toBe(0);
  });

  it.concurrent('the source numbers the folder anew', async () => {
    const {from, box, other, run, there} = await mailbox('source-renumbers');
    const change = atThirdFetch(() => restore(source(), from, 'Box'), 'cut');
    const first = await run({source: change});
    expect([change.done(), first.exitCode, said(first)]).toEqual([true, 0, ['uidvalidity-changed']]);
    expect(await there()).toEqual({Box: box.sort(), Other: other.sort()});
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: mail + 5});
  });

  for (const [what, command] of [
    ['renamed', 'RENAME Box New'],
    ['deleted', 'DELETE Box'],
  ] as const)
    it.concurrent(`the source folder is ${what}`, async () => {
      const {from, box, other, run, there} = await mailbox(`source-${what}`);
      const change = atThirdFetch(() => at(source(), from, c => until(() => c.command(command))));
      const first = await run({source: change});
      expect([change.done(), first.exitCode, said(first)]).toEqual([true, 3, ['folder-vanished']]);
      const {copied} = first.totals;
      expect((await run()).exitCode).toBe(0);
      // What had arrived stays, and a folder of another name is another folder.
      const {Box = [], ...rest} = await there();
      expect([Box.length, new Set(Box).size]).toEqual([copied - 5, copied - 5]);
      expect(box).toEqual(expect.arrayContaining(Box));
      expect(rest).toEqual({Other: other.sort(), ...(what === 'renamed' ? {New: box.sort()} : {})});
      expect((await run()).totals.copied).toBe(0);
    });

  it.concurrent('the source folder is emptied', async () => {
    const {from, box, other, run, there} = await mailbox('source-emptied');
    const change = atThirdFetch(() => at(source(), from, expunge('Box')));
    const first = await run({source: change});
    expect([change.done(), first.exitCode, said(first)]).toEqual([true, 0, ['message-vanished']]);
    const {copied} = first.totals;
    expect(first.totals).toMatchObject({failed: 0, skipped: mail + 5 - copied});
    expect((await run()).totals).toMatchObject({selected: 5, copied: 0});
    const {Box = [], ...rest} = await there();
    expect([Box.length, new Set(Box).size]).toEqual([copied - 5, copied - 5]);
    expect(box).toEqual(expect.arrayContaining(Box));
    expect(rest).toEqual({Other: other.sort()});
  });

  it.concurrent('messages are moved to another folder of the source', async () => {
    const {from, box, other, run, there} = await mailbox('source-moves');
    const change = atThirdFetch(() =>
      at(source(), from, async c => {
        await c.command('SELECT Box');
        await c.command('UID MOVE 1:3,30:34 Other');
      }),
    );
    const first = await run({source: change});
    expect([change.done(), first.exitCode, said(first)]).toEqual([true, 0, ['message-vanished']]);
    expect((await run()).exitCode).toBe(0);
    const {Box = [], Other} = await there();
    expect(Other).toEqual([...other, ...box.slice(0, 3), ...box.slice(29)].sort());
    expect(Box).toEqual(expect.arrayContaining(box.slice(3, 29)));
    expect(box).toEqual(expect.arrayContaining(Box));
    expect(new Set(Box).size).toBe(Box.length);
    expect((await run()).totals.copied).toBe(0);
  });

  it.concurrent('the source folder grows', async () => {
    const {from, box, other, run, there} = await mailbox('source-grows');
    const more = toldApart(plainMail(4, 3));
    const change = atThirdFetch(() => fill(source(), from, [{path: ['Box'], messages: more}]));
    const first = await run({source: change});
    expect([change.done(), first.exitCode, first.totals.copied]).toEqual([true, 0, mail + 5]);
    // What came meanwhile is the next run's.
    expect((await run()).totals).toMatchObject({copied: 4, alreadyPresent: mail + 5});
    const grown = await atSource(from, 'Box');
    expect(grown).toEqual([...box, ...grown.slice(mail)]);
    expect(grown).toHaveLength(mail + more.length);
    expect(await there()).toEqual({Box: grown.sort(), Other: other.sort()});
    expect((await run()).totals.copied).toBe(0);
  });

  it.concurrent('the destination numbers the folder anew', async () => {
    const {to, box, other, run, there} = await mailbox('destination-renumbers');
    const change = atFirstAnswer(() => restore(destination(), to, `${root}/Box`));
    const first = await run({destination: change});
    expect([change.done(), first.exitCode, said(first)]).toEqual([true, 0, ['uidvalidity-changed']]);
    expect(await there()).toEqual({Box: box.sort(), Other: other.sort()});
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: mail + 5});
  });

  it.concurrent('the destination numbers the folder anew when all of it is stored', async () => {
    const {to, box, other, run, there} = await mailbox('destination-renumbers-late');
    let last = false;
    let changed = false;
    const first = await run({
      destination: {
        line: (line, wire) => {
          if (/ APPEND "[^"]*Other"/.test(line)) last = true;
          if (changed || !last || !line.includes(' STATUS ')) return false;
          changed = true;
          void restore(destination(), to, `${root}/Box`).then(() => wire.say(line));
          return true;
        },
      },
    });
    expect([changed, first.exitCode, said(first)]).toEqual([true, 0, ['uidvalidity-changed']]);
    expect(await there()).toEqual({Box: box.sort(), Other: other.sort()});
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: mail + 5});
  });

  /** Does it when the destination is about to be asked whether it holds what it took. */
  function beforeItCounts(change: () => Promise<unknown>): Meddling & {done: () => boolean} {
    let [sent, changed] = [false, false];
    let held: string[] | undefined;
    return {
      done: () => changed,
      line: (line, wire) => {
        if (line.includes(` APPEND "${root}/Box"`)) sent = true;
        if (held !== undefined) return held.push(line) > 0;
        if (changed || !sent || !/^F\d+ (?:NOOP|SELECT|STATUS)/.test(line)) return false;
        held = [line];
        changed = true;
        void change().then(() => {
          for (const each of held ?? []) wire.say(each);
          held = undefined;
        });
        return true;
      },
    };
  }

  it.concurrent('a copy is deleted when all is stored, in the folder that is open: it is missed', async () => {
    const {to, run} = await mailbox('deleted-last', 0);
    const change = beforeItCounts(() => at(destination(), to, expunge(`${root}/Box`, '1')));
    const first = await run({destination: change});
    expect([change.done(), first.exitCode, said(first)]).toEqual([true, 3, ['not-found-after-append']]);
    expect(first.totals).toMatchObject({copied: mail - 1, failed: 1});
    expect((await run()).totals).toMatchObject({copied: 1, alreadyPresent: mail - 1});
  });

  const gone = (path: string) => (c: ImapConnection) => until(() => c.command(`DELETE "${path}"`));
  for (const [what, work] of [
    ['renamed', (c: ImapConnection) => c.command(`RENAME "${root}/Box" "${root}/Away"`)],
    ['deleted', gone(`${root}/Box`)],
    ['emptied', expunge(`${root}/Box`)],
  ] as const)
    it.concurrent(`the destination folder is ${what}`, async () => {
      const {to, box, other, run, there} = await mailbox(`destination-${what}`);
      const change = atFirstAnswer(() => at(destination(), to, work));
      const first = await run({destination: change});
      expect(change.done()).toBe(true);
      // By how much of it was stored when it went: it is made again at once, or its mail is named and comes with the next run.
      const named = said(first).includes('not-found-after-append');
      expect(said(first)).toEqual([named ? 'not-found-after-append' : 'uidvalidity-changed']);
      expect(first.exitCode).toBe(named ? 3 : 0);
      const second = await run();
      expect([second.exitCode, second.totals.failed]).toEqual([0, 0]);
      const {Away = [], ...rest} = await there();
      expect(rest).toEqual({Box: box.sort(), Other: other.sort()});
      expect(new Set(Away).size).toBe(Away.length);
      expect(box).toEqual(expect.arrayContaining(Away));
      expect((await run()).totals.copied).toBe(0);
    });
});
