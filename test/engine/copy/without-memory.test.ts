// What mailferry remembers of its runs is lost, damaged, or another's: nothing is copied twice for it, nothing is left
// out, and what was done about it is said.
import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox as StoredMail} from '../../../source/demo/server/store.ts';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {fillLedgersAt} from '../../helpers/full-ledger.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {encodeName, quote} from '../../helpers/imap-names.ts';
import {countMessages, fill, type Mailbox, readMailbox} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

const mail = 60;

describeDovecot('without its memory', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let whole: string;
  let arrived: Mailbox;
  const user = 'ann@vault.example';
  const run = (state: string, to = user, options: Parameters<typeof runEngine>[1] = {}) =>
    runEngine([job({server: source, user: 'ann@baya.com'}, {server: destination, user: to})], {
      state,
      ...options,
    });

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, 'ann@baya.com', [
      {path: ['INBOX'], messages: corpus(mail / 2, {seed: 81})},
      {path: ['Work'], messages: corpus(mail / 2, {seed: 82})},
    ]);
    whole = freshState();
    expect((await run(whole)).totals).toMatchObject({copied: mail});
    arrived = await readMailbox(destination, user);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  /** The one ledger in a state folder. */
  const ledgerIn = (state: string) => {
    const [name = ''] = readdirSync(state).filter(each => each.endsWith('.sqlite'));
    return join(state, name);
  };
  const copyOfState = () => {
    const state = freshState();
    cpSync(whole, state, {recursive: true});
    return state;
  };
  const overwrite = (file: string, at: number, bytes: number) => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, at);
    closeSync(handle);
  };
  const asideNotes = (run: EngineRun) =>
    eventsOf(run, 'note')
      .map(event => event.problem)
      .filter(problem => problem.code === 'ledger-set-aside');

  it.each<readonly [string, (file: string) => void, RegExp]>([
    ['with a page overwritten in its middle', file => overwrite(file, 4096 * 4, 4096), /is damaged/],
    ['with its header overwritten', file => overwrite(file, 0, 100), /is damaged/],
    ['that is cut off', file => truncateSync(file, 4096 * 3), /is damaged/],
    ['that is a text file', file => writeFileSync(file, 'Dear diary.\n'.repeat(200)), /is damaged/],
    [
      'of an earlier version',
      file => {
        const database = new DatabaseSync(file);
        database.exec('ALTER TABLE message DROP COLUMN hints');
        database.close();
      },
      /was written by an earlier mailferry/,
    ],
    [
      'of another pair of mailboxes',
      file => {
        const database = new DatabaseSync(file);
        database.exec(`UPDATE about SET pair = '["another"]'`);
        database.close();
      },
      /belongs to another pair of mailboxes/,
    ],
  ])('a ledger %s is set aside with a word, and nothing is copied twice', async (_, damage, words) => {
    const state = copyOfState();
    const file = ledgerIn(state);
    damage(file);
    const before = readFileSync(file);

    const first = await run(state);
    expect([first.exitCode, first.totals]).toMatchObject([0, {copied: 0, alreadyPresent: mail, failed: 0}]);
    const [note] = asideNotes(first);
    expect(note?.sentence).toMatch(words);
    const kept = /kept as (\S+), and a new one was begun/.exec(note?.nextStep ?? '')?.[1] ?? '';
    expect(readFileSync(kept)).toEqual(before);
    expect(await readMailbox(destination, user)).toEqual(arrived);
    expect(asideNotes(await run(state))).toEqual([]);
  });

  it('a dry run leaves a damaged ledger where it is, does without it, and says so', async () => {
    const state = copyOfState();
    overwrite(ledgerIn(state), 0, 100);
    const before = readFileSync(ledgerIn(state));
    const dry = await run(state, user, {dryRun: true});
    expect(asideNotes(dry)).toMatchObject([{nextStep: expect.stringContaining('A dry run leaves it there')}]);
    expect(dry.totals).toMatchObject({skipped: 0, alreadyPresent: mail});
    expect(readFileSync(ledgerIn(state))).toEqual(before);
  });

  it('of a newer mailferry it is left alone, and nothing is copied', async () => {
    const state = copyOfState();
    const database = new DatabaseSync(ledgerIn(state));
    database.exec('PRAGMA user_version = 99');
    database.close();
    const before = readFileSync(ledgerIn(state));
    const {events, exitCode} = await run(state);
    expect(exitCode).toBe(3);
    expect(eventsOf({events}, 'request-state').at(-1)?.problem).toMatchObject({code: 'ledger-newer'});
    expect(readFileSync(ledgerIn(state))).toEqual(before);
  });

  it.each<readonly [string, (file: string) => void]>([
    ['empty', file => truncateSync(file, 0)],
    ['gone', file => rmSync(file)],
  ])('a ledger that is %s is begun anew, and nothing is copied twice', async (_, damage) => {
    const state = copyOfState();
    damage(ledgerIn(state));
    expect((await run(state)).totals).toMatchObject({copied: 0, alreadyPresent: mail, failed: 0});
    expect(await readMailbox(destination, user)).toEqual(arrived);
  });

  it.each<readonly [string, {first: readonly string[]; later: readonly string[]; gone?: string}]>([
    [
      'the other folder of its name is gone',
      {first: ['Cafe\u0301', 'Caf\u00e9'], later: [], gone: 'Cafe\u0301'},
    ],
    ['another folder of its name has come', {first: ['Caf\u00e9'], later: ['Cafe\u0301']}],
    [
      'the folder that its repaired name was taken by is gone',
      {first: ['a_b', 'a*b'], later: [], gone: 'a_b'},
    ],
  ])('without a ledger mail is found again where it went, though %s', async (what, {first, later, gone}) => {
    const [from, to] = [`${what.length}@baya.com`, `names${what.length}@vault.example`];
    const carry = (state: string) =>
      runEngine([job({server: source, user: from}, {server: destination, user: to})], {state});
    const bring = (paths: readonly string[]) =>
      fill(
        source,
        from,
        paths.map(path => ({path: [path], messages: corpus(5, {seed: path.length + path.charCodeAt(1)})})),
      );
    const state = freshState();
    await bring(first);
    expect((await carry(state)).totals).toMatchObject({copied: 5 * first.length, failed: 0});
    await bring(later);
    if (gone !== undefined) {
      const connection = await ImapConnection.open(source, from);
      await connection.command(`DELETE ${quote(encodeName(gone))}`);
      await connection.close();
    }
    expect((await carry(state)).totals).toMatchObject({copied: 5 * later.length, failed: 0});
    const there = await readMailbox(destination, to);
    expect((await carry(freshState())).totals).toMatchObject({copied: 0, failed: 0, skipped: 0});
    expect(await readMailbox(destination, to)).toEqual(there);
  });

  it.each(['-wal', ''])('the ledger of a killed run has lost its %s file: all is there once', async part => {
    const to = `killed${part}@vault.example`;
    const state = freshState();
    const killed = freshState();
    await run(state, to, {
      limits: {connections: 1},
      on: (event, handle) => {
        if (event.type !== 'messages-copied' || existsSync(join(killed, 'taken'))) return;
        // What a power cut leaves of it.
        cpSync(state, killed, {recursive: true});
        writeFileSync(join(killed, 'taken'), '');
        handle.stop();
        handle.stop();
      },
    });
    expect(existsSync(`${ledgerIn(killed)}-wal`)).toBe(true);
    rmSync(ledgerIn(killed) + part);
    const last = await run(killed, to);
    expect([last.exitCode, last.totals.failed]).toEqual([0, 0]);
    expect(countMessages(await readMailbox(destination, to))).toBe(mail);
    expect((await run(killed, to)).totals.copied).toBe(0);
  });

  /** In many containers not even root may mount. Each promise is tried in a way that needs no mount, too. */
  const withoutMount = (what: string) =>
    process.stderr.write(`\nSKIPPED: ${what} needs the right to mount one; the test after it needs none\n`);

  it('a state folder that may not be written is named, and nothing is copied', async ({skip}) => {
    const state = freshState();
    // Rights do not bind root, and only root may mount.
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', state]).status !== 0) {
      withoutMount('a read-only disk');
      return skip();
    }
    onTestFinished(() => void spawnSync('umount', [state]));
    const refused = await run(state, 'readonly@vault.example');
    expect(eventsOf(refused, 'request-state').at(-1)?.problem).toMatchObject({
      code: 'ledger-unwritable',
      sentence: expect.stringContaining(state),
    });
    expect(countMessages(await readMailbox(destination, 'readonly@vault.example'))).toBe(0);
  });

  it('a state folder that somebody else may write only is named, and nothing is copied', async () => {
    const state = freshState();
    chmodSync(state, 0o500);
    const to = 'forbidden@vault.example';
    // Rights do not bind root: from when the run begins until it has ended this process is nobody.
    const root = process.geteuid?.() === 0;
    const asRoot = () => root && process.seteuid?.(0);
    onTestFinished(() => {
      asRoot();
      chmodSync(state, 0o700);
    });
    const refused = await run(state, to, {
      ports: {
        now: () => {
          if (root) process.seteuid?.(65_534);
          return Date.now();
        },
      },
    }).finally(asRoot);
    expect(eventsOf(refused, 'request-state').at(-1)?.problem).toMatchObject({
      code: 'ledger-unwritable',
      sentence: expect.stringContaining(state),
    });
    expect(countMessages(await readMailbox(destination, to))).toBe(0);
  });

  it('a ledger where no file can be is named, and nothing is copied', async () => {
    const gone = join(freshState(), 'gone');
    const state = freshState();
    const refused = await run(state, 'nowhere@vault.example', {
      ports: {
        // As a link to another disk is left when that is taken out, just when the run begins.
        now: () => {
          if (existsSync(state)) {
            rmSync(state, {recursive: true});
            symlinkSync(gone, state);
          }
          return Date.now();
        },
      },
    });
    expect(eventsOf(refused, 'request-state').at(-1)?.problem).toMatchObject({
      code: 'ledger-unwritable',
      sentence: expect.stringContaining(state),
    });
    expect(countMessages(await readMailbox(destination, 'nowhere@vault.example'))).toBe(0);
  });

  it('the disk fills up in the middle: the run says so, the next one brings the rest, once', async ({
    skip,
  }) => {
    const to = 'full@vault.example';
    const state = join(freshState(), 'small');
    mkdirSync(state);
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'none', state]).status !== 0) {
      withoutMount('a full disk');
      return skip();
    }
    onTestFinished(() => void spawnSync('umount', [state]));
    const full = await run(state, to, {limits: {connections: 1}});
    expect(full.exitCode).toBe(3);
    expect(eventsOf(full, 'request-state').at(-1)?.problem).toMatchObject({code: 'disk-full'});
    const before = countMessages(await readMailbox(destination, to));
    expect(spawnSync('mount', ['-o', 'remount,size=50m', state]).status).toBe(0);
    const next = await run(state, to);
    expect([next.exitCode, next.totals]).toMatchObject([0, {selected: mail, failed: 0}]);
    expect([next.totals.alreadyPresent, before < mail]).toEqual([before, true]);
    expect(countMessages(await readMailbox(destination, to))).toBe(mail);
  });

  it('the ledger is refused room in the middle: the run says so, the next one brings the rest, once', async () => {
    const [from, to] = ['many@baya.com', 'no-room@vault.example'];
    const many = 600;
    await fill(source, from, [{path: ['INBOX'], messages: plainMail(many, 83)}]);
    const state = freshState();
    const carry = () =>
      runEngine([job({server: source, user: from}, {server: destination, user: to})], {state});
    // Its tables take 8 pages, with all of this mail it is several times as large.
    const makeRoom = fillLedgersAt(16);
    onTestFinished(makeRoom);
    const full = await carry();
    expect(full.exitCode).toBe(3);
    expect(eventsOf(full, 'request-state').at(-1)?.problem).toMatchObject({code: 'disk-full'});
    const before = countMessages(await readMailbox(destination, to));
    makeRoom();
    const next = await carry();
    expect([next.exitCode, next.totals]).toMatchObject([0, {selected: many, failed: 0}]);
    expect([next.totals.alreadyPresent, before > 0, before < many]).toEqual([before, true, true]);
    expect(countMessages(await readMailbox(destination, to))).toBe(many);
  });

  const report = (id: string, more = '') =>
    Buffer.from(
      `From: a@example.org\r\n${id}Date: Mon, 2 Mar 1998 09:10:11 +0530\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n--b\n\nhello\nworld\n${more}--b\nContent-Type: message/delivery-status\n\nline one\nline two\n--b--\n`,
    );
  const fed = 'Message-ID: <fed@example.org>\r\n';
  const lines = (megabytes: number) => 'a line of that\n'.repeat((megabytes * 1024 * 1024) / 15);

  it.each([
    ['small', [report(fed), report('')]],
    ['longer only when they are mended', [report(fed, lines(7.8))]],
  ])(
    'bare line feeds that the destination mends (%s): an answer is lost, then the ledger, and nothing is there twice',
    async (size, reports) => {
      const kept = new StoredMail('pass');
      for (const bytes of [...plainMail(6, 1).map(each => each.bytes), ...reports])
        kept.find('INBOX')?.add({bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
      const from = await startImapServer({mailboxes: new Map([['fed@baya.com', kept]]), now: Date.now});
      let lost = 0;
      const to = await startMeddler(destination.imapPort, {
        down: (chunk, wire) => {
          if (lost > 0 || !chunk.includes('APPENDUID')) return false;
          lost += 1;
          wire.cut();
          return true;
        },
      });
      try {
        const carry = () =>
          runEngine(
            [
              job(
                {server: {host: from.host, imapPort: from.port}, user: 'fed@baya.com', provider: 'imap'},
                {server: to, user: `fed-${size.length}@vault.example`},
              ),
            ],
            {limits: {settleMs: 250}},
          );
        const [first, second] = [await carry(), await carry()];
        const there = countMessages(await readMailbox(destination, `fed-${size.length}@vault.example`));
        expect([lost, first.totals.copied, second.totals.copied, there]).toEqual([
          1,
          6 + reports.length,
          0,
          6 + reports.length,
        ]);
      } finally {
        to.close();
        await from.stop();
      }
    },
  );
});
