// What is listed of a run's messages is what it has counted.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type ImapServer, startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {
  type EngineOptions,
  type EngineRun,
  eventsOf,
  freshState,
  job,
  runEngine,
} from '../../helpers/engine.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Meddler, startMeddler} from '../../servers/meddler.ts';

const from = new Map<string, Mailbox>();
const to = new Map<string, Mailbox>();
let source: ImapServer;
let destination: ImapServer;
/** To the destination, which refuses mail with POISON in it while it is set. */
let line: Meddler;
let poison = true;

beforeAll(async () => {
  source = await startImapServer({mailboxes: from, now: Date.now});
  destination = await startImapServer({mailboxes: to, now: Date.now});
  line = await startMeddler(
    destination.port,
    meddleWithCommands(({text, literals}) =>
      poison && text.startsWith('APPEND ') && literals.some(each => each.includes('POISON'))
        ? 'NO [CANNOT] Not this one'
        : undefined,
    ),
  );
});
afterAll(async () => {
  line?.close();
  await Promise.all([source?.stop(), destination?.stop()]);
});

/** Nine messages in Box, of which the fifth is refused and of another day, and five in Other. */
function fill(user: string): Mailbox {
  poison = true;
  const mailbox = new Mailbox('pass');
  from.set(`${user}@baya.example`, mailbox);
  to.set(`${user}@vault.example`, new Mailbox('pass'));
  for (const [index, {bytes}] of plainMail(9, 1).entries()) {
    const refused = plainMail(1, 2, 'POISON')[0]?.bytes ?? bytes;
    const [mail, year] = index === 4 ? [refused, 2020] : [bytes, 1996];
    mailbox.create('Box').add({bytes: mail, flags: [], date: `17-Jul-${year} 02:44:25 -0700`});
  }
  for (const {bytes} of plainMail(5, 3))
    mailbox.create('Other').add({bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
  return mailbox;
}

function jobOf(user: string, options: Parameters<typeof job>[2] = {}) {
  return job(
    {server: {host: source.host, imapPort: source.port}, user: `${user}@baya.example`, provider: 'imap'},
    {server: line, user: `${user}@vault.example`},
    options,
  );
}

const run = (user: string, options: EngineOptions, what: Parameters<typeof job>[2] = {}) =>
  runEngine([jobOf(user, what)], {limits: {connections: 1, settleMs: 250}, ...options});

/** What the list says, by result. */
function listed({rows}: EngineRun, request = 0): Record<string, number> {
  const mine = rows.filter(row => row.request === request);
  return Object.fromEntries(
    [...Map.groupBy(mine, row => row.result)].map(([result, {length}]) => [result, length]),
  );
}

it('what a mailbox that is tried again has copied in the same run is copied, in its counts and in its list', async () => {
  const bytes = fill('again').folders.reduce((all, folder) => all + folder.bytes, 0);
  fill('waits');
  let attempts = 0;
  const twice = await runEngine([jobOf('again'), jobOf('waits', {request: 1})], {
    mailboxes: 1,
    limits: {connections: 1, settleMs: 250},
    on: (event, handle) => {
      // The other one keeps the run from ending.
      if (event.type === 'run-started') handle.pause(1);
      if (event.type !== 'request-finished' || event.request !== 0) return;
      poison = false;
      const first = ++attempts === 1;
      setImmediate(() => (first ? handle.retryFailed(0) : handle.resume(1)));
    },
  });
  const finished = eventsOf(twice, 'request-finished').filter(({request}) => request === 0);
  expect(finished.map(({counts}) => counts)).toMatchObject([
    {copied: 13, failed: 1},
    {copied: 14, alreadyPresent: 0, failed: 0, bytes},
  ]);
  expect(listed(twice)).toEqual({copied: 14});
});

it.each(['deleted at the source', 'not asked for any more'])(
  'what failed before, and is %s, is not listed',
  async how => {
    const user = `before${how.length}`;
    const mailbox = fill(user);
    const state = freshState();
    const first = await run(user, {state});
    expect([first.totals, listed(first)]).toMatchObject([
      {copied: 13, failed: 1},
      {copied: 13, failed: 1},
    ]);
    const deleted = how.startsWith('deleted');
    if (deleted) mailbox.find('Box')?.messages.splice(4, 1);
    const second = await run(user, {state}, deleted ? {} : {before: '2010-01-01'});
    expect(second.totals).toMatchObject({alreadyPresent: 13, copied: 0, skipped: 0, failed: 0});
    expect(listed(second)).toEqual({'already present': 13});
  },
);

it('of a folder that cannot be opened it is told that its dates are not known', async () => {
  fill('shut');
  const shut = await startMeddler(
    source.port,
    meddleWithCommands(({text}) => (/^EXAMINE "?Box/.test(text) ? 'NO [NOPERM] Not for you' : undefined)),
  );
  try {
    const to = {server: line, user: 'shut@vault.example'};
    const from = {server: shut, user: 'shut@baya.example', provider: 'imap' as const};
    for (const [days, codes] of [
      [{since: '2010-01-01'}, ['dates-not-known']],
      [{}, []],
    ] as const) {
      const failed = await runEngine([job(from, to, days)], {limits: {connections: 1, settleMs: 250}});
      expect(failed.totals).toMatchObject({failed: 9});
      expect(eventsOf(failed, 'note').map(({problem}) => problem.code)).toEqual(codes);
    }
  } finally {
    shut.close();
  }
});

it('what failed before, and was not come to now, is listed as skipped with what it is', async () => {
  fill('dry');
  const state = freshState();
  await run('dry', {state});
  const dry = await run('dry', {state, dryRun: true});
  expect(dry.totals).toMatchObject({alreadyPresent: 13, skipped: 1, failed: 0});
  expect(listed(dry)).toEqual({'already present': 13, skipped: 1});
  expect(dry.rows.find(({result}) => result === 'skipped')).toMatchObject({
    code: 'dry-run',
    subject: 'm 2 0',
  });
});

it('what an earlier run brought is listed as brought by it where its folder is left out now, or is gone', async () => {
  fill('left-out');
  poison = false;
  const state = freshState();
  await run('left-out', {state, run: 'first'});
  const there = to.get('left-out@vault.example')?.find('Data17012018/Other');
  for (const {bytes, date} of plainMail(1, 4)) there?.add({bytes, flags: [], date: date ?? ''});
  // Once read from the server, once as the ledger keeps it.
  for (const name of ['second', 'third']) {
    const later = await run('left-out', {state, run: name}, {exclude: ['Other']});
    expect(listed(later)).toEqual({'already present': 9, earlier: 5, other: 1});
    const earlier = later.rows.filter(({result}) => result === 'earlier');
    expect(earlier.map(({sourceFolder, sourceUid, run: by}) => [sourceFolder, sourceUid, by])).toEqual(
      [1, 2, 3, 4, 5].map(uid => ['Other', uid, 'first']),
    );
  }
  // Numbered anew since: its UIDs are not those that it was brought under.
  for (const name of readdirSync(state).filter(file => file.endsWith('.sqlite'))) {
    const ledger = new DatabaseSync(join(state, name));
    ledger.exec(`UPDATE folder SET destination_uid_validity = 7 WHERE source = '["Other"]'`);
    ledger.close();
  }
  const last = await run('left-out', {state}, {exclude: ['Other']});
  expect(listed(last)).toEqual({'already present': 9, other: 6});
});

it.each(['throttled', 'lost', 'away'])(
  'the list ends at a destination that is %s, which costs no mail, and says so in words that hold',
  async how => {
    fill(how);
    poison = false;
    for (const folder of ['A', 'B'])
      to.get(`${how}@vault.example`)
        ?.create(`Data17012018/${folder}`)
        .add({
          bytes: plainMail(1, 5)[0]?.bytes ?? Buffer.of(),
          flags: [],
          date: '17-Jul-1996 02:44:25 -0700',
        });
    const opened: string[] = [];
    let done = false;
    const broken = await startMeddler(destination.port, {
      line: (text, wire) => {
        // Its connections are closed once all mail is there; the list opens one of its own.
        done ||= how === 'away' && /^\S+ LOGOUT/.test(text);
        if (done && /^\S+ (?:LOGIN|AUTHENTICATE)/.test(text)) {
          opened.push('none');
          wire.cut();
          return true;
        }
        const [, tag = '', folder = ''] = /^(\S+) EXAMINE "?Data17012018\/([AB])\b/.exec(text) ?? [];
        if (folder === '' || how === 'away') return false;
        opened.push(folder);
        if (how === 'lost') wire.cut();
        else wire.answer(`${tag} NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n`);
        return true;
      },
    });
    try {
      const {what, ...rest} = jobOf(how);
      const to = {...what.destination, port: broken.imapPort};
      const told = await runEngine([{...rest, what: {...what, destination: to}}], {
        limits: {connections: 1, settleMs: 250},
      });
      expect(told).toMatchObject({exitCode: 0, totals: {copied: 14, failed: 0}});
      expect(opened).toHaveLength(1);
      const notes = eventsOf(told, 'note').map(({problem}) => problem);
      expect(notes).toMatchObject([
        {code: 'list-not-whole', verdict: 'skip', sentence: expect.stringContaining('after it')},
      ]);
      expect(notes[0]?.nextStep).toMatch(/^Nothing of this request is missing/);
    } finally {
      broken.close();
    }
  },
);

it('what one request of a run has brought is present already for another of the same two mailboxes', async () => {
  fill('overlapping');
  poison = false;
  const state = freshState();
  const both = () =>
    runEngine([jobOf('overlapping', {sourceFolder: 'Box'}), jobOf('overlapping', {request: 1})], {
      state,
      run: 'both',
      limits: {connections: 1},
    });
  const first = await both();
  expect(first.totals).toMatchObject({copied: 14, alreadyPresent: 9});
  expect(listed(first, 0)).toEqual({copied: 9});
  expect(listed(first, 1)).toEqual({copied: 5, 'already present': 9});
  expect(new Set(first.rows.map(row => row.run))).toEqual(new Set(['both']));
});
