// What people and servers do to either mailbox between two runs: nothing is lost or doubled by it, and it is said.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type EngineRun, eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill, readMailbox, type StoredMessage} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';

/** Below this one all copies go. */
const root = 'Data17012018';

describeDovecot('between two runs', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  const users = (name: string) => ({source: `${name}@baya.com`, destination: `${name}@vault.example`});

  /** Two folders of hard mail, carried once. */
  async function carried(name: string) {
    const user = users(name);
    await fill(source, user.source, [
      {path: ['Box'], messages: corpus(30, {seed: 71})},
      {path: ['Other'], messages: plainMail(5, 72)},
    ]);
    const state = freshState();
    const run = () =>
      runEngine([job({server: source, user: user.source}, {server: destination, user: user.destination})], {
        state,
      });
    expect((await run()).totals).toMatchObject({copied: 35, failed: 0});
    return {user, run, there: () => there(user.destination)};
  }

  /** Digests of what is at the destination, sorted, by folder. */
  async function there(user: string): Promise<Record<string, string[]>> {
    const mailbox = await readMailbox(destination, user);
    return Object.fromEntries(
      [...mailbox].map(([path, all]) => [path, all.map(({sha256}) => sha256).sort()]),
    );
  }

  async function at(server: Dovecot, user: string, ...commands: readonly string[]): Promise<void> {
    const connection = await ImapConnection.open(server, user);
    for (const command of commands) await connection.command(command);
    await connection.close();
  }

  /** Deleted and restored: another UIDVALIDITY, the same mail with other UIDs. */
  async function restore(server: Dovecot, user: string, path: string): Promise<void> {
    const kept = (await readMailbox(server, user, {wholeBytes: true})).get(path) ?? [];
    await at(server, user, `DELETE "${path}"`);
    const connection = await ImapConnection.open(server, user);
    await connection.command(`CREATE "${path}"`);
    await connection.append(
      path,
      kept
        .toReversed()
        .map(({bytes, flags, internalDate}: StoredMessage) => ({bytes, flags, date: internalDate})),
    );
    await connection.close();
  }

  const notes = (run: EngineRun) => eventsOf(run, 'note').map(event => event.problem.code);
  const remove = (uid: number) => [`UID STORE ${uid} +FLAGS (\\Deleted)`, `UID EXPUNGE ${uid}`];

  it.each([
    ['the source', ['source']],
    ['the destination', ['destination']],
    ['both', ['source', 'destination']],
  ] as const)('%s renumbered a folder: nothing is copied again, and it is said', async (name, ends) => {
    const {user, run, there: now} = await carried(`renumbered-${name.replaceAll(' ', '-')}`);
    const before = await now();
    for (const end of ends)
      if (end === 'source') await restore(source, user.source, 'Box');
      else await restore(destination, user.destination, `${root}/Box`);
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 35, failed: 0}]);
    expect(notes(again)).toEqual(['uidvalidity-changed']);
    expect(await now()).toEqual(before);
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 35});
  });

  /** Copies in the folder Box, some with a Message-ID and some without. */
  const someCopies = [1, 4, 7, 12, 18, 25];
  const removeCopies = (user: string) =>
    at(destination, user, `SELECT ${root}/Box`, ...someCopies.flatMap(uid => remove(uid)));

  it.each<readonly [string, (user: {source: string; destination: string}) => Promise<void>]>([
    ['renumbered the folder', ({source: user}) => restore(source, user, 'Box')],
    [
      'got them back from another folder',
      ({source: user}) =>
        at(
          source,
          user,
          'CREATE Away',
          'SELECT Box',
          'UID MOVE 1:30 Away',
          'SELECT Away',
          'UID MOVE 1:* Box',
          'DELETE Away',
        ),
    ],
  ])(
    'copies were deleted, and then the source %s: they are not brought back, and it is said',
    async (what, change) => {
      const {user, run, there: now} = await carried(`deleted-${what.length}`);
      await removeCopies(user.destination);
      const after = await now();
      const first = await run();
      expect(first.totals).toMatchObject({copied: 0, alreadyPresent: 29, skipped: 6});
      await change(user);
      const again = await run();
      expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 29, skipped: 6}]);
      expect(eventsOf(again, 'message-skipped').map(event => event.problem.code)).toEqual(
        Array.from({length: 6}, () => 'copy-deleted'),
      );
      expect(await now()).toEqual(after);
      expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 29, skipped: 6});
    },
  );

  it('copies were deleted and the source renumbered the folder before any run saw either: they are not brought back', async () => {
    const {user, run, there: now} = await carried('deleted-at-once');
    await removeCopies(user.destination);
    await restore(source, user.source, 'Box');
    const after = await now();
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 29, skipped: 6}]);
    expect(notes(again).sort()).toEqual(['copies-deleted', 'uidvalidity-changed']);
    expect(await now()).toEqual(after);
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 29, skipped: 6});
  });

  it('copies were deleted, and then the destination renumbered the folder: they are not brought back', async () => {
    const {user, run, there: now} = await carried('deleted-there');
    await removeCopies(user.destination);
    await run();
    const after = await now();
    await restore(destination, user.destination, `${root}/Box`);
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 29, skipped: 6}]);
    expect(await now()).toEqual(after);
  });

  it('a run without the ledger took only some of the mail: a later one that takes all brings none twice', async () => {
    const user = users('filtered');
    const dated = plainMail(20, 74).map((message, index) => ({
      ...message,
      date: `${10 + index}-Jul-1996 02:44:25 -0700`,
    }));
    await fill(source, user.source, [{path: ['Box'], messages: dated}]);
    const run = (state: string, since?: string) =>
      runEngine(
        [
          job(
            {server: source, user: user.source},
            {server: destination, user: user.destination},
            since === undefined ? {} : {since},
          ),
        ],
        {state},
      );
    await run(freshState());
    const before = await there(user.destination);
    const state = freshState();
    expect((await run(state, '1996-07-20')).totals).toMatchObject({selected: 10, alreadyPresent: 10});
    expect((await run(state)).totals).toMatchObject({copied: 0, alreadyPresent: 20});
    expect(await there(user.destination)).toEqual(before);
  });

  it('a message was deleted at both ends: the next run ends in order', async () => {
    const {user, run} = await carried('both-ends');
    await at(source, user.source, 'SELECT Other', ...remove(2));
    await at(destination, user.destination, `SELECT ${root}/Other`, ...remove(2));
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([
      0,
      {selected: 34, copied: 0, alreadyPresent: 34, skipped: 0},
    ]);
  });

  it('messages were moved between folders: each is where either end has put it, none twice', async () => {
    const {user, run, there: now} = await carried('moved');
    const before = await now();
    await at(source, user.source, 'SELECT Other', 'UID MOVE 1 Box');
    await at(destination, user.destination, `SELECT ${root}/Other`, `UID MOVE 5 ${root}/Box`);
    const again = await run();
    // The one that moved at the source is new in its folder; the one that moved at the destination is not brought back.
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 1, alreadyPresent: 33, skipped: 1}]);
    expect(notes(again)).toContain('copies-deleted');
    const after = await now();
    expect(after[`${root}/Other`]).toHaveLength((before[`${root}/Other`]?.length ?? 0) - 1);
    expect(after[`${root}/Box`]).toHaveLength((before[`${root}/Box`]?.length ?? 0) + 2);
    expect((await run()).totals).toMatchObject({copied: 0, skipped: 1});
    expect(await now()).toEqual(after);
  });

  it('mail was moved away and back at the source, without a Message-ID too: it is known again by its content', async () => {
    const {user, run, there: now} = await carried('away-and-back');
    const before = await now();
    await at(source, user.source, 'CREATE Away', 'SELECT Box', 'UID MOVE 1:20 Away', 'SELECT Away');
    await at(source, user.source, 'SELECT Away', 'UID MOVE 1:* Box', 'DELETE Away');
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 0, alreadyPresent: 35, skipped: 0}]);
    expect(await now()).toEqual(before);
  });

  it('a message was edited under its Message-ID and date: the new text is copied too', async () => {
    const user = users('edited');
    const mail = (body: string) => [{path: ['INBOX'], messages: plainMail(1, 73, body)}];
    const run = (state: string) =>
      runEngine([job({server: source, user: user.source}, {server: destination, user: user.destination})], {
        state,
      });
    await fill(source, user.source, mail('The first text.'));
    const state = freshState();
    await run(state);
    await at(source, user.source, 'SELECT INBOX', ...remove(1));
    await fill(source, user.source, mail('Another text, longer.'));
    expect((await run(state)).totals).toMatchObject({copied: 1, alreadyPresent: 0});
    expect((await run(state)).totals).toMatchObject({copied: 0, alreadyPresent: 1});
    expect((await there(user.destination))[`${root}/INBOX`]).toHaveLength(2);
  });

  it('one of two texts of one length under the same Message-ID, date and sender was edited: without the ledger too it is copied', async () => {
    const user = users('twins');
    const text = (number: number) => plainMail(1, 75, `Text number ${number}.`);
    const run = () =>
      runEngine([job({server: source, user: user.source}, {server: destination, user: user.destination})]);
    await fill(source, user.source, [
      {path: ['Box'], messages: [...text(1), ...text(2), ...plainMail(5, 76)]},
    ]);
    await run();
    await at(source, user.source, 'SELECT Box', ...remove(2));
    await fill(source, user.source, [{path: ['Box'], messages: text(3)}]);
    expect((await run()).totals).toMatchObject({copied: 1, alreadyPresent: 6});
    expect((await run()).totals).toMatchObject({copied: 0, alreadyPresent: 7});
    expect((await there(user.destination))[`${root}/Box`]).toHaveLength(8);
  });

  it('the destination folder was deleted: it is made again with all its mail, and that is said', async () => {
    const {user, run, there: now} = await carried('folder-gone');
    const before = await now();
    await at(destination, user.destination, `DELETE ${root}/Box`);
    const again = await run();
    expect([again.exitCode, again.totals]).toMatchObject([0, {copied: 30, alreadyPresent: 5, failed: 0}]);
    expect(notes(again)).toEqual(['uidvalidity-changed']);
    expect(await now()).toEqual(before);
  });

  it('the source folder was renamed: its mail goes where its name says, what was copied stays', async () => {
    const {user, run, there: now} = await carried('renamed');
    const before = await now();
    await at(source, user.source, 'RENAME Other "New name"');
    expect((await run()).totals).toMatchObject({copied: 5, alreadyPresent: 30, failed: 0});
    expect(await now()).toEqual({...before, [`${root}/New name`]: before[`${root}/Other`]});
  });
});
