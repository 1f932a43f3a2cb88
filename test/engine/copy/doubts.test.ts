// What a destination may have stored although it did not say so: it is looked for before it is sent again, whatever else
// was on its way at the time.
import {expect, it} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection, type MailServer} from '../../helpers/imap.ts';
import {fill, readMailbox} from '../../helpers/mail.ts';
import {
  answersInstead,
  bodyFetch,
  type Meddled,
  meddledServers,
  plainMail,
  without,
} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {type MeddledWire, type Meddling, startMeddler} from '../../servers/meddler.ts';

const inbox = 'Data17012018/INBOX';

/** The subjects in a folder, sorted; each message of `plainMail` has its own. */
async function subjects({destination}: Meddled, user: string, path = inbox): Promise<string[]> {
  const stored = (await readMailbox(destination(), user)).get(path) ?? [];
  return stored.map(({bytes}) => /^Subject: (.*)\r$/m.exec(bytes.toString())?.[1] ?? '').sort();
}

const subjectsOf = (mail: ReturnType<typeof plainMail>) =>
  mail.map(({bytes}) => /^Subject: (.*)\r$/m.exec(bytes.toString())?.[1] ?? '').sort();

describeDovecot('mail in doubt', () => {
  const servers = meddledServers();
  const {source, destination, carry} = servers;

  /**
   * Killed while it stores mail: it answers nothing more, finds the files at the next APPEND, refuses that one, and shows
   * them from then on. So does Dovecot.
   */
  function killedServer(to: string, mail: ReturnType<typeof plainMail>) {
    const written: string[] = [];
    let at: MeddledWire | undefined;
    let killed: MeddledWire | undefined;
    let shown = 0;
    /** The most APPENDs behind that on their way at once. */
    let together = 0;
    const meddling = meddleWithCommands(({text, literals, unanswered}) => {
      if (!text.startsWith(`APPEND "${inbox}"`)) return undefined;
      if (shown > 0) together = Math.max(together, unanswered + 1);
      // What else has come with the last bytes on the old connection is nobody's any more.
      if (at === killed) return '';
      if (killed === undefined) {
        written.push(...literals);
        if (written.length > 120) {
          killed = at;
          at?.cut();
        }
        return '';
      }
      if (shown > 0) return undefined;
      const messages = mail.filter(({bytes}) => written.includes(bytes.toString('latin1')));
      shown = messages.length;
      return fill(destination(), to, [{path: inbox.split('/'), messages}]).then(
        () => 'NO [SERVERBUG] Internal error occurred.',
      );
    });
    const watched: Meddling = {
      ...meddling,
      line: (part, wire) => {
        at = wire;
        return meddling.line?.(part, wire);
      },
    };
    return {watched, shown: () => shown, together: () => together};
  }

  for (const [way, hidden] of [
    ['multiappend', ''],
    ['pipelined', 'MULTIAPPEND'],
  ] as const)
    it.concurrent(`${way}: several batches of a killed server turn up when the next message comes, and none is there twice`, async () => {
      const from = `ghosts-${way}@baya.com`;
      const to = `ghosts-${way}@vault.example`;
      const mail = plainMail(320, 71);
      await fill(source(), from, [{path: ['INBOX'], messages: mail}]);
      const {watched, shown} = killedServer(to, mail);
      const {run} = await carry(
        {destination: hidden === '' ? watched : without(hidden, watched)},
        {from, to, limits: {settleMs: 250}},
      );
      expect(shown()).toBeGreaterThan(120);
      expect([run.exitCode, run.totals.copied]).toEqual([0, 320]);
      expect(await subjects(servers, to)).toEqual(subjectsOf(mail));
    });

  it.concurrent('they turn up in a later run that has no ledger, and none is there twice', async () => {
    const [from, to] = ['forgotten@baya.com', 'forgotten@vault.example'];
    const mail = plainMail(320, 73);
    await fill(source(), from, [{path: ['INBOX'], messages: mail}]);
    const {watched, shown, together} = killedServer(to, mail);
    const ends = {destination: watched};
    const first = await carry(ends, {from, to, limits: {settleMs: 250, reconnects: 0}});
    expect([first.run.exitCode, first.arrived, shown()]).toEqual([3, 0, 0]);
    const {run} = await carry(ends, {from, to, limits: {settleMs: 250}});
    expect(shown()).toBeGreaterThan(120);
    expect(run.exitCode).toBe(0);
    // When one alone has been stored, the others go together again.
    expect(together()).toBeGreaterThan(5);
    expect(await subjects(servers, to)).toEqual(subjectsOf(mail));
  });

  it.concurrent('they turn up in a folder that is numbered anew, and none is there twice', async () => {
    const [from, to] = ['moved@baya.com', 'moved@vault.example'];
    const mail = plainMail(320, 74);
    await fill(source(), from, [{path: ['INBOX'], messages: mail}]);
    let hidden = false;
    let shown = 0;
    // The same port for both runs: another one is another server, with a ledger of its own.
    const line = await startMeddler(
      destination().imapPort,
      meddleWithCommands(({text}) => {
        if (!hidden || shown > 0 || !text.startsWith(`APPEND "${inbox}"`)) return undefined;
        shown = mail.length;
        return fill(destination(), to, [{path: inbox.split('/'), messages: mail}]).then(
          () => 'NO [SERVERBUG] Internal error occurred.',
        );
      }),
    );
    const state = freshState();
    const run = () =>
      runEngine([job({server: source(), user: from}, {server: line, user: to})], {
        state,
        limits: {connections: 1, settleMs: 250},
      });
    try {
      expect((await run()).totals.copied).toBe(320);
      const other = await ImapConnection.open(destination(), to);
      await other.command(`DELETE "${inbox}"`);
      await other.close();
      hidden = true;
      expect((await run()).exitCode).toBe(0);
    } finally {
      line.close();
    }
    expect(shown).toBe(320);
    expect(await subjects(servers, to)).toEqual(subjectsOf(mail));
  });

  it.concurrent('they turn up where lanes share a folder, and none is there twice', async () => {
    const [from, to] = ['lanes@baya.com', 'lanes@vault.example'];
    const mail = plainMail(300, 77);
    const before = plainMail(1, 78);
    await fill(source(), from, [{path: ['INBOX'], messages: mail}]);
    await fill(destination(), to, [{path: inbox.split('/'), messages: before}]);
    let shown = 0;
    const killed = meddleWithCommands(({text}) => {
      if (shown > 0 || !text.startsWith(`APPEND "${inbox}"`)) return undefined;
      shown = mail.length;
      return fill(destination(), to, [{path: inbox.split('/'), messages: mail}]).then(
        () => 'NO [SERVERBUG] Internal error occurred.',
      );
    });
    // Each message is asked for: as many lanes as may be carry it.
    const {run} = await carry(
      {destination: without('LITERAL+ MULTIAPPEND', killed)},
      {from, to, limits: {connections: 3, settleMs: 250}},
    );
    expect([run.exitCode, shown]).toEqual([0, 300]);
    expect(await subjects(servers, to)).toEqual(subjectsOf([...mail, ...before]));
  });

  it.concurrent.each([
    ['SERVERBUG', 'TAG NO [SERVERBUG] Internal error occurred.\r\n'],
    ['UNAVAILABLE', 'TAG NO [UNAVAILABLE] The backend does not answer.\r\n'],
    ['INUSE', 'TAG NO [INUSE] Timeout while waiting for lock.\r\n'],
    ['words without a code', 'TAG NO Server Unavailable. 15\r\n'],
    ['BYE', '* BYE Server shutting down.\r\n'],
  ])('%s in place of the answer to a stored batch: it is looked for, not sent again', async (name, says) => {
    const to = `says-${name.replaceAll(' ', '-')}@vault.example`;
    const {meddling, given} = answersInstead(says);
    const {run, arrived} = await carry({destination: meddling}, {to});
    expect(given()).toBe(true);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
  });

  it.concurrent('a server in doubt about one batch is not believed about the next one, which it has too', async () => {
    const {meddling, given} = answersInstead('TAG NO [SERVERBUG] Internal error.\r\n', 'TAG NO Failed.\r\n');
    const {run, arrived} = await carry({destination: meddling});
    expect(given()).toBe(true);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
  });

  it.concurrent('the source goes away while batches are on their way: their answers are waited for, and nothing is looked at', async () => {
    let sent = 0;
    let cut = false;
    let looked = false;
    const {run, arrived} = await carry({
      source: {
        line: (line, wire) => {
          if (cut || sent === 0 || !bodyFetch.test(line)) return false;
          cut = true;
          wire.cut();
          return true;
        },
      },
      destination: {
        line: line => {
          if (line.includes(' APPEND ')) sent++;
          if (line.includes(' SEARCH ')) looked = true;
          return false;
        },
      },
    });
    expect([cut, looked]).toEqual([true, false]);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
  });

  /** Ten messages, with flags of every kind among them. */
  const flagged = plainMail(10, 72).map((message, index) => ({
    ...message,
    flags: [[], ['\\Seen'], ['\\Flagged', '$Work'], ['\\Seen', '\\Answered', '$Work']][index % 4] ?? [],
  }));
  const flagsIn = async (server: MailServer, user: string, path: string) =>
    ((await readMailbox(server, user)).get(path) ?? []).map(({bytes, flags}) => [
      /^Subject: (.*)\r$/m.exec(bytes.toString())?.[1],
      flags,
    ]);

  // Dovecot, killed, finds the files again and not their flags.
  for (const next of ['the same run', 'the next run'] as const)
    it.concurrent(`mail in doubt is found without its flags: ${next} adds them`, async () => {
      const [from, to] = [`flags-${next.slice(4, 8)}@baya.com`, `flags-${next.slice(4, 8)}@vault.example`];
      await fill(source(), from, [{path: ['INBOX'], messages: flagged}]);
      let lost = false;
      const line = await startMeddler(destination().imapPort, {
        down: (chunk, wire) => {
          if (lost || !chunk.includes('[APPENDUID ')) return false;
          lost = true;
          void (async () => {
            const other = await ImapConnection.open(destination(), to);
            await other.command(`SELECT "${inbox}"`);
            await other.command('UID STORE 1:* FLAGS.SILENT ()');
            await other.close();
            wire.cut();
          })();
          return true;
        },
      });
      const state = freshState();
      const run = (reconnects: number) =>
        runEngine([job({server: source(), user: from}, {server: line, user: to})], {
          state,
          limits: {connections: 1, settleMs: 250, reconnects},
        });
      try {
        if (next === 'the next run') expect((await run(0)).exitCode).toBe(3);
        expect((await run(4)).totals).toMatchObject({failed: 0, skipped: 0});
      } finally {
        line.close();
      }
      expect(lost).toBe(true);
      expect(await flagsIn(destination(), to, inbox)).toEqual(await flagsIn(source(), from, 'INBOX'));
    });

  it.concurrent('flags of mail that is found without the ledger stay as people have set them', async () => {
    const [from, to] = ['read@baya.com', 'read@vault.example'];
    await fill(source(), from, [{path: ['INBOX'], messages: flagged}]);
    const run = () => runEngine([job({server: source(), user: from}, {server: destination(), user: to})]);
    await run();
    const other = await ImapConnection.open(destination(), to);
    await other.command(`SELECT "${inbox}"`);
    await other.command('UID STORE 1:5 -FLAGS.SILENT (\\Seen \\Flagged)');
    await other.command('UID STORE 9 +FLAGS.SILENT (\\Seen)');
    await other.close();
    const before = await flagsIn(destination(), to, inbox);
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 10});
    expect(await flagsIn(destination(), to, inbox)).toEqual(before);
  });
});
