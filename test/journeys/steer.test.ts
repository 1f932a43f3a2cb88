// Steering a run from its grid and from other terminals, and a terminal that is closed in the middle.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {watchRun} from '../../source/live/client.ts';
import {readLive} from '../../source/live/folder.ts';
import {countMessages, expectSameMail, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {runMailferry} from '../helpers/program.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {type AtEnd, leftClean, newScreens, openHere, patience, type Screens, signal} from './screens.ts';

const columns =
  'Request type,Source user id,Source domain,Source user password,Source Server,Source Server Port,Source security,Destination user id,Destination domain,Destination user password,Destination server,Destination Server Port,Destination security,Destination folder';

/** A line for each user. */
type End = {readonly lines: readonly SlowProxy[]; readonly domain: string};

describeDovecot('a run and its terminals', () => {
  let source: Dovecot;
  let destination: Dovecot;
  const users = ['ann', 'bob', 'cleo', 'dan'];

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    for (const [index, user] of users.entries())
      await fill(
        source,
        `${user}@baya.com`,
        fillTree([['INBOX'], ['Sent']], {seed: 51 + index, messages: 60}),
      );
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /** Lines to the destination that are held in the middle of its mail, and mailboxes that nobody has used. */
  async function ownEnd(atEnd: AtEnd): Promise<End> {
    const lines = await Promise.all(users.map(() => startSlowProxy({port: destination.imapPort})));
    for (const line of lines) {
      atEnd(() => line.close());
      line.hold(40_000);
    }
    return {lines, domain: ownDomain()};
  }
  const release = ({lines}: End) => {
    for (const line of lines) line.release();
  };

  function csv(place: Screens, {lines, domain}: End): string {
    const path = join(place.directory, 'users.csv');
    const rows = users.map((user, index) =>
      [
        ...['O365-IMAP', user, 'baya.com', 'pass', '127.0.0.1', source.imapPort, 'none'],
        ...[user, domain, 'pass', '127.0.0.1', lines[index]?.imapPort, 'none', 'Data'],
      ].join(','),
    );
    writeFileSync(path, [columns, ...rows, ''].join('\n'));
    return path;
  }

  /** The run that is at work here, ended with the test whatever happens. */
  function runOf(place: Screens, atEnd: AtEnd): string {
    const [run = ''] = readdirSync(join(place.state, 'runs')).filter(name => !name.endsWith('.json'));
    const live = readLive(join(place.state, 'runs', run));
    atEnd(() => {
      if (live === undefined) return;
      const watcher = watchRun(live);
      watcher.stop();
      watcher.stop();
    });
    return run;
  }

  const outside = (place: Screens, ...args: readonly string[]) =>
    runMailferry([...args, '--state', place.state, '--reports', place.reports], {cwd: place.directory});

  it.concurrent('pauses one, takes more at once, lets one go first, and is stopped from another terminal', async ({
    onTestFinished,
  }) => {
    const place = newScreens(onTestFinished);
    const end = await ownEnd(onTestFinished);
    const args = ['run', csv(place, end), '--yes', '--mailboxes', '1'];
    const terminal = openHere(onTestFinished, args, place, {columns: 120, rows: 24});
    await terminal.waitFor(/ann@baya.com +● copying/, patience);
    const run = runOf(place, onTestFinished);
    await terminal.waitFor(/4 mailboxes +1 at once/);
    await terminal.press('space');
    await terminal.waitFor(/▸ ann@baya.com +— paused/);
    expect(terminal.screen()).toContain('ann@baya.com is paused; space lets it go on.');
    await terminal.press('end');
    await terminal.waitFor(/▸ dan@baya.com/);
    await terminal.press('n');
    await terminal.waitFor(/▸ dan@baya.com +→ next/);
    await terminal.press('+');
    // The one that was hurried goes, although two were before it.
    await terminal.waitFor(/4 mailboxes +2 at once/);
    await terminal.waitFor(/▸ dan@baya.com +● (counting|copying|finishing)/, patience);
    expect(terminal.screen()).toMatch(/bob@baya.com +○ pending/);
    expect(terminal.screen()).toMatch(/ann@baya.com +— paused/);

    const stopping = outside(place, 'stop');
    await terminal.waitFor('Stopping: ', patience);
    release(end);
    const stopped = await stopping;
    expect(stopped.code).toBe(0);
    expect(stopped.stdout).toContain('Stopped before the end: ');
    await terminal.waitFor('Stopped before the end: ');
    // What was on its way when it was paused may have been all of it.
    expect(terminal.screen()).toMatch(/ann@baya.com +(— stopped|✓ processed)/);
    await terminal.press('enter');
    await terminal.waitFor('enter home');
    await terminal.press('q');
    expect(await leftClean(terminal)).toBe(130);
    expect((await outside(place, 'runs')).stdout).toMatch(new RegExp(`${run} .* stopped `));
  });

  it.concurrent('gives the terminal back, is shown again in another one, and finishes there', async ({
    onTestFinished,
  }) => {
    const place = newScreens(onTestFinished);
    const end = await ownEnd(onTestFinished);
    const first = openHere(onTestFinished, ['run', csv(place, end), '--yes'], place, {
      columns: 80,
      rows: 24,
    });
    await first.waitFor(/ann@baya.com +● copying/, patience);
    const run = runOf(place, onTestFinished);
    await first.press('p');
    await first.waitFor('Paused.');
    await first.press('q');
    await first.waitFor('d leave it running');
    await first.press('d');
    expect(await leftClean(first)).toBe(0);
    expect(first.everything()).toContain(`The run ${run} stays paused without this terminal.`);
    expect(first.everything()).toContain(`mailferry attach ${run}`);
    // The line is broken wherever the terminal ends.
    expect(first.everything().replaceAll(/\s/g, '')).toContain('showsitagain;pletsitgoon');

    const [second, third] = [60, 120].map(width =>
      openHere(onTestFinished, ['attach', run], place, {columns: width, rows: 24}),
    );
    if (second === undefined || third === undefined) throw new Error('No terminal');
    await second.waitFor('Paused.', patience);
    await third.waitFor('Paused.', patience);
    // Steered in one, seen in the other.
    await third.press('p');
    await second.waitForNo('Paused.');
    await third.waitForNo('Paused.');
    await third.press('d');
    expect(await leftClean(third)).toBe(0);
    expect(third.everything()).toContain(`The run ${run} goes on without this terminal.`);
    release(end);
    await second.waitFor('Every selected message', patience);
    await second.press('enter');
    await second.waitFor('q quit');
    await second.press('q');
    expect(await leftClean(second)).toBe(0);
    const [mail, copy] = [
      await readMailbox(source, 'dan@baya.com'),
      await readMailbox(destination, `dan@${end.domain}`),
    ];
    expectSameMail(mail, copy, path => `Data/${path}`);
  });

  it.concurrent('finishes when its terminal is closed in the middle', async ({onTestFinished}) => {
    const place = newScreens(onTestFinished);
    const end = await ownEnd(onTestFinished);
    const first = openHere(onTestFinished, ['run', csv(place, end), '--yes'], place);
    await first.waitFor(/ann@baya.com +● copying/, patience);
    const run = runOf(place, onTestFinished);
    // The window is closed: whoever is at the terminal is told, and it is gone.
    signal(place, 'SIGHUP');
    first.kill('SIGHUP');
    await first.exit;

    const second = openHere(onTestFinished, ['attach', run], place, {columns: 200, rows: 30});
    await second.waitFor('4 mailboxes', patience);
    release(end);
    await second.waitFor('Every selected message is at the destination.', patience);
    await second.press('enter');
    await second.waitFor('q quit');
    await second.press('q');
    expect(await leftClean(second)).toBe(0);
    const summary = JSON.parse(readFileSync(join(place.reports, run, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({exitCode: 0, totals: {failed: 0}});
    for (const user of users)
      expect(countMessages(await readMailbox(destination, `${user}@${end.domain}`))).toBeGreaterThan(0);
    // Of a run that has ended the grid is shown as it was.
    const third = openHere(onTestFinished, ['attach', run], place);
    await third.waitFor('Every selected message is at the destination.', patience);
    await third.press('enter');
    await third.waitFor('q quit');
    await third.press('q');
    expect(await leftClean(third)).toBe(0);
  });
});
