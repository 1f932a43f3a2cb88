// What a further run asks for: nothing where nothing is new, and only the new mail where some is.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill, readMailbox} from '../../helpers/mail.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type Meddler, startMeddler} from '../../servers/meddler.ts';

describeDovecot('a further run', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let line: Meddler;
  let asked: string[] = [];
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    line = await startMeddler(source.imapPort, {
      line: text => {
        asked.push(text.trim());
        return false;
      },
    });
  });
  afterAll(async () => {
    line?.close();
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  const message = (number: number) => ({
    flags: ['\\Seen'],
    date: '17-Jul-2024 02:44:25 +0000',
    kind: 'plain' as const,
    bytes: Buffer.from(
      `From: ann@baya.com\r\nDate: Wed, 17 Jul 2024 02:44:25 +0000\r\nMessage-ID: <${number}@baya.com>\r\nSubject: ${number}\r\n\r\nText\r\n`,
    ),
  });
  const some = (from: number, count: number) =>
    Array.from({length: count}, (_, index) => message(from + index));

  async function setUp(user: string) {
    await fill(source, `${user}@baya.com`, [
      {path: ['INBOX'], messages: some(1, 40)},
      {path: ['Work'], messages: some(100, 20)},
    ]);
    const state = freshState();
    const work = [
      job({server: line, user: `${user}@baya.com`}, {server: destination, user: `${user}@vault.example`}),
    ];
    const run = async () => {
      asked = [];
      return runEngine(work, {state});
    };
    const first = await run();
    expect(first.totals).toMatchObject({selected: 60, copied: 60});
    const client = await ImapConnection.open(source, `${user}@baya.com`);
    return {run, client, user};
  }

  const fetches = () => asked.filter(text => / UID FETCH /.test(text)).map(text => text.replace(/^\S+ /, ''));

  it('with nothing new opens no folder and fetches nothing', async () => {
    const {run, client} = await setUp('nothing');
    await client.close();
    const again = await run();
    expect(again.totals).toMatchObject({selected: 60, copied: 0, alreadyPresent: 60});
    expect(asked.filter(text => /EXAMINE|SELECT|FETCH|SEARCH/.test(text))).toEqual([]);
    // Signing in, naming itself, namespaces, the list.
    expect(asked.filter(text => text !== '').length).toBeLessThan(10);
  });

  it('asks only for the new mail of a folder, and counts the rest from the ledger', async () => {
    const {run, client, user} = await setUp('new');
    await client.append('INBOX', some(41, 2));
    await client.close();
    const again = await run();
    expect(again.totals).toMatchObject({selected: 62, copied: 2, alreadyPresent: 60, failed: 0, skipped: 0});
    expect(fetches()).toEqual([
      'UID FETCH 41:* (UID RFC822.SIZE)',
      'UID FETCH 41:42 (UID FLAGS INTERNALDATE BODY.PEEK[])',
    ]);
    const there = await readMailbox(destination, `${user}@vault.example`);
    expect(there.get('Data17012018/INBOX')?.length).toBe(42);
    expect((await run()).totals).toMatchObject({selected: 62, copied: 0, alreadyPresent: 62});
    expect(fetches()).toEqual([]);
  });

  it('brings mail once that came between the list and the counting of the run before', async () => {
    const user = 'between';
    await fill(source, `${user}@baya.com`, [{path: ['INBOX'], messages: some(1, 40)}]);
    const state = freshState();
    const work = [
      job({server: line, user: `${user}@baya.com`}, {server: destination, user: `${user}@vault.example`}),
    ];
    const client = await ImapConnection.open(source, `${user}@baya.com`);
    const first = await runEngine(work, {
      state,
      on: (event, handle) => {
        if (event.type !== 'folders-planned') return;
        handle.pause();
        void client.append('INBOX', some(41, 2)).then(() => handle.resume());
      },
    });
    expect(first.totals).toMatchObject({selected: 42, copied: 42});
    expect((await runEngine(work, {state})).totals).toMatchObject({
      selected: 42,
      copied: 0,
      alreadyPresent: 42,
    });
    await client.append('INBOX', some(43, 3));
    await client.close();
    const last = await runEngine(work, {state});
    expect(last.totals).toMatchObject({selected: 45, copied: 3, alreadyPresent: 42});
    const there = await readMailbox(destination, `${user}@vault.example`);
    expect(there.get('Data17012018/INBOX')?.length).toBe(45);
  });

  it('counts all of it where something else has changed too', async () => {
    const {run, client} = await setUp('changed');
    await client.command('SELECT INBOX');
    await client.command('UID STORE 3 +FLAGS (\\Deleted)');
    await client.command('UID EXPUNGE 3');
    await client.append('INBOX', some(41, 3));
    await client.close();
    const again = await run();
    expect(again.totals).toMatchObject({selected: 62, copied: 3, alreadyPresent: 59, failed: 0});
    expect(fetches()).toContain('UID FETCH 1:* (UID RFC822.SIZE)');
  });
});
