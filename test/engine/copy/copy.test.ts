// The engine between two real Dovecots: what a request asks for arrives once, as it was.
import {rmSync} from 'node:fs';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {countMessages, expectSameMail, fill, type Mailbox, readMailbox} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {exchangeTree, fillTree, germanTree, oddNames} from '../../helpers/mail-folders.ts';
import {type Dovecot, type DovecotOptions, describeDovecot, startDovecot} from '../../servers/dovecot.ts';

/** Where the plan said each selected folder goes, and which were left out. */
function planOf(run: EngineRun): {places: Map<string, string>; leftOut: string[]} {
  const folders = eventsOf(run, 'folders-planned').flatMap(event => event.folders);
  return {
    places: new Map(
      folders.filter(folder => folder.selected).map(folder => [folder.source, folder.destination]),
    ),
    leftOut: folders.filter(folder => !folder.selected).map(folder => folder.source),
  };
}

/** '\/' in a shown path is a '/' of the name itself; the reader of the tests joins levels by the server's separator. */
function shownBy(separator: string): (path: string) => string {
  return path =>
    path
      .split(separator)
      .map(level => level.replace(/[\\/]/g, '\\$&'))
      .join('/');
}

function expectCopied(source: Mailbox, destination: Mailbox, run: EngineRun, separator = '/'): void {
  const {places} = planOf(run);
  const shown = shownBy(separator);
  expectSameMail(source, destination, path => places.get(shown(path)));
}

describeDovecot('a request between two Dovecots', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startDovecot(),
      startDovecot({separator: '.', prefix: 'INBOX.'}),
    ]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  const pair = (user: string, options = {}) => [
    job(
      {server: source, user: `${user}@baya.com`},
      {server: destination, user: `${user}@vault.example`},
      options,
    ),
  ];

  it('carries every selected message once, and a second run copies only what is new', async () => {
    await fill(
      source,
      'john@baya.com',
      fillTree(exchangeTree, {seed: 1, messages: 700, bigBytes: 6_000_000}),
    );
    const state = freshState();
    const work = pair('john');
    const first = await runEngine(work, {state});
    expect(first.exitCode).toBe(0);
    const mail = await readMailbox(source, 'john@baya.com');
    const arrived = await readMailbox(destination, 'john@vault.example');
    expectCopied(mail, arrived, first);
    const {places, leftOut} = planOf(first);
    expect(places.size).toBeGreaterThanOrEqual(8);
    expect(first.totals.copied).toBe(countMessages(arrived));
    expect(first.totals.copied).toBeGreaterThanOrEqual(250);
    for (const excluded of ['Calendar', 'Contacts', 'Tasks', 'Deleted Items'])
      expect(leftOut.filter(path => path.startsWith(excluded)).length).toBeGreaterThan(1);

    const second = await runEngine(work, {state});
    expect(second.exitCode).toBe(0);
    expect(second.totals).toMatchObject({
      copied: 0,
      alreadyPresent: first.totals.copied,
      failed: 0,
      skipped: 0,
    });

    await fill(source, 'john@baya.com', [
      {path: ['INBOX'], messages: corpus(10, {seed: 77, repeats: false})},
    ]);
    const third = await runEngine(work, {state});
    expect(third.totals).toMatchObject({copied: 10, alreadyPresent: first.totals.copied});
    expectCopied(
      await readMailbox(source, 'john@baya.com'),
      await readMailbox(destination, 'john@vault.example'),
      third,
    );
    // The listing names each selected message once, and says by which run it came.
    const results = Map.groupBy(third.rows, row => row.result);
    expect(results.get('copied')).toHaveLength(10);
    expect(results.get('already present')).toHaveLength(first.totals.copied);
    expect(third.rows).toHaveLength(first.totals.copied + 10);
  });

  it('copies nothing twice without its ledger, whatever identifies the messages', async () => {
    await fill(source, 'ann@baya.com', fillTree(germanTree, {seed: 2, messages: 260, repeats: true}));
    const work = pair('ann');
    const state = freshState();
    const first = await runEngine(work, {state});
    expect(first.exitCode).toBe(0);
    rmSync(state, {recursive: true});
    const second = await runEngine(work, {state: freshState()});
    expect(second.totals).toMatchObject({copied: 0, alreadyPresent: first.totals.copied, failed: 0});
    expectCopied(
      await readMailbox(source, 'ann@baya.com'),
      await readMailbox(destination, 'ann@vault.example'),
      second,
    );
    expect(planOf(first).leftOut).toEqual(expect.arrayContaining(['Kalender', 'Aufgaben', 'Kontakte']));
  });

  it('gives every odd name a place of its own, and says what it changed', async () => {
    await fill(source, 'odd@baya.com', fillTree(oddNames, {seed: 3, messages: 60, repeats: false}));
    const run = await runEngine(pair('odd'));
    expect(run.exitCode).toBe(0);
    expect(run.totals.failed).toBe(0);
    expectCopied(
      await readMailbox(source, 'odd@baya.com'),
      await readMailbox(destination, 'odd@vault.example'),
      run,
    );
    const notes = eventsOf(run, 'folders-planned')[0]?.folders.flatMap(folder => folder.notes) ?? [];
    expect(notes.join('\n')).toContain('the destination uses "." to separate folders');
  });

  it('keeps to the days and the folder that were asked for', async () => {
    const at = (date: string) => ({date, flags: ['\\Seen'], kind: 'twice' as const});
    const message = (id: number, date: string) => ({
      ...at(date),
      bytes: Buffer.from(
        `Message-ID: <${id}@example.org>\r\nDate: ${date}\r\nFrom: a@example.org\r\n\r\n${id}\r\n`,
      ),
    });
    await fill(source, 'days@baya.com', [
      {path: ['INBOX'], messages: [message(1, '01-Jan-2019 00:00:00 +0000')]},
      {
        path: ['meetings', 'jun 2019'],
        messages: [
          message(2, '31-Dec-2018 23:59:59 +0000'),
          message(3, '01-Jan-2019 00:00:00 +0000'),
          message(4, '31-Jan-2019 23:59:59 +0000'),
          message(5, '01-Feb-2019 00:00:00 +0000'),
        ],
      },
      {path: ['meetings', 'jun 2019', 'below'], messages: [message(6, '15-Jan-2019 12:00:00 +0000')]},
    ]);
    const run = await runEngine(
      pair('days', {since: '2019-01-01', before: '2019-02-01', sourceFolder: 'meetings/jun 2019'}),
    );
    expect(run.totals).toMatchObject({selected: 3, copied: 3});
    const arrived = await readMailbox(destination, 'days@vault.example', {wholeBytes: true});
    const ids = [...arrived.values()].flat().map(stored => /<(\d)@/.exec(stored.bytes.toString())?.[1]);
    expect(ids.sort()).toEqual(['3', '4', '6']);
    expect([...arrived].filter(([, stored]) => stored.length > 0).map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'INBOX.Data17012018.meetings.jun 2019',
        'INBOX.Data17012018.meetings.jun 2019.below',
      ]),
    );
  });

  it('says so where the source folder is not there, and copies nothing', async () => {
    await fill(source, 'typo@baya.com', [{path: ['Projects'], messages: corpus(2, {seed: 4})}]);
    const run = await runEngine(pair('typo', {sourceFolder: 'Project'}));
    expect(run.exitCode).toBe(2);
    const states = eventsOf(run, 'request-state');
    expect(states.at(-1)).toMatchObject({state: 'Invalid', problem: {code: 'source-folder-not-found'}});
    expect(states.at(-1)?.problem?.nextStep).toContain('Projects');
    expect(countMessages(await readMailbox(destination, 'typo@vault.example'))).toBe(0);
  });

  it('leaves the source as it was: no flag, no message changed', async () => {
    await fill(source, 'calm@baya.com', [
      {path: ['INBOX'], messages: corpus(30, {seed: 5}).map(message => ({...message, flags: []}))},
    ]);
    const before = await readMailbox(source, 'calm@baya.com');
    await runEngine(pair('calm'));
    expect(await readMailbox(source, 'calm@baya.com')).toEqual(before);
  });

  it('copies several users at once', async () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
    for (const [index, user] of users.entries())
      await fill(source, `${user}@baya.com`, [{path: ['INBOX'], messages: corpus(25, {seed: 100 + index})}]);
    const jobs = users.flatMap((user, request) => pair(user, {request}));
    const run = await runEngine(jobs, {mailboxes: 3});
    expect(run.exitCode).toBe(0);
    for (const user of users)
      expectCopied(
        await readMailbox(source, `${user}@baya.com`),
        await readMailbox(destination, `${user}@vault.example`),
        run,
      );
  });

  it("leaves other users' and shared folders out, and says so", async () => {
    const shared = await startDovecot({
      extra: `namespace public {
  type = public
  separator = /
  prefix = Public/
  location = sdbox:~/public
  subscriptions = no
  list = yes
}`,
    });
    try {
      await fill(shared, 'pub@baya.com', [
        {path: ['INBOX'], messages: corpus(3, {seed: 41, repeats: false})},
        {path: ['Public', 'Notice board'], messages: corpus(2, {seed: 42, repeats: false})},
      ]);
      const run = await runEngine([
        job({server: shared, user: 'pub@baya.com'}, {server: destination, user: 'pub@vault.example'}),
      ]);
      expect(run.totals).toMatchObject({selected: 3, copied: 3});
      const folders = eventsOf(run, 'folders-planned')[0]?.folders ?? [];
      expect(folders.find(folder => folder.source === 'Public/Notice board')).toMatchObject({
        selected: false,
        reason: expect.stringContaining('shared'),
      });
    } finally {
      await shared.stop();
    }
  });

  it('runs two requests of the same pair one after the other: the second finds all there', async () => {
    await fill(source, 'same@baya.com', [{path: ['INBOX'], messages: corpus(40, {seed: 51})}]);
    const run = await runEngine([...pair('same'), ...pair('same', {request: 1})], {mailboxes: 2});
    expect(run.exitCode).toBe(0);
    expect(eventsOf(run, 'request-finished').map(event => event.counts)).toMatchObject([
      {copied: 40, alreadyPresent: 0},
      {copied: 0, alreadyPresent: 40},
    ]);
  });

  it('runs two requests one after the other whose folders differ in case alone: some servers take them for one', async () => {
    await fill(source, 'case@baya.com', [{path: ['INBOX'], messages: corpus(5, {seed: 52})}]);
    const run = await runEngine(
      [...pair('case', {destinationFolder: 'Old'}), ...pair('case', {destinationFolder: 'OLD', request: 1})],
      {mailboxes: 2},
    );
    expect(run.exitCode).toBe(0);
    expect(
      eventsOf(run, 'request-state').flatMap(({request, state}) =>
        state === 'Verifying' || state === 'Processed' ? [`${request} ${state}`] : [],
      ),
    ).toEqual(['0 Verifying', '0 Processed', '1 Verifying', '1 Processed']);
  });

  it('copies nothing in a dry run, and says what it would copy', async () => {
    await fill(source, 'dry@baya.com', [{path: ['INBOX'], messages: corpus(12, {seed: 6})}]);
    const run = await runEngine(pair('dry'), {dryRun: true});
    expect(run.exitCode).toBe(0);
    expect(run.totals).toMatchObject({selected: 12, copied: 0, skipped: 12});
    expect([...(await readMailbox(destination, 'dry@vault.example')).keys()]).toEqual(['INBOX']);
  });
});

/** Servers that can less, and what the writer makes of it. */
const lesser: readonly (readonly [string, DovecotOptions])[] = [
  ['no MULTIAPPEND: pipelined APPEND', {hide: ['MULTIAPPEND']}],
  ['neither MULTIAPPEND nor LITERAL+: one at a time', {hide: ['MULTIAPPEND', 'LITERAL+']}],
  ['no UIDPLUS: confirmed by looking', {hide: ['UIDPLUS']}],
  [
    'nothing but IMAP4rev1',
    {
      hide: [
        'MULTIAPPEND',
        'LITERAL+',
        'UIDPLUS',
        'LIST-STATUS',
        'LIST-EXTENDED',
        'STATUS=SIZE',
        'SPECIAL-USE',
        'NAMESPACE',
      ],
    },
  ],
];

describeDovecot('a destination that can less', () => {
  let source: Dovecot;
  beforeAll(async () => {
    source = await startDovecot();
    await fill(source, 'john@baya.com', [
      {path: ['INBOX'], messages: corpus(60, {seed: 7, repeats: true})},
      {path: ['Sent Items'], messages: corpus(30, {seed: 8})},
      {path: ['Projects', 'Übersicht'], messages: corpus(20, {seed: 9})},
    ]);
  });
  afterAll(async () => source?.stop());

  for (const [name, options] of lesser)
    it(name, async () => {
      const destination = await startDovecot(options);
      try {
        const state = freshState();
        const work = [
          job({server: source, user: 'john@baya.com'}, {server: destination, user: 'john@vault.example'}),
        ];
        const first = await runEngine(work, {state});
        expect(first.exitCode).toBe(0);
        const mail = await readMailbox(source, 'john@baya.com');
        expectCopied(mail, await readMailbox(destination, 'john@vault.example'), first);
        const second = await runEngine(work, {state});
        expect(second.totals).toMatchObject({copied: 0, alreadyPresent: 110});
        const third = await runEngine(work, {state: freshState()});
        expect(third.totals).toMatchObject({copied: 0, alreadyPresent: 110});
      } finally {
        await destination.stop();
      }
    });

  it('names the one message that is refused and carries the others of its batch', async () => {
    const destination = await startDovecot({largestMessage: 1_000_000});
    try {
      await fill(source, 'large@baya.com', [
        {
          path: ['INBOX'],
          messages: [
            ...corpus(20, {seed: 10, repeats: false}),
            {...bigOne(1_500_000), kind: 'attachment' as const},
            ...corpus(20, {seed: 11, repeats: false}),
          ],
        },
      ]);
      const run = await runEngine([
        job({server: source, user: 'large@baya.com'}, {server: destination, user: 'large@vault.example'}),
      ]);
      expect(run.exitCode).toBe(3);
      expect(run.totals).toMatchObject({selected: 41, copied: 40, failed: 1});
      const [failed] = eventsOf(run, 'message-failed');
      expect(failed).toMatchObject({message: {uid: 21}, problem: {code: 'message-too-large'}});
      expect(run.rows.filter(row => row.result === 'failed')).toMatchObject([
        {sourceUid: 21, code: 'message-too-large'},
      ]);
    } finally {
      await destination.stop();
    }
  });

  it('stops at a full mailbox, names what is left, and goes on when there is room', async () => {
    const destination = await startDovecot({quotaBytes: 300_000});
    try {
      await fill(source, 'full@baya.com', [
        {path: ['INBOX'], messages: corpus(30, {seed: 12, repeats: false, kinds: ['plain']}).map(padded)},
      ]);
      const run = await runEngine([
        job({server: source, user: 'full@baya.com'}, {server: destination, user: 'full@vault.example'}),
      ]);
      expect(run.exitCode).toBe(3);
      expect(eventsOf(run, 'request-state').at(-1)).toMatchObject({
        state: 'Failed',
        problem: {code: 'over-quota'},
      });
      const {selected, copied, failed} = run.totals;
      expect(copied + failed).toBe(selected);
      expect(run.rows.filter(row => row.result === 'failed')).toHaveLength(failed);
      expect(countMessages(await readMailbox(destination, 'full@vault.example'))).toBe(copied);
    } finally {
      await destination.stop();
    }
  });
});

function bigOne(bytes: number) {
  return {
    bytes: Buffer.from(
      `Message-ID: <big@example.org>\r\nFrom: a@example.org\r\nSubject: big\r\n\r\n${'x'
        .repeat(70)
        .concat('\r\n')
        .repeat(bytes / 72)}`,
    ),
    flags: [],
    date: '05-Jun-2019 07:08:09 +0200',
  };
}

function padded<Message extends {readonly bytes: Buffer}>(message: Message): Message {
  return {...message, bytes: Buffer.concat([message.bytes, Buffer.alloc(30_000, 'padding\r\n')])};
}
