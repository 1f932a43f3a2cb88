// Names, subjects and errors meant to hurt, through the real program: nothing of it acts on a terminal, in a
// spreadsheet or in a browser, and no file takes its name from a server.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {expect, it, onTestFinished} from 'vitest';
import type {Mailbox} from '../../source/demo/server/store.ts';
import {encodeMailbox} from '../../source/engine/imap/modified-utf7.ts';
import {program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {smallMail, startHostile} from '../servers/hostile.ts';
import {acts, awfulNames, evil, misleads, utf8} from '../servers/hostile-text.ts';
import {newPlace, requestRow} from './place.ts';

const user = 'ann@baya.com';
const told = awfulNames.filter(name => name !== '');

const subjects = [evil, acts, misleads, '=cmd|calc!A0', '@SUM(1)', '<script>alert(1)</script>'];

async function place() {
  const folders = Object.fromEntries(
    told.map((name, index) => [encodeMailbox(name), [smallMail(100 + index)]]),
  );
  const inbox = subjects.map((subject, index) => {
    const {bytes} = smallMail(index);
    return {
      bytes: Buffer.from(
        bytes.toString().replace(/Subject: .*/, `Subject: ${subject.replace(/[\r\n]/g, '')}`),
      ),
    };
  });
  const source = await startHostile(user, {...folders, INBOX: inbox}, ({command, tag}) =>
    command === 'EXAMINE "CON"' ? `${tag} NO ${utf8(evil.replace(/[\r\n]/g, ''))}\r\n` : undefined,
  );
  const destination = await startHostile('ann@vault.example', {}, ({command, tag}) =>
    command.startsWith('CREATE') && command.includes('NUL')
      ? `${tag} NO [${utf8(acts.replace(/[\r\n\]]/g, ''))}] no\r\n`
      : undefined,
  );
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  const here = newPlace();
  return {here, destination, file: here.csv([requestRow(source, destination, 'ann')])};
}

/** What draws nothing, or acts: C0 but line ends, DEL, C1, bidi, zero width, tags, lone surrogates. */
const forbidden =
  /[^\P{Cc}\r\n\t]|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** What there is below a place, whatever names the servers told; the parts that are made of time and servers' addresses cut out. */
const known = [
  'reports',
  'reports/RUN',
  ...['folders.csv', 'messages.csv', 'report.html', 'requests.csv', 'summary.json'].map(
    name => `reports/RUN/${name}`,
  ),
  'state',
  'state/ledgers',
  'state/ledgers/ENDS.sqlite',
  'state/runs',
  'state/runs/RUN',
  'state/runs/RUN.json',
  'state/runs/RUN/events.jsonl',
  'state/runs/RUN/snapshot.json',
  'users.csv',
];

/** Files, folders and whatever else there is. */
function expectNoOtherFiles(directory: string): void {
  const names = readdirSync(directory, {recursive: true, encoding: 'utf8'}).map(path =>
    path
      .replace(/\d{4}-\d\d-\d\d-\d{4}-users(-2)?/, 'RUN')
      .replace(/\/[0-9a-f]{32}\.sqlite(-wal|-shm)?$/, '/ENDS.sqlite'),
  );
  expect([...new Set(names)].sort()).toEqual(known);
}

/** Each message once, but for that of the folder that cannot be read; none in the folder of another. */
function expectAllThere({folders}: Mailbox): void {
  const byNumber = (one: number, other: number) => one - other;
  const numbers = folders.map(({messages}) =>
    messages
      .map(({bytes}) => Number(/^Message-ID: <h\.(\d+)@/m.exec(bytes.toString('latin1'))?.[1]))
      .sort(byNumber),
  );
  const inbox = subjects.map((_, index) => index);
  const named = told.flatMap((name, index) => (name === 'CON' ? [] : [100 + index]));
  expect(numbers.flat().sort(byNumber)).toEqual([...inbox, ...named]);
  // INBOX, and the one that means it.
  const together = numbers.filter(each => each.length > 1);
  expect(together).toEqual([[...inbox, 100 + told.indexOf('inbox')]]);
}

it('as lines, as JSON lines, and in every file of the report', async () => {
  const {here, destination, file} = await place();
  for (const output of ['plain', 'jsonl']) {
    const {code, stdout, stderr} = await here.run(['run', file, '--yes', '--output', output]);
    expect([code, forbidden.exec(stdout + stderr)?.[0]]).toEqual([3, undefined]);
  }
  expectAllThere(destination.mailbox);
  expectNoOtherFiles(here.directory);
  for (const run of readdirSync(here.reports))
    for (const name of readdirSync(join(here.reports, run))) {
      const text = readFileSync(join(here.reports, run, name), 'utf8').replace(/^\ufeff/, '');
      expect([name, forbidden.exec(text)?.[0]]).toEqual([name, undefined]);
      if (name.endsWith('.html')) expect(text).not.toMatch(/<script>alert|<img src=x/);
      if (!name.endsWith('.csv')) continue;
      const cells = (parse(text, {relax_column_count: true}) as string[][]).flat();
      expect(cells.filter(cell => /^[=+@\t\r]|^-(?!\d)/.test(cell))).toEqual([]);
    }
});

it('on the dashboard and the summary of a terminal', async () => {
  const {here, destination, file} = await place();
  const args = ['run', file, '--yes', '--state', here.state, '--reports', here.reports];
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, ...args],
    columns: 100,
    rows: 30,
    cwd: here.directory,
  });
  onTestFinished(() => terminal.kill('SIGKILL'));
  const titles: string[] = [];
  const clipboard: string[] = [];
  terminal.emulator.onTitleChange(title => titles.push(title));
  terminal.emulator.parser.registerOscHandler(52, data => clipboard.push(data) > 0);
  // Not only what the first screen says of keys: the run is over, and what failed is told.
  await terminal.waitFor(/Enter: summary/, {timeoutMs: 100_000});
  for (const key of ['right', 'end', 'escape', 'enter']) await terminal.press(key);
  await terminal.waitFor(/not at the destination/);
  expectAllThere(destination.mailbox);
  expectNoOtherFiles(here.directory);
  expect([titles.filter(title => title.includes('PWNED')), clipboard]).toEqual([[], []]);
  expect(terminal.raw).not.toMatch(/\u001b\][0-9]*;?[^\u0007\u001b]*PWNED|\u001bc|\u001bP|\u001b#8/);
  expect(forbidden.exec(terminal.everything())?.[0]).toBeUndefined();
});
