// What the ledger knows is listed while the servers are waited for, and listed anew where it has changed.
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {MessageRow} from '../../../source/engine/look/listing.ts';
import {type EngineRun, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type MeddledWire, startMeddler} from '../../servers/meddler.ts';

describeDovecot('listing ahead', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
  });
  afterAll(() => Promise.all([source?.stop(), destination?.stop()]));

  /** Carries two folders, and gives what runs the same again; lists of folders wait for the first rows in it. */
  async function carried(user: string) {
    await fill(source, `${user}@baya.com`, [
      {path: ['INBOX'], messages: corpus(300, {seed: 7})},
      {path: ['Work'], messages: corpus(10, {seed: 8})},
    ]);
    const state = freshState();
    const rows: MessageRow[] = [];
    let held: {line: string; wire: MeddledWire} | undefined;
    let refusing = false;
    const waits = {on: false, forgotten: 0};
    const line = await startMeddler(source.imapPort, {
      line: (text, wire) => {
        if (refusing && / AUTHENTICATE /.test(text)) {
          wire.answer(`${text.split(' ')[0]} NO [AUTHENTICATIONFAILED] Wrong\r\n`);
          return true;
        }
        if (!waits.on || rows.length > 0 || !/^\S+ LIST /.test(text)) return false;
        held = {line: text, wire};
        return true;
      },
    });
    const run = (): Promise<EngineRun> => {
      rows.length = 0;
      waits.forgotten = 0;
      const work = job(
        {server: line, user: `${user}@baya.com`},
        {server: destination, user: `${user}@vault.example`},
      );
      return runEngine([work], {
        state,
        ports: {
          takeRows: async batch => {
            rows.push(...batch);
            held?.wire.say(held.line);
            held = undefined;
          },
          restartRows: async () => {
            waits.forgotten++;
            rows.length = 0;
          },
        },
      });
    };
    const first = await run();
    expect([first.exitCode, first.totals.copied, rows.length]).toEqual([0, 310, 310]);
    const refuse = () => {
      refusing = true;
    };
    return {run, rows, waits, refuse, close: () => line.close()};
  }

  const listed = (rows: readonly MessageRow[]) =>
    rows.map(row => `${row.result} ${row.sourceFolder} ${row.sourceUid} > ${row.destinationFolder}`).sort();

  it('with nothing new the rows are there before the servers have listed anything', async () => {
    const {run, rows, waits, close} = await carried('same');
    try {
      const before = listed(rows);
      waits.on = true;
      const again = await run();
      expect([again.exitCode, again.totals.alreadyPresent, waits.forgotten]).toEqual([0, 310, 0]);
      expect(listed(rows)).toEqual(before.map(row => row.replace('copied', 'already present')));
    } finally {
      close();
    }
  });

  it('what has changed is taken back and listed as it is', async () => {
    const {run, rows, waits, close} = await carried('more');
    try {
      const client = await ImapConnection.open(source, 'more@baya.com');
      await client.append('Work', corpus(2, {seed: 9}));
      await client.close();
      waits.on = true;
      const again = await run();
      expect([again.totals.copied, again.totals.alreadyPresent, waits.forgotten]).toEqual([2, 310, 1]);
      expect(rows.length).toBe(312);
      expect(new Set(listed(rows)).size).toBe(312);
      expect(rows.filter(row => row.result === 'copied').map(row => row.sourceUid)).toEqual([11, 12]);
    } finally {
      close();
    }
  });

  it('nothing is listed of a mailbox that could not be opened', async () => {
    const {run, rows, refuse, close} = await carried('gone');
    try {
      refuse();
      const again = await run();
      expect(again.exitCode).toBe(4);
      expect(rows).toEqual([]);
    } finally {
      close();
    }
  });

  /** Carries two folders of 30 messages; the destination is only asked how much it holds once their rows are there and `then` is done. */
  async function moved(user: string, then: () => Promise<void>) {
    await fill(source, `${user}@baya.com`, [
      {path: ['INBOX'], messages: corpus(30, {seed: 7})},
      {path: ['Work'], messages: corpus(30, {seed: 8})},
    ]);
    const rows: MessageRow[] = [];
    let forgotten = 0;
    const written = Promise.withResolvers<void>();
    let stored = false;
    let done: Promise<void> | undefined;
    const line = await startMeddler(destination.imapPort, {
      line: (text, wire) => {
        stored ||= / APPEND /.test(text);
        if (!stored || !/^\S+ STATUS /.test(text)) return false;
        // It asks for all folders at once: none of them is answered before.
        done ??= written.promise.then(then);
        void done.then(() => wire.say(text));
        return true;
      },
    });
    const work = job(
      {server: source, user: `${user}@baya.com`},
      {server: line, user: `${user}@vault.example`},
    );
    try {
      const result = await runEngine([work], {
        ports: {
          takeRows: async batch => {
            rows.push(...batch);
            written.resolve();
          },
          restartRows: async () => {
            forgotten++;
            rows.length = 0;
          },
        },
      });
      return {result, rows, forgotten};
    } finally {
      line.close();
    }
  }

  it('what has moved is listed while the destination is asked whether it holds it', async () => {
    const {result, rows, forgotten} = await moved('moved', async () => undefined);
    expect([result.exitCode, result.totals.copied]).toEqual([0, 60]);
    // Asked only after it had fallen silent, it would be too late.
    expect(result.events.filter(({type}) => type === 'waiting')).toEqual([]);
    expect(forgotten).toBe(0);
    expect([rows.length, new Set(listed(rows)).size]).toEqual([60, 60]);
    expect(new Set(rows.map(row => row.result))).toEqual(new Set(['copied']));
  });

  it('what the destination does not hold after all is listed as failed', async () => {
    // Another mailbox each time it is tried: the first one holds the mail already.
    const user = `expunged${Math.round(performance.now())}`;
    const {result, rows, forgotten} = await moved(user, async () => {
      const client = await ImapConnection.open(destination, `${user}@vault.example`);
      // Dovecot does not tell of one that is deleted from the folder that is open: so it is deleted from both.
      for (const name of ['INBOX', 'Work']) {
        await client.command(`SELECT Data17012018/${name}`);
        await client.command('STORE 7 +FLAGS (\\Deleted)');
        await client.command('UID EXPUNGE 7');
      }
      await client.close();
    });
    const {copied, failed} = result.totals;
    expect(failed).toBeGreaterThan(0);
    expect(forgotten).toBe(1);
    expect([rows.length, new Set(listed(rows)).size]).toEqual([60, 60]);
    const of = (wanted: string) => rows.filter(row => row.result === wanted);
    expect([of('copied').length, of('failed').length]).toEqual([copied, failed]);
    expect(new Set(of('failed').map(row => row.sourceUid))).toEqual(new Set([7]));
  });

  it('rows that the disk has not taken for a moment are written in the end', async () => {
    await fill(source, 'moment@baya.com', [
      {path: ['INBOX'], messages: corpus(300, {seed: 7})},
      {path: ['Work'], messages: corpus(300, {seed: 8})},
    ]);
    const rows: MessageRow[] = [];
    let calls = 0;
    let forgotten = 0;
    const work = job(
      {server: source, user: 'moment@baya.com'},
      {server: destination, user: 'moment@vault.example'},
    );
    const result = await runEngine([work], {
      ports: {
        takeRows: async batch => {
          if (++calls === 1) throw Object.assign(new Error('full'), {code: 'ENOSPC'});
          rows.push(...batch);
        },
        restartRows: async () => {
          forgotten++;
          rows.length = 0;
        },
      },
    });
    expect([result.exitCode, result.totals.copied, forgotten]).toEqual([0, 600, 1]);
    expect([rows.length, new Set(listed(rows)).size]).toEqual([600, 600]);
  });

  it('a folder that has moved is listed while another one is still on its way', async () => {
    await fill(
      source,
      'turns@baya.com',
      ['INBOX', 'Work'].map((name, index) => ({path: [name], messages: corpus(300, {seed: 20 + index})})),
    );
    const rows: MessageRow[] = [];
    const listedOnce = Promise.withResolvers<void>();
    const open = new WeakMap<MeddledWire, string>();
    const line = await startMeddler(source.imapPort, {
      line: (text, wire) => {
        const [, name] = / EXAMINE "(.*)"/.exec(text) ?? [];
        if (name !== undefined) open.set(wire, name);
        if (!/ UID FETCH .*BODY/.test(text) || open.get(wire) !== 'Work') return false;
        void listedOnce.promise.then(() => wire.say(text));
        return true;
      },
    });
    const work = job(
      {server: line, user: 'turns@baya.com'},
      {server: destination, user: 'turns@vault.example'},
    );
    try {
      const result = await runEngine([work], {
        ports: {
          takeRows: async batch => {
            rows.push(...batch);
            listedOnce.resolve();
          },
        },
      });
      // Listed only after the source had fallen silent, it would be too late.
      expect(result.events.filter(({type}) => type === 'waiting')).toEqual([]);
      expect([result.exitCode, result.totals.copied, rows.length]).toEqual([0, 600, 600]);
      expect(new Set(listed(rows)).size).toBe(600);
      expect(rows[0]?.sourceFolder).toBe('INBOX');
    } finally {
      line.close();
    }
  });
});
