// A list with ten mistakes: mended on the screen, run, stopped in the middle, gone on with, finished.
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {countMessages, expectSameMail, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import type {Terminal} from '../helpers/terminal.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {startSlowProxy} from '../servers/slow-proxy.ts';
import {leftClean, newScreens, openHere, patience, signal} from './screens.ts';

const users = ['john', 'eve', 'ann', 'bob'] as const;

describeDovecot('a CSV with ten mistakes', () => {
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await Promise.all(
      users.map((user, seed) =>
        fill(
          source,
          `${user}@baya.com`,
          // One mailbox has more mail than can be on its way at once.
          fillTree([['INBOX'], ['Sent Items']], {seed: 70 + seed, messages: user === 'eve' ? 900 : 12}),
        ),
      ),
    );
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /** The line the pointer is on; waits until its error is told. */
  const at = (terminal: Terminal, number: number, told: string) =>
    terminal.waitFor(screen => new RegExp(`^ *▸ +${number} `, 'm').test(screen) && screen.includes(told));

  it('is mended, run, stopped, gone on with and finished', async ({onTestFinished}) => {
    const place = newScreens(onTestFinished);
    const domain = ownDomain();
    const line = await startSlowProxy({port: destination.imapPort});
    onTestFinished(() => line.close());
    const file = join(place.directory, 'users.csv');
    const end = (server: string, port: number) => `${server},${port},none`;
    const from = end('127.0.0.1', source.imapPort);
    const to = end('127.0.0.1', line.imapPort);
    const row = (user: string, ends = `${from},${user},${domain},pass,${to}`) =>
      `O365-IMAP,${user},baya.com,pass,${ends},Data,,`;
    const john = row('john');
    const text = [
      // 1: the column "Destinaton folder"; 2: a column that is no field's.
      'Request type,Source user id,Source domain,Source user password,Source Server,Source Server Port,Source security,Destination user id,Destination domain,Destination user password,Destination server,Destination Server Port,Destination security,Destinaton folder,Since,Department',
      // 3: an address; 4: a day in another order of signs.
      john.replace('john', 'john@baya.com').replace('Data,,', 'Data,1990/1/1,'),
      // 5: a reserved folder; 6: a security that is none.
      row('eve')
        .replace('Data', 'Archive')
        .replace(/none(?=,Archive)/, 'plain'),
      // 7: a type that is none; 8: cells that are missing.
      row('ann').replace('O365-IMAP', 'O365-IMPA').replace(/,,$/, ''),
      // 9: a port that is none.
      row('bob').replace(`${line.imapPort}`, '99399'),
      // 10: the same mailbox into the same folder twice.
      john,
    ];
    writeFileSync(file, `${text.join('\r\n')}\r\n`);
    const terminal = openHere(onTestFinished, ['run', file], place);

    // The header first, where the only plain mistakes can be mended by one key.
    await at(terminal, 1, 'Did you mean "Destination folder"?');
    await terminal.waitFor('5 lines with errors');
    await terminal.press('a');
    await terminal.waitFor('3 places mended');
    await terminal.press('n');

    await at(terminal, 3, 'Security is tls, starttls or none.');
    await terminal.press('e');
    await terminal.waitFor('▸ Destination security');
    await terminal.press('ctrl+u');
    await terminal.type('none');
    await terminal.waitForNo('Security is tls');
    await terminal.press('down');
    await terminal.waitFor('▸ Destination folder');
    await terminal.press('tab');
    await terminal.waitFor(/Destination folder +Migrated\/Archive/);
    await terminal.press('enter');
    await terminal.waitForNo('Line 3');

    await terminal.press('n');
    await at(terminal, 4, 'The row has 14 cells, but the header has 16.');
    await terminal.press('tab');
    await at(terminal, 4, 'There is no such request type.');
    await terminal.press('tab');
    await terminal.waitForNo('There is no such request type.');
    await terminal.press('n');

    await at(terminal, 5, 'The port must be a whole number');
    await terminal.press('e');
    await terminal.waitFor('▸ Destination Server Port');
    await terminal.press('ctrl+u');
    await terminal.type(String(line.imapPort));
    await terminal.press('enter');
    await terminal.waitFor('1 line with errors');

    await terminal.press('home');
    await at(terminal, 1, 'There is no field "Department".');
    await terminal.press('tab');
    await terminal.waitFor('✓ no errors');
    await terminal.press('end');
    await at(terminal, 6, 'The request on line 2 goes into the same folder');
    // One step back and forth.
    await terminal.press('d');
    await terminal.waitFor('4 requests');
    await terminal.press('u');
    await terminal.waitFor('5 requests');
    await terminal.press('end', 'd');
    await terminal.waitFor('4 requests');

    // It goes on from what is saved, so that it is saved first; back to the same file, after asking.
    await terminal.press('enter');
    await terminal.waitFor('Save the mended file');
    await terminal.press('enter');
    await terminal.waitFor('Enter again replaces it.');
    expect(readFileSync(file, 'utf8')).toContain('john@baya.com');
    await terminal.press('enter');
    await terminal.waitFor('Enter starts copying.');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const saved = readFileSync(file, 'utf8').split('\r\n');
    expect(saved).toEqual([
      text[0]?.replace('Destinaton', 'Destination').replace(',Department', ''),
      ...[
        john.replace('Data,,', 'Data,1990-01-01,'),
        row('eve').replace('Data', 'Migrated/Archive'),
        row('ann'),
        row('bob'),
      ].map(each => each.replace(/,$/, '')),
      '',
    ]);

    // Behind the mail of the three small mailboxes, in the middle of eve's.
    line.hold(500_000);
    await terminal.press('enter');
    await terminal.waitFor(/eve@baya\.com +● copying/, patience);
    signal(place, 'SIGTERM');
    await terminal.waitFor('Stopping: ');
    line.release();
    expect(await leftClean(terminal)).toBe(130);

    // The start screen offers it, with the file as it is now.
    const again = openHere(onTestFinished, [], place);
    await again.waitFor('1 run to go on with');
    await again.press('u');
    await again.waitFor('users.csv');
    await again.press('enter');
    await again.waitFor('4 requests   ✓ no errors');
    await again.press('enter');
    await again.waitFor('Enter starts copying.');
    await again.press('enter');
    await again.waitFor('Every selected message is at the destination', patience);
    await again.press('enter');
    await again.waitFor(/mailferry +summary/);
    await again.press('q');
    expect(await leftClean(again)).toBe(0);
    expect(again.everything() + terminal.everything()).not.toMatch(/\bpass\b/);

    for (const user of users) {
      const mail = await readMailbox(source, `${user}@baya.com`);
      const found = await readMailbox(destination, `${user}@${domain}`);
      const folder = user === 'eve' ? 'Migrated/Archive' : 'Data';
      expectSameMail(mail, found, path => `${folder}/${path}`);
      expect(countMessages(found)).toBe(countMessages(mail));
    }
    expect(readdirSync(place.reports)).toHaveLength(2);
  });
});
