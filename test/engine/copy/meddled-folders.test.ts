// Commands that are throttled or cut, folders that go away or are replaced: the run goes on and says so.
import {expect, it} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {countMessages, fill, readMailbox} from '../../helpers/mail.ts';
import {bodyFetch, meddledServers, plainMail, user, without} from '../../helpers/meddled.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

describeDovecot('folders and runs, while a server is meddled with', () => {
  const {source, destination, carry} = meddledServers();

  it.concurrent('one folder cannot be opened: it fails by name, the others are copied', async () => {
    await fill(source(), 'gone@baya.com', [
      {path: ['INBOX'], messages: plainMail(30, 3)},
      {path: ['Gone'], messages: plainMail(5, 4)},
    ]);
    const {run, arrived} = await carry(
      {
        source: {
          line: (line, wire) => {
            const tag = /^(F\d+) EXAMINE "Gone"/.exec(line)?.[1];
            if (tag !== undefined) wire.say(`${tag} EXAMINE "Nowhere"\r\n`);
            return tag !== undefined;
          },
        },
      },
      {from: 'gone@baya.com'},
    );
    expect(run.totals).toMatchObject({copied: 30, failed: 5});
    expect([run.exitCode, arrived]).toEqual([3, 30]);
    expect(eventsOf(run, 'folder-state').find(event => event.state === 'failed')?.problem?.code).toBe(
      'folder-vanished',
    );
  });

  it.concurrent('many connections that go at once are one loss', async () => {
    await fill(
      source(),
      'lanes@baya.com',
      Array.from({length: 8}, (_, index) => ({
        path: [`F${index}`],
        messages: plainMail(60, 10 + index, 'y'.repeat(9000)),
      })),
    );
    const line = await startMeddler(destination().imapPort, {});
    let batches = 0;
    const run = await runEngine(
      [job({server: source(), user: 'lanes@baya.com'}, {server: line, user: 'lanes@vault.example'})],
      {
        limits: {connections: 8, reconnects: 1, settleMs: 1000},
        on: event => {
          if (event.type === 'messages-copied' && ++batches === 8) line.cutAll();
        },
      },
    );
    line.close();
    expect([run.exitCode, run.totals.copied]).toEqual([0, 480]);
    expect(countMessages(await readMailbox(destination(), 'lanes@vault.example'))).toBe(480);
  });

  /** Until a folder is opened the destination counts what it held before. @param selects counts the openings */
  const countsLate = (now: readonly [number, number], before: readonly [number, number], selects = [0]) =>
    without('MULTIAPPEND LITERAL+', {
      line: line => {
        if (/^F\d+ SELECT /.test(line)) selects[0] = (selects[0] ?? 0) + 1;
        return false;
      },
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        const late = text
          .replace(new RegExp(`^(\\* STATUS .*MESSAGES) ${now[0]}\\b`, 'gm'), `$1 ${before[0]}`)
          .replace(new RegExp(`^(\\* STATUS .*UIDNEXT) ${now[1]}\\b`, 'gm'), `$1 ${before[1]}`);
        if (late === text || selects[0] !== 0) return false;
        wire.answer(Buffer.from(late, 'latin1'));
        return true;
      },
    });
  const ours = ['Data17012018', 'INBOX'];

  it.concurrent('a destination that counts late what it holds is not sent it again', async () => {
    const [from, to] = ['late@baya.com', 'late@vault.example'];
    const mail = plainMail(300, 1);
    await fill(source(), from, [{path: ['INBOX'], messages: mail}]);
    await fill(destination(), to, [{path: ours, messages: mail.slice(0, 150)}]);
    const {run, arrived} = await carry({destination: countsLate([150, 151], [0, 1])}, {from, to});
    expect([run.exitCode, run.totals.copied, run.totals.alreadyPresent, arrived]).toEqual([0, 150, 150, 300]);
  });

  it.concurrent('nor where it was finished before, and several lanes open it at the same time', async () => {
    const [from, to] = ['grown@baya.com', 'grown@vault.example'];
    const mail = plainMail(300, 1);
    const selects = [0];
    // By this the ledger knows it.
    const line = await startMeddler(destination().imapPort, countsLate([150, 151], [100, 101], selects));
    const state = freshState();
    const carryOn = async () => {
      const run = await runEngine([job({server: source(), user: from}, {server: line, user: to})], {
        limits: {connections: 4},
        state,
      });
      const arrived = countMessages(await readMailbox(destination(), to));
      return [run.exitCode, run.totals.copied, run.totals.alreadyPresent, arrived];
    };
    await fill(source(), from, [{path: ['INBOX'], messages: mail.slice(0, 100)}]);
    expect(await carryOn()).toEqual([0, 100, 0, 100]);
    await fill(source(), from, [{path: ['INBOX'], messages: mail.slice(100)}]);
    await fill(destination(), to, [{path: ours, messages: mail.slice(100, 150)}]);
    selects[0] = 0;
    expect(await carryOn()).toEqual([0, 150, 150, 300]);
    expect(selects[0]).toBeGreaterThan(2);
    line.close();
  });

  it.concurrent('stopping twice ends a run that hangs in LIST', async () => {
    const hung = Promise.withResolvers<void>();
    const line = await startMeddler(source().imapPort, {
      line: text => {
        const lists = /^F\d+ LIST /.test(text);
        if (lists) hung.resolve();
        return lists;
      },
    });
    let stop: () => void = () => undefined;
    const running = runEngine(
      [job({server: line, user}, {server: destination(), user: 'hung@vault.example'})],
      {
        limits: {inactivityMs: 300_000},
        on: (_event, handle) => {
          stop = () => {
            handle.stop();
            handle.stop();
          };
        },
      },
    );
    await hung.promise;
    stop();
    expect((await running).exitCode).toBe(130);
    line.close();
  });

  for (const [what, pattern] of [
    ['LIST', /^(F\d+) LIST /],
    ['CREATE', /^(F\d+) CREATE /],
    ['STATUS', /^(F\d+) STATUS /],
    ['SELECT', /^(F\d+) SELECT /],
    ['APPEND', /^(F\d+) APPEND /],
  ] as const)
    for (const how of ['throttled', 'cut'] as const)
      it.concurrent(`${what} at the destination is ${how} once: the run waits and goes on`, async () => {
        let done = 0;
        const {run, arrived} = await carry(
          {
            destination: {
              line: (line, wire) => {
                const tag = pattern.exec(line)?.[1];
                if (tag === undefined || done++ > 0) return false;
                // An APPEND is answered when its bytes are there; here only its connection can break.
                if (how === 'cut' || what === 'APPEND') wire.cut();
                else
                  wire.answer(`${tag} NO Request is throttled. Suggested Backoff Time: 300 milliseconds\r\n`);
                return true;
              },
            },
          },
          {limits: {settleMs: 250}},
        );
        expect(done).toBeGreaterThan(0);
        expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 350, 350]);
        expect(eventsOf(run, 'waiting').length).toBeGreaterThan(0);
      });

  for (const answer of ["[TRYCREATE] Mailbox doesn't exist", '[SERVERBUG] Internal error'])
    it.concurrent(`the destination folder goes away in the middle (${answer}): it is made again and gets all its mail`, async () => {
      const from = `away-${answer.length}@baya.com`;
      const to = `away-${answer.length}@vault.example`;
      await fill(source(), from, [
        // Large enough for several batches.
        {path: ['INBOX'], messages: plainMail(300, 1, 'x'.repeat(70).concat('\r\n').repeat(550))},
        {path: ['Sent Items'], messages: plainMail(50, 2)},
      ]);
      const other = await ImapConnection.open(destination(), to);
      let batches = 0;
      let gone = false;
      const {run, arrived} = await carry(
        {
          destination: {
            line: (line, wire) => {
              const tag = /^(F\d+) APPEND "Data17012018\/INBOX"/.exec(line)?.[1];
              if (tag === undefined || batches < 3 || gone) return false;
              gone = true;
              void (async () => {
                // A batch that is just being stored holds the folder for a moment.
                let deleted = false;
                while (!deleted)
                  deleted = await other.command('DELETE "Data17012018/INBOX"').then(
                    () => true,
                    () => other.command('NOOP').then(() => false),
                  );
                wire.answer(`${tag} NO ${answer}\r\n`);
                wire.cut();
              })();
              return true;
            },
          },
        },
        {
          from,
          to,
          limits: {settleMs: 250},
          on: event => {
            if (event.type === 'messages-copied') batches++;
          },
        },
      );
      await other.close();
      expect(gone).toBe(true);
      expect([run.exitCode, run.totals.failed, arrived]).toEqual([0, 0, 350]);
    });

  it.concurrent('the source folder is replaced in the middle: what is there now is copied, and it is said', async () => {
    const from = 'replaced@baya.com';
    await fill(source(), from, [
      {path: ['Box'], messages: plainMail(200, 60, 'x'.repeat(70).concat('\r\n').repeat(550))},
    ]);
    const other = await ImapConnection.open(source(), from);
    let batches = 0;
    let replaced = false;
    const {run, arrived, to} = await carry(
      {
        source: {
          line: (line, wire) => {
            if (replaced || batches < 2 || !bodyFetch.test(line)) return false;
            replaced = true;
            void (async () => {
              await other.command('DELETE Box');
              await fill(source(), from, [{path: ['Box'], messages: plainMail(150, 61)}]);
              wire.cut();
            })();
            return true;
          },
        },
      },
      {
        from,
        on: event => {
          if (event.type === 'messages-copied') batches++;
        },
      },
    );
    await other.close();
    expect(replaced).toBe(true);
    expect(eventsOf(run, 'note').map(event => event.problem.code)).toContain('uidvalidity-changed');
    expect([run.exitCode, run.totals.selected, run.totals.failed]).toEqual([0, 150, 0]);
    // What had arrived of the old folder stays; all of the new one is there.
    const subjects = [...(await readMailbox(destination(), to, {wholeBytes: true})).values()]
      .flat()
      .map(stored => /Subject: m (\d+) (\d+)/.exec(stored.bytes.toString())?.[0]);
    expect(new Set(subjects.filter(subject => subject?.startsWith('Subject: m 61'))).size).toBe(150);
    expect(new Set(subjects).size).toBe(arrived);
  });

  it.concurrent('a folder name in the own spelling of the server is asked for as it was listed', async () => {
    await fill(source(), 'spelling@baya.com', [{path: ['Q&A'], messages: plainMail(5, 62)}]);
    const examined: string[] = [];
    const {run, arrived} = await carry(
      {
        source: {
          line: (line, wire) => {
            if (line.includes('EXAMINE')) examined.push(line);
            if (!line.includes('"Q&A"')) return false;
            wire.say(line.replace('"Q&A"', '"Q&-A"'));
            return true;
          },
          down: (chunk, wire) => {
            const text = chunk.toString('latin1');
            if (!text.includes('LIST (')) return false;
            wire.answer(text.replaceAll('Q&-A', '"Q&A"'));
            return true;
          },
        },
      },
      {from: 'spelling@baya.com'},
    );
    expect(examined.join('')).toContain('EXAMINE "Q&A"');
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 5, 5]);
  });

  it.concurrent('a full disk stops the run for all, and is not taken for the user', async () => {
    const full = Object.assign(new Error('write failed'), {code: 'ERR_SQLITE_ERROR', errcode: 13});
    const jobs = [1, 2, 3].map(number =>
      job(
        {server: source(), user},
        {server: destination(), user: `full${number}@vault.example`},
        {request: number - 1},
      ),
    );
    let intents = 0;
    const run = await runEngine(jobs, {
      mailboxes: 1,
      ports: {
        passed: point => {
          if (point === 'intent-written' && ++intents === 2) throw full;
        },
      },
    });
    expect(run.exitCode).toBe(3);
    expect(eventsOf(run, 'request-state').filter(event => event.state === 'Stopped')).toMatchObject([
      {request: 1, problem: {code: 'disk-full'}},
      {request: 2, problem: {code: 'disk-full'}},
    ]);
  });

  it.concurrent('a dry run knows what the ledger knows, and changes nothing', async () => {
    const state = freshState();
    await carry({}, {state, to: 'dry@vault.example'});
    await fill(source(), 'dry@baya.com', [{path: ['INBOX'], messages: plainMail(4, 50)}]);
    const dry = await carry({}, {state, to: 'dry@vault.example', dryRun: true});
    expect(dry.run.totals).toMatchObject({alreadyPresent: 350, skipped: 0});
    const fresh = await carry({}, {from: 'dry@baya.com', to: 'dry2@vault.example', dryRun: true});
    expect(fresh.run.totals).toMatchObject({selected: 4, skipped: 4, copied: 0});
    expect(fresh.arrived).toBe(0);
  });

  it.concurrent("a stranger's folder that cannot be listed is told and fails nothing", async () => {
    await fill(destination(), 'stranger@vault.example', [
      {path: ['Data17012018', 'Elsewhere'], messages: plainMail(3, 40)},
    ]);
    const {run} = await carry(
      {
        destination: {
          line: (line, wire) => {
            const tag = /^(F\d+) EXAMINE "Data17012018\/Elsewhere"/.exec(line)?.[1];
            if (tag !== undefined) wire.answer(`${tag} NO [NOPERM] no\r\n`);
            return tag !== undefined;
          },
        },
      },
      {to: 'stranger@vault.example'},
    );
    expect([run.exitCode, run.totals.copied]).toEqual([0, 350]);
    expect(eventsOf(run, 'note').map(event => event.problem.detail)).toContain('[NOPERM] no');
  });
});
