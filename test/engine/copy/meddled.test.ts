// Servers that answer other than they should, at the worst moment: no message is lost sight of, and one that is to
// blame does not cost the others.
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {RunEvent} from '../../../source/engine/events.ts';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {countMessages, fill, readMailbox} from '../../helpers/mail.ts';
import type {MailToStore} from '../../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type Meddling, startMeddler} from '../../servers/meddler.ts';

const user = 'john@baya.com';
const bodyFetch = /^(F\d+) UID FETCH (\S+) \(UID FLAGS INTERNALDATE BODY/;

function mail(count: number, seed: number, body = 'x'.repeat(300)): MailToStore[] {
  return Array.from({length: count}, (_, index) => ({
    kind: 'plain',
    bytes: Buffer.from(
      `From: a@example.org\r\nSubject: m ${seed} ${index}\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <${seed}.${index}@example.org>\r\n\r\n${body}\r\n`,
    ),
    flags: [],
    date: '17-Jul-1996 02:44:25 -0700',
  }));
}

describeDovecot('a server that is meddled with', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, user, [
      {path: ['INBOX'], messages: mail(300, 1)},
      {path: ['Sent Items'], messages: mail(50, 2)},
    ]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  type Ends = {readonly source?: Meddling; readonly destination?: Meddling};
  let runs = 0;
  async function carry(
    ends: Ends,
    options: Parameters<typeof runEngine>[1] & {readonly from?: string; readonly to?: string} = {},
  ): Promise<{run: EngineRun; arrived: number}> {
    const to = options.to ?? `to${++runs}@vault.example`;
    const [one, other] = await Promise.all([
      startMeddler(source.imapPort, ends.source ?? {}),
      startMeddler(destination.imapPort, ends.destination ?? {}),
    ]);
    try {
      const run = await runEngine(
        [job({server: one, user: options.from ?? user}, {server: other, user: to})],
        {...options, limits: {connections: 1, ...options.limits}},
      );
      const {selected, copied, alreadyPresent, skipped, failed} = run.totals;
      expect(copied + alreadyPresent + skipped + failed).toBe(selected);
      return {run, arrived: countMessages(await readMailbox(destination, to))};
    } finally {
      one.close();
      other.close();
    }
  }

  it('a batch is refused, and the link breaks while its messages are asked for one by one', async () => {
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

  it('a message is left out of a batch, and the link breaks while it is asked for again', async () => {
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

  it('one folder cannot be opened: it fails by name, the others are copied', async () => {
    await fill(source, 'gone@baya.com', [
      {path: ['INBOX'], messages: mail(30, 3)},
      {path: ['Gone'], messages: mail(5, 4)},
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

  it('what the run brought and is gone when it ends has failed; the next run brings it', async () => {
    const other = await ImapConnection.open(destination, 'vanish@vault.example');
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
    it(`a message that breaks the ${end}'s connection is named, all others arrive`, async () => {
      await fill(source, `poison-${end}@baya.com`, [
        {
          path: ['INBOX'],
          messages: [...mail(120, 5), ...mail(1, 6, `POISON ${'x'.repeat(200)}`), ...mail(120, 7)],
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

  it('many connections that go at once are one loss', async () => {
    await fill(
      source,
      'lanes@baya.com',
      Array.from({length: 8}, (_, index) => ({
        path: [`F${index}`],
        messages: mail(60, 10 + index, 'y'.repeat(9000)),
      })),
    );
    const line = await startMeddler(destination.imapPort, {});
    let batches = 0;
    const run = await runEngine(
      [job({server: source, user: 'lanes@baya.com'}, {server: line, user: 'lanes@vault.example'})],
      {
        limits: {connections: 8, reconnects: 1, settleMs: 1000},
        on: event => {
          if (event.type === 'messages-copied' && ++batches === 8) line.cutAll();
        },
      },
    );
    line.close();
    expect([run.exitCode, run.totals.copied]).toEqual([0, 480]);
    expect(countMessages(await readMailbox(destination, 'lanes@vault.example'))).toBe(480);
  });

  it('stopping twice ends a run that hangs in LIST', async () => {
    const hung = Promise.withResolvers<void>();
    const line = await startMeddler(source.imapPort, {
      line: text => {
        const lists = /^F\d+ LIST /.test(text);
        if (lists) hung.resolve();
        return lists;
      },
    });
    let stop: () => void = () => undefined;
    const running = runEngine(
      [job({server: line, user}, {server: destination, user: 'hung@vault.example'})],
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
      it(`${what} at the destination is ${how} once: the run waits and goes on`, async () => {
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
    it(`the destination folder goes away in the middle (${answer}): it is made again and gets all its mail`, async () => {
      const to = `away${++runs}@vault.example`;
      const other = await ImapConnection.open(destination, to);
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

  it('the source folder is replaced in the middle: what is there now is copied, and it is said', async () => {
    const from = 'replaced@baya.com';
    await fill(source, from, [{path: ['Box'], messages: mail(200, 60)}]);
    const other = await ImapConnection.open(source, from);
    let batches = 0;
    let replaced = false;
    const {run, arrived} = await carry(
      {
        source: {
          line: (line, wire) => {
            if (replaced || batches < 2 || !bodyFetch.test(line)) return false;
            replaced = true;
            void (async () => {
              await other.command('DELETE Box');
              await fill(source, from, [{path: ['Box'], messages: mail(150, 61)}]);
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
    const subjects = [
      ...(await readMailbox(destination, `to${runs}@vault.example`, {wholeBytes: true})).values(),
    ]
      .flat()
      .map(stored => /Subject: m (\d+) (\d+)/.exec(stored.bytes.toString())?.[0]);
    expect(new Set(subjects.filter(subject => subject?.startsWith('Subject: m 61'))).size).toBe(150);
    expect(new Set(subjects).size).toBe(arrived);
  });

  it('a folder name in the own spelling of the server is asked for as it was listed', async () => {
    await fill(source, 'spelling@baya.com', [{path: ['Q&A'], messages: mail(5, 62)}]);
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

  it('a message that arrived although its connection broke each time is not sent again by the next run', async () => {
    const from = 'once@baya.com';
    await fill(source, from, [
      {path: ['INBOX'], messages: [...mail(30, 63), ...mail(1, 64, 'SWALLOW'), ...mail(30, 65)]},
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

  it('a full disk stops the run for all, and is not taken for the user', async () => {
    const full = Object.assign(new Error('write failed'), {code: 'ERR_SQLITE_ERROR', errcode: 13});
    const jobs = [1, 2, 3].map(number =>
      job(
        {server: source, user},
        {server: destination, user: `full${number}@vault.example`},
        {request: number - 1},
      ),
    );
    let calls = 0;
    const run = await runEngine(jobs, {
      mailboxes: 1,
      ports: {
        now: () => {
          // The engine asks for the time before each intent: here the ledger's disk fills up.
          if (++calls === 40) throw full;
          return Date.now();
        },
      },
    });
    expect(run.exitCode).toBe(3);
    expect(eventsOf(run, 'request-state').filter(event => event.state === 'Stopped')).toMatchObject([
      {request: 1, problem: {code: 'disk-full'}},
      {request: 2, problem: {code: 'disk-full'}},
    ]);
  });

  it('a dry run knows what the ledger knows, and changes nothing', async () => {
    const state = freshState();
    await carry({}, {state, to: 'dry@vault.example'});
    await fill(source, 'dry@baya.com', [{path: ['INBOX'], messages: mail(4, 50)}]);
    const dry = await carry({}, {state, to: 'dry@vault.example', dryRun: true});
    expect(dry.run.totals).toMatchObject({alreadyPresent: 350, skipped: 0});
    const fresh = await carry({}, {from: 'dry@baya.com', to: 'dry2@vault.example', dryRun: true});
    expect(fresh.run.totals).toMatchObject({selected: 4, skipped: 4, copied: 0});
    expect(fresh.arrived).toBe(0);
  });

  it("a stranger's folder that cannot be listed is told and fails nothing", async () => {
    await fill(destination, 'stranger@vault.example', [
      {path: ['Data17012018', 'Elsewhere'], messages: mail(3, 40)},
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
