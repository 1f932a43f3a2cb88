// Broken links, stops and second runs: the end state is the same.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {RunEvent} from '../../../source/engine/events.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {countMessages, expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';

const total = 640;

describeDovecot('when things break', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, 'john@baya.com', [
      {path: ['INBOX'], messages: corpus(400, {seed: 21, repeats: true})},
      {path: ['Sent Items'], messages: corpus(240, {seed: 22})},
    ]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  const work = (user: string) => [
    job({server: source, user: 'john@baya.com'}, {server: destination, user: `${user}@vault.example`}),
  ];
  const exact = async (user: string) =>
    expectSameMail(
      await readMailbox(source, 'john@baya.com'),
      await readMailbox(destination, `${user}@vault.example`),
      path => `Data17012018/${path}`,
    );
  /** A Dovecot that was killed may have lost flags it had not written yet; the mail itself must be there, once. */
  const exactMail = async (user: string) => {
    const plain = (mailbox: Awaited<ReturnType<typeof readMailbox>>) =>
      new Map([...mailbox].map(([path, stored]) => [path, stored.map(each => ({...each, flags: []}))]));
    expectSameMail(
      plain(await readMailbox(source, 'john@baya.com')),
      plain(await readMailbox(destination, `${user}@vault.example`)),
      path => `Data17012018/${path}`,
    );
  };
  const after = (batches: number) => {
    let seen = 0;
    return (event: RunEvent) => event.type === 'messages-copied' && ++seen === batches;
  };

  it('the destination dies and comes back: the run goes on by itself', async () => {
    const due = after(3);
    const restarts: Promise<void>[] = [];
    const run = await runEngine(work('dest-dies'), {
      limits: {reconnects: 200},
      ports: {sleep: async (_ms, signal) => Promise.all(restarts).then(() => signal.throwIfAborted())},
      on: event => {
        if (due(event)) restarts.push(destination.kill().then(() => destination.restart()));
      },
    });
    expect(restarts).toHaveLength(1);
    expect(eventsOf(run, 'connection-lost').length).toBeGreaterThan(0);
    expect(run.exitCode).toBe(0);
    expect(run.totals).toMatchObject({selected: total, copied: total});
    await exactMail('dest-dies');
  });

  it('the source dies and comes back: the run goes on by itself', async () => {
    const due = after(2);
    const restarts: Promise<void>[] = [];
    const run = await runEngine(work('source-dies'), {
      limits: {reconnects: 200},
      ports: {sleep: async (_ms, signal) => Promise.all(restarts).then(() => signal.throwIfAborted())},
      on: event => {
        if (due(event)) restarts.push(source.kill().then(() => source.restart()));
      },
    });
    // All of it may have been read by then: nobody has waited for it.
    await Promise.all(restarts);
    expect(run.exitCode).toBe(0);
    expect(run.totals).toMatchObject({selected: total, copied: total});
    await exactMail('source-dies');
  });

  it('a server that stays away ends the request with the reason, and the next run goes on', async () => {
    const state = freshState();
    const due = after(1);
    let killed: Promise<void> | undefined;
    const run = await runEngine(work('stays-away'), {
      state,
      limits: {reconnects: 2},
      on: event => {
        if (due(event)) killed = destination.kill();
      },
    });
    await killed;
    // Before anything is said of it: the tests after this one need it.
    await destination.restart();
    expect(run.exitCode).toBe(3);
    const {copied, failed, selected} = run.totals;
    expect(copied + failed).toBe(selected);
    expect(failed).toBeGreaterThan(0);
    expect(eventsOf(run, 'request-state').at(-1)?.state).toBe('Failed');
    const second = await runEngine(work('stays-away'), {state});
    expect(second.exitCode).toBe(0);
    await exactMail('stays-away');
  });

  for (const how of ['finish', 'abort'] as const)
    it(`stopped (${how}) in the middle and run again`, async () => {
      const state = freshState();
      const due = after(2);
      const run = await runEngine(work(`stop-${how}`), {
        state,
        // One lane, so that there are folders left when the first are copied.
        limits: {connections: 1},
        on: (event, handle) => {
          if (!due(event)) return;
          handle.stop();
          if (how === 'abort') handle.stop();
        },
      });
      expect(run.exitCode).toBe(130);
      expect(eventsOf(run, 'request-state').at(-1)?.state).toBe('Stopped');
      const {copied, skipped, selected, failed} = run.totals;
      expect([copied + skipped, failed]).toEqual([selected, 0]);
      expect(skipped).toBeGreaterThan(0);
      if (how === 'finish')
        expect(countMessages(await readMailbox(destination, `stop-${how}@vault.example`))).toBe(copied);
      const second = await runEngine(work(`stop-${how}`), {state});
      expect(second.exitCode).toBe(0);
      expect(second.totals.copied + second.totals.alreadyPresent).toBe(total);
      await exact(`stop-${how}`);
    });

  it('paused, nothing moves; resumed, it ends as it should', async () => {
    const due = after(2);
    const while_: RunEvent[] = [];
    let paused = false;
    const run = await runEngine(work('pause'), {
      on: (event, handle) => {
        if (due(event)) handle.pause();
        if (event.type === 'paused') {
          paused = true;
          // Every lane comes to rest at the gate; the event loop turning over twice is enough to see it move on.
          setImmediate(() => setImmediate(() => handle.resume()));
        } else if (event.type === 'resumed') paused = false;
        else if (paused) while_.push(event);
      },
    });
    expect(eventsOf(run, 'resumed')).toHaveLength(1);
    expect(run.totals.copied).toBe(total);
    await exact('pause');
  });

  it('a second run on the same pair is refused while the first works', async () => {
    const state = freshState();
    let second: Promise<{exitCode: number; events: readonly RunEvent[]}> | undefined;
    const due = after(1);
    await runEngine(work('locked'), {
      state,
      on: event => {
        // No pause between its attempts: the first is still at work at the last of them.
        if (due(event)) second = runEngine(work('locked'), {state, ports: {sleep: async () => {}}});
      },
    });
    const refused = await second;
    expect(refused?.exitCode).toBe(3);
    expect(refused === undefined ? [] : eventsOf(refused, 'request-state').at(-1)).toMatchObject({
      problem: {code: 'ledger-locked'},
    });
    await exact('locked');
  });

  it('a ledger that is locked for a moment only is opened when it is free', async () => {
    const state = freshState();
    await runEngine(work('moment'), {state});
    const [ledger = ''] = readdirSync(state).filter(name => name.endsWith('.sqlite'));
    const other = new DatabaseSync(join(state, ledger));
    other.exec('BEGIN EXCLUSIVE');
    const pauses: number[] = [];
    const run = await runEngine(work('moment'), {
      state,
      ports: {
        sleep: async ms => {
          pauses.push(ms);
          if (pauses.length === 2) other.close();
        },
      },
    });
    expect(pauses).toEqual([25, 25]);
    expect(run.exitCode).toBe(0);
    expect(run.totals).toMatchObject({copied: 0, alreadyPresent: total});
  });

  it('a copy deleted at the destination is not brought back, and that is said', async () => {
    const state = freshState();
    await runEngine(work('deleted'), {state});
    const connection = await ImapConnection.open(destination, 'deleted@vault.example');
    await connection.command('SELECT "Data17012018/Sent Items"');
    await connection.command('UID STORE 3,5 +FLAGS.SILENT (\\Deleted)');
    await connection.command('UID EXPUNGE 3,5');
    await connection.close();
    const run = await runEngine(work('deleted'), {state});
    expect(run.totals).toMatchObject({copied: 0, alreadyPresent: total - 2, skipped: 2});
    expect(eventsOf(run, 'note').map(event => event.problem)).toMatchObject([
      {code: 'copies-deleted', sentence: expect.stringContaining('2 messages')},
    ]);
    expect(run.rows.filter(row => row.code === 'copy-deleted').map(row => row.sourceUid)).toEqual([3, 5]);
    // Nor is it forgotten when nothing has changed since.
    const next = await runEngine(work('deleted'), {state});
    expect(next.totals).toMatchObject({copied: 0, alreadyPresent: total - 2, skipped: 2});
  });

  it('a destination folder that was made anew gets its mail again, once', async () => {
    const state = freshState();
    await runEngine(work('anew'), {state});
    const connection = await ImapConnection.open(destination, 'anew@vault.example');
    await connection.command('DELETE "Data17012018/Sent Items"');
    await connection.close();
    const run = await runEngine(work('anew'), {state});
    expect(run.totals).toMatchObject({copied: 240, alreadyPresent: 400});
    await exact('anew');
  });

  it('mail of others in the destination folder is left alone and listed as such', async () => {
    await fill(destination, 'others@vault.example', [
      {path: ['Data17012018', 'INBOX'], messages: corpus(3, {seed: 31, repeats: false})},
      {path: ['Data17012018', 'Elsewhere'], messages: corpus(2, {seed: 32, repeats: false})},
    ]);
    const run = await runEngine(work('others'));
    expect(run.totals.copied).toBe(total);
    const others = run.rows.filter(row => row.result === 'other');
    expect(others.map(row => row.destinationFolder).sort()).toEqual([
      'Data17012018/Elsewhere',
      'Data17012018/Elsewhere',
      'Data17012018/INBOX',
      'Data17012018/INBOX',
      'Data17012018/INBOX',
    ]);
    expect(countMessages(await readMailbox(destination, 'others@vault.example'))).toBe(total + 5);
  });
});
