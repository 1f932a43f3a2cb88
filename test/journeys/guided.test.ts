// Journeys through the real program in a pseudo-terminal, read from the screen as a person reads it.
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {countMessages, expectSameMail, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {
  type AtEnd,
  leftClean,
  newScreens,
  openHere,
  patience,
  type Screens,
  signal,
  waitForFit,
} from './screens.ts';

const columns =
  'Request type,Source user id,Source domain,Source user password,Source Server,Source Server Port,Source security,Destination user id,Destination domain,Destination user password,Destination server,Destination Server Port,Destination security,Destination folder';

describeDovecot('from the first question to the report', () => {
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    const folders = fillTree(
      [['INBOX'], ['Sent Items'], ['Projects'], ['Projects', 'Île de Ré'], ['Deleted Items'], ['Calendar']],
      {seed: 31, messages: 120},
    );
    const many = fillTree([['INBOX'], ['Sent Items'], ['Archive']], {seed: 32, messages: 600});
    await Promise.all([fill(source, 'john@baya.com', folders), fill(source, 'eve@baya.com', many)]);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /** A line to the destination that can be held in the middle of a run. */
  async function ownLine(atEnd: AtEnd): Promise<SlowProxy> {
    const line = await startSlowProxy({port: destination.imapPort});
    atEnd(() => line.close());
    return line;
  }

  /** On a field whose label the pointer shows. */
  const at = (terminal: Terminal, label: string) => terminal.waitFor(new RegExp(`▸ ${label}( |$)`, 'm'));

  async function answer(terminal: Terminal, label: string, text: string): Promise<void> {
    await at(terminal, label);
    await terminal.type(text);
    await terminal.waitFor(text);
    await terminal.press('tab');
  }

  async function secret(terminal: Terminal, label: string, text: string): Promise<void> {
    await at(terminal, label);
    await terminal.type(text);
    await terminal.press('tab');
  }

  /** Down from the first folder until the pointer is there. */
  async function pointAt(terminal: Terminal, folder: string): Promise<void> {
    const pointed = () => /▸ \[.\] (.*?) {2,}/.exec(terminal.screen())?.[1];
    for (let before = pointed(); before !== folder; before = pointed()) {
      await terminal.press('down');
      await terminal.waitFor(() => pointed() !== before);
    }
  }

  async function withoutTls(terminal: Terminal): Promise<void> {
    await at(terminal, 'Security');
    await terminal.press('right', 'right');
    await terminal.waitFor('< none >');
  }

  it.concurrent('asks, checks, copies, shows and reports one mailbox', async ({onTestFinished}) => {
    const place = newScreens(onTestFinished);
    const line = await ownLine(onTestFinished);
    const domain = ownDomain();
    const terminal = openHere(onTestFinished, [], place);
    await terminal.waitFor('New request');
    expect(terminal.isAlternate()).toBe(true);
    await terminal.press('enter');

    await terminal.waitFor('What is to be carried?');
    await terminal.waitFor('▸ ● Office 365 to IMAP server');
    await terminal.press('enter');

    // The user id with the domain is refused as it is typed; what is offered is taken over.
    await at(terminal, 'User id');
    await terminal.type('john@baya.com');
    await terminal.waitFor('must not contain the domain');
    await terminal.waitFor('tab: use john, baya.com');
    await terminal.press('tab');
    await terminal.waitForNo('must not contain');
    expect(terminal.screen()).toMatch(/User id +john *\n.*Domain +baya\.com/);
    await terminal.press('tab', 'tab');
    // Every way to sign in is offered, a modern one first, since Microsoft refuses passwords; this server takes one.
    await at(terminal, 'Sign in');
    await terminal.waitFor(/< (browser|device code) >/);
    while (!terminal.screen().includes('< password >')) {
      const before = terminal.screen();
      await terminal.press('right');
      await terminal.waitFor(screen => screen !== before);
    }
    await terminal.press('right');
    await terminal.waitFor('Client secret');
    await terminal.press('left');
    await terminal.waitForNo('Client secret');
    await terminal.press('tab');
    await secret(terminal, 'Password', 'pass');
    await terminal.waitFor(/Password +•+/);
    await answer(terminal, 'Server', 'localhost');
    await answer(terminal, 'Port', String(source.imapPort));
    await withoutTls(terminal);
    await terminal.press('enter');

    await terminal.waitFor('Destination: the mailbox to copy to');
    await answer(terminal, 'User id', 'john');
    await answer(terminal, 'Domain', domain);
    await secret(terminal, 'Password', 'pass');
    await answer(terminal, 'Server', 'localhost');
    await answer(terminal, 'Port', String(line.imapPort));
    await withoutTls(terminal);
    await terminal.press('tab');
    await answer(terminal, 'Folder', 'Data17012018');
    // Back and forth: the answers stay.
    await terminal.press('escape');
    await terminal.waitFor('Source: the mailbox to copy from');
    expect(terminal.screen()).toMatch(/User id +john *\n.*Domain +baya\.com/);
    await terminal.press('enter');
    await terminal.waitFor('Destination: the mailbox to copy to');
    expect(terminal.screen()).toMatch(/Folder +Data17012018/);
    await terminal.press('enter');
    await terminal.waitFor('Filters: which mail?');
    await terminal.press('enter');

    // Both ends for real; what is left out says why, and one folder more is taken in.
    await terminal.waitFor(/To copy +\d+ messages in 4 folders/);
    expect(terminal.screen()).toMatch(/\[ \] Calendar +\d+ .*not mail/);
    expect(terminal.screen()).toMatch(/\[x\] Projects\/Île de Ré +\d+ .*→ Data17012018\/Projects\/Île de Ré/);
    await pointAt(terminal, 'Deleted Items');
    await terminal.press('space');
    await terminal.waitFor('▸ [x] Deleted Items');
    await terminal.waitFor(/To copy +\d+ messages in 5 folders/);
    await terminal.press('enter');

    await terminal.waitFor('Enter starts copying. Until then nothing is written.');
    expect(countMessages(await readMailbox(destination, `john@${domain}`))).toBe(0);
    await terminal.press('ctrl+s');
    await terminal.waitFor('Save as a profile');
    // The suggested name is replaced by the first letter.
    await terminal.type('johns-mail');
    await terminal.press('enter');
    await terminal.waitFor('Saved as johns-mail');
    line.hold(60_000);
    await terminal.press('enter');

    // The grid, into the user, into a folder, and out again.
    // A single mailbox is opened by itself: out of it, and in again.
    await terminal.waitFor('mailferry ▸ john@baya.com');
    await terminal.press('escape');
    await terminal.waitFor(/▸ john@baya\.com +● copying/);
    await terminal.press('enter');
    await terminal.waitFor('mailferry ▸ john@baya.com');
    await terminal.waitFor(/Projects\/Île de Ré/);
    await terminal.press('enter');
    await terminal.waitFor(/mailferry ▸ john@baya\.com ▸ \S+/);
    await terminal.press('escape');
    await terminal.waitFor(/FOLDER +STATE/);
    await terminal.press('escape');
    await terminal.waitFor(/MAILBOX +STATE/);
    await terminal.press('?');
    await terminal.waitFor('Keys');
    await terminal.press('escape');
    for (const size of [
      {columns: 60, rows: 20},
      {columns: 200, rows: 60},
      {columns: 100, rows: 30},
    ]) {
      terminal.resize(size.columns, size.rows);
      await waitForFit(terminal, size, 'john@baya.com');
    }
    line.release();
    await terminal.waitFor('Every selected message is at the destination', patience);
    await terminal.press('enter');
    await terminal.waitFor(/mailferry +summary/);
    await terminal.waitFor('✓ Processed');
    await terminal.press('q');

    expect(await leftClean(terminal)).toBe(0);
    const mail = await readMailbox(source, 'john@baya.com');
    const total = countMessages(mail) - (mail.get('Calendar')?.length ?? 0);
    const after = terminal.screen();
    expect(after).toContain('Every selected message is at the destination.');
    expect(after).toContain(`1 mailbox, ${total} messages selected: ${total} copied`);
    const [run = ''] = readdirSync(place.reports);
    expect(after.replaceAll('\n', '')).toContain(join(place.reports, run));
    expect(readdirSync(join(place.reports, run)).sort()).toEqual([
      'folders.csv',
      'messages.csv',
      'report.html',
      'requests.csv',
      'summary.json',
    ]);
    expect(JSON.parse(readFileSync(join(place.reports, run, 'summary.json'), 'utf8'))).toMatchObject({
      exitCode: 0,
      totals: {copied: total, failed: 0},
    });
    const found = await readMailbox(destination, `john@${domain}`);
    expectSameMail(mail, found, path => (path === 'Calendar' ? undefined : `Data17012018/${path}`));
    expect(countMessages(found)).toBe(total);
  });

  const csv = (place: Screens, rows: readonly string[]) => {
    const file = join(place.directory, 'users.csv');
    writeFileSync(file, `${columns}\n${rows.join('\n')}\n`);
    return file;
  };
  const row = (user: string, server: string, port: number) =>
    `O365-IMAP,${user},baya.com,pass,127.0.0.1,${source.imapPort},none,eve,${ownDomain()},pass,${server},${port},none,Data17012018`;

  it.concurrent('finishes what is in flight at SIGTERM and leaves the terminal as it was', async ({
    onTestFinished,
  }) => {
    const place = newScreens(onTestFinished);
    const line = await ownLine(onTestFinished);
    const file = csv(place, [row('eve', '127.0.0.1', line.imapPort)]);
    line.hold(60_000);
    const terminal = openHere(onTestFinished, ['run', file, '--yes'], place);
    await terminal.waitFor('● copying', patience);
    signal(place, 'SIGTERM');
    await terminal.waitFor('Stopping: ');
    line.release();
    expect(await leftClean(terminal)).toBe(130);
    expect(terminal.screen()).toMatch(/[Rr]un it again to go on/);
    expect(terminal.screen()).toContain(place.reports);

    // The home screen offers it, and it goes on from there.
    const again = openHere(onTestFinished, [], place);
    await again.waitFor('1 run to go on with');
    signal(place, 'SIGTERM');
    await leftClean(again);
  });

  it.concurrent('shows the rows of a CSV with their problems and does not go on', async ({
    onTestFinished,
  }) => {
    const place = newScreens(onTestFinished);
    const good = row('john', '127.0.0.1', destination.imapPort);
    const file = csv(place, [good, row('ann@baya.com', '127.0.0.1', 1), row('bob', 'mail server!', 993)]);
    const terminal = openHere(onTestFinished, ['run', file], place);
    await terminal.waitFor('2 lines with errors');
    await terminal.waitFor('must not contain the domain');
    await terminal.press('down');
    await terminal.waitFor('not a host name');
    await terminal.press('enter');
    await terminal.waitFor('Mend them here');
    expect(terminal.screen()).toContain('2 lines with errors');
    await terminal.press('ctrl+c');
    expect(await leftClean(terminal)).toBe(130);
    expect(existsSync(place.reports)).toBe(false);
  });

  it.concurrent('says on the ordinary screen why a run cannot start', async ({onTestFinished}) => {
    const place = newScreens(onTestFinished);
    const file = csv(place, [row('eve', '127.0.0.1', destination.imapPort)]);
    writeFileSync(place.reports, 'in the way');
    const terminal = openHere(onTestFinished, ['run', file, '--yes'], place);
    expect(await leftClean(terminal)).toBe(2);
    expect(terminal.screen()).toMatch(/The report cannot be written to/);
    expect(terminal.screen()).toContain('Nothing was copied.');
  });
});
