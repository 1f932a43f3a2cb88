// What goes wrong before or while signing in, as its user meets it: one clear sentence, the right exit code, nothing
// half-done.
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {fillDiskBelow} from '../helpers/full-disk.ts';
import {fillLedgersAt} from '../helpers/full-ledger.ts';
import {fill, readMailbox} from '../helpers/mail.ts';
import {corpus} from '../helpers/mail-corpus.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {closedPort} from './closed-port.ts';
import {jsonLines, lastSummary, newPlace, type Row, requestRow} from './place.ts';

/** Some server that is never reached: what is refused is refused before. */
const nowhere = {host: '127.0.0.1', imapPort: 1};

const noFiles = {state: [] as string[], reports: [] as string[]};

/** What a refused run may leave below the place: nothing. */
function leftBehind(place: ReturnType<typeof newPlace>): typeof noFiles {
  const below = (folder: string) =>
    place
      .files()
      .map(({path}) => path)
      .filter(path => path.startsWith(folder));
  return {state: below(place.state), reports: below(place.reports)};
}

describe('a request that is not valid', () => {
  it('is named with line and column, each of ten mistakes, and nothing is made', async () => {
    const place = newPlace();
    const row = (changes: Row = {}) =>
      requestRow(nowhere, nowhere, 'john', {'Source security': 'tls', Since: '', Before: '', ...changes});
    const mistakes: readonly (readonly [Row, string])[] = [
      [{'Source user id': 'john@baya.com'}, 'must not contain the domain'],
      [{'Source domain': 'baya com'}, 'not a domain name'],
      [{'Source Server': 'mail server!'}, 'not a host name or an IP address'],
      [{'Source Server Port': 99_999}, 'whole number from 1 to 65535'],
      [{'Source security': 'ssl'}, 'tls, starttls or none'],
      [{'Request type': 'IMAP-O365', 'Destination folder': 'archive'}, 'reserved folder name'],
      [{'Request type': 'IMAP-O365', 'Destination folder': ''}, 'destination folder is missing'],
      [{Since: '2020-02-30'}, 'no day 2020-02-30'],
      [{Since: '2020-02-03', Before: '2020-01-01'}, 'must be earlier than Before'],
      [{'Request type': 'O365-POP'}, 'no such request type'],
      [{'Source Server': 'imap.example.com', 'Source security': 'none'}, 'sends the password in clear'],
      [{'Source user password': 'env:'}, 'name of an environment variable'],
    ];
    const file = place.csv(mistakes.map(([changes]) => row(changes)));
    const header = Object.keys(row());
    for (const command of ['run', 'check']) {
      const {code, stdout, stderr} = await place.here([command, file, '--yes']);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      const [first, ...lines] = stderr.trimEnd().split('\n');
      expect(first).toBe(`${file} has ${mistakes.length} problems; nothing was copied.`);
      for (const [index, [changes, sentence]] of mistakes.entries()) {
        expect(lines[index]).toContain(`${file}:${index + 2}: error: column `);
        expect(lines[index]).toContain(sentence);
        const named = /column (\d+) \((.*?)\)/.exec(lines[index] ?? '');
        expect(header[Number(named?.[1]) - 1]).toBe(named?.[2]);
        expect(Object.keys(changes)).toContain(named?.[2]);
      }
      expect(leftBehind(place)).toEqual(noFiles);
    }
  });

  it('says how a row with too many cells, an unknown column and a file of only a header can be mended', async () => {
    const place = newPlace();
    const ragged = place.file('ragged.csv', 'Source user id,Colour\njohn,red,extra\n');
    const empty = place.file('empty.csv', 'Source user id,Source domain\n');
    const nothing = place.file('nothing.csv', '');
    const [one, two, three] = await Promise.all(
      [ragged, empty, nothing].map(file => place.here(['run', file, '--yes'])),
    );
    expect([one?.code, two?.code, three?.code]).toEqual([2, 2, 2]);
    expect(one?.stderr).toContain('ragged.csv:1: error: column 2 (Colour): There is no field "Colour"');
    expect(one?.stderr).toMatch(/ragged\.csv:2: error: The row has 3 cells, but the header has 2/);
    expect(two?.stderr).toMatch(/no request|only a header/);
    expect(three?.stderr).toMatch(/empty|no header|no request/i);
  });

  it('refuses a file that is missing, a folder, or no text', async () => {
    const place = newPlace();
    const binary = place.file('users.xlsx', 'PK\u0003\u0004\u0014\u0000\u0006\u0000');
    const image = place.file('disk.csv', '');
    truncateSync(image, 17 * 1024 * 1024);
    const [missing, folder, sheet, large] = await Promise.all(
      ['missing.csv', place.directory, binary, image].map(file => place.here(['run', file, '--yes'])),
    );
    expect([missing?.code, folder?.code, sheet?.code, large?.code]).toEqual([2, 2, 2, 2]);
    expect(large?.stderr).toContain(`${image} is too large: it has more than 16 MB`);
    expect(missing?.stderr).toMatch(/There is no file .*missing\.csv and no profile/);
    expect(folder?.stderr).toContain(`${place.directory} is a folder. Give the CSV file in it.`);
    expect(sheet?.stderr).toMatch(/spreadsheet|not a CSV|not text/i);
    expect(leftBehind(place)).toEqual(noFiles);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a file that may not be read', async () => {
    const place = newPlace();
    const file = place.csv([requestRow(nowhere, nowhere, 'john')]);
    chmodSync(file, 0);
    const {code, stderr} = await place.here(['run', file, '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('may not be read');
  });
});

describe('a command line that is not understood', () => {
  it('gets one sentence and exit code 2', async () => {
    const place = newPlace();
    const file = place.csv([requestRow(nowhere, nowhere, 'john')]);
    const unasked = place.csv(
      [requestRow(nowhere, nowhere, 'john', {'Source user password': ''})],
      'ask.csv',
    );
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['frobnicate'], /no such command/],
      [['rum', file], /Did you mean "mailferry run"/],
      [['run'], /needs a CSV file or the name of a profile/],
      [['run', file, '--yess'], /There is no option --yess\. Did you mean --yes/],
      [
        ['run', file, '--password=geheim'],
        /^There is no option --password: other users can see a command line/,
      ],
      [['run', file, '--mailboxes', '0'], /whole number from 1 to 100/],
      [['run', file, '--output', 'tui'], /needs a terminal/],
      [['run', file], /Add --yes/],
      [
        ['run', unasked, '--yes', '--no-input'],
        /A password is missing[\s\S]*source: john@baya.com at 127\.0\.0\.1/,
      ],
      [['run', file, '--ca', '/missing.pem'], /There is no certificate file \/missing\.pem/],
      [['run', file, '--ca', file], /holds no PEM certificate/],
      [['report', 'never'], /There is no run "never"/],
      [['profiles', 'show', 'never'], /There is no profile "never"/],
      [['template', 'POP-IMAP'], /no such request type/],
      [[], /guided screens need a terminal\. Without/],
    ];
    const results = await Promise.all(
      // The first as a process of its own: what it sets is what its caller gets.
      cases.map(([args], index) => (index === 0 ? place.run(args) : place.here(args))),
    );
    for (const [index, {code, stdout, stderr}] of results.entries()) {
      expect(stderr).toMatch(cases[index]?.[1] ?? /no case/);
      expect(stderr).not.toContain('geheim');
      expect([code, stdout, ...stderr.split('\n').filter(line => line.startsWith('    at '))]).toEqual([
        2,
        '',
      ]);
    }
    expect(leftBehind(place)).toEqual(noFiles);
  });
});

describeDovecot('a server that does not take the sign-in', () => {
  let good: Dovecot;
  const broken: Dovecot[] = [];
  /** The way to the last of them as from another machine: Dovecot lets its own machine in without STARTTLS. */
  let stranger: SlowProxy;

  beforeAll(async () => {
    const [first, ...others] = await Promise.all([
      startDovecot(),
      startDovecot({certificate: 'expired'}),
      startDovecot({certificate: 'wrong-name'}),
      startDovecot({certificate: 'self-signed'}),
      startDovecot({tls: 'required'}),
    ]);
    good = first;
    broken.push(...others);
    stranger = await startSlowProxy({port: others[3].imapPort, from: '127.0.0.2'});
    await fill(good, 'ann@baya.com', [{path: ['INBOX'], messages: corpus(4, {seed: 1, kinds: ['plain']})}]);
  });
  afterAll(async () => {
    await stranger?.close();
    await Promise.all([good, ...broken].map(server => server?.stop()));
  });

  const secure = (server: Dovecot) => ({
    'Source Server': 'localhost',
    'Source Server Port': server.imapsPort,
    'Source security': 'tls',
  });

  it('ends with 4 where no mailbox is reached, with 3 where another one is', async () => {
    const wrong = requestRow(good, good, 'john', {'Source user password': 'wrong-secret'});
    const alone = newPlace();
    const both = newPlace();
    const ann = requestRow(good, good, 'ann', {'Destination domain': ownDomain()});
    const [one, two] = await Promise.all([
      alone.here(['run', alone.csv([wrong]), '--yes']),
      both.here(['run', both.csv([wrong, ann]), '--yes']),
    ]);
    expect(one.code).toBe(4);
    expect(one.stdout).toContain('john@baya.com');
    expect(one.stdout).toMatch(/user name or password/i);
    expect(two.code).toBe(3);
    expect(lastSummary(both)).toMatchObject({
      exitCode: 3,
      totals: {copied: 4},
      requests: [
        {state: 'Failed', copied: 0},
        {state: 'Processed', copied: 4},
      ],
    });
    expect((await readMailbox(good, 'john@vault.example')).get('Data17012018/INBOX')).toBeUndefined();
    for (const text of [one.stdout, one.stderr, two.stdout, two.stderr])
      expect(text).not.toContain('wrong-secret');
  });

  it('says in a sentence what is wrong with name, port and certificate', async () => {
    const [expired, wrongName, selfSigned] = broken as [Dovecot, Dovecot, Dovecot];
    const cases: readonly (readonly [Row, RegExp, readonly string[]])[] = [
      [
        {'Source Server': 'mail.nowhere.invalid', 'Source security': 'tls'},
        /no server with the name mail\.nowhere\.invalid/,
        [],
      ],
      [{'Source Server Port': await closedPort()}, /Nothing answers at 127\.0\.0\.1:\d+/, []],
      // A plain port spoken to in TLS, and the reverse.
      [{'Source security': 'tls'}, /tls|TLS/, []],
      [secure(good), /certificate[\s\S]*--ca/, []],
      [secure(expired), /certificate .*expired|expired .*certificate/i, ['--ca', expired.caFile]],
      [secure(wrongName), /certificate[\s\S]*mail\.elsewhere\.example/, ['--ca', wrongName.caFile]],
      [secure(selfSigned), /self-signed/, []],
      [
        {'Source Server': stranger.host, 'Source Server Port': stranger.imapPort},
        /does not allow a password on this connection[\s\S]*Use security tls or starttls/,
        [],
      ],
    ];
    const results = await Promise.all(
      cases.map(([changes, , args]) => {
        const place = newPlace();
        return place.here(['run', place.csv([requestRow(good, good, 'ann', changes)]), '--yes', ...args]);
      }),
    );
    for (const [index, {code, stdout, stderr}] of results.entries()) {
      expect(stdout).toMatch(cases[index]?.[1] ?? /no case/);
      expect([index, code, stderr]).toEqual([index, 4, '']);
      expect(stdout).toContain('no mailbox could be reached or signed in to.');
    }
  });

  it('tells a disk that becomes full, for the report and for the state, and goes on once there is room', async ({
    skip,
  }) => {
    const place = newPlace();
    const small = (name: string) => {
      const folder = join(place.directory, name);
      mkdirSync(folder);
      // Only root may mount, and in many containers not even root.
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=20k', 'none', folder]).status !== 0)
        return undefined;
      onTestFinished(() => void spawnSync('umount', [folder]));
      return folder;
    };
    const [reports, state] = [small('small-reports'), small('small-state')];
    if (reports === undefined || state === undefined) {
      process.stderr.write(
        '\nSKIPPED: a full disk needs the right to mount one; ledgers that are refused room are tried without it\n',
      );
      return skip();
    }
    const [full, full2] = [ownDomain(), ownDomain()];
    const file = place.csv([requestRow(good, good, 'ann', {'Destination domain': full})]);
    const noReport = await place.here(['run', file, '--yes', '--reports', reports]);
    expect(noReport.code).toBe(3);
    expect(noReport.stderr).toMatch(/^The report cannot be written to .*: the disk is full\.$/m);
    const other = place.csv([requestRow(good, good, 'ann', {'Destination domain': full2})], 'other.csv');
    const noState = await place.here(['run', other, '--yes', '--state', state]);
    expect(noState.code).toBe(3);
    expect(noState.stdout).toMatch(/no space left on the disk/);
    for (const {stderr} of [noReport, noState]) expect(stderr).not.toContain('mistake of its own');
    for (const again of [file, other]) {
      const {code, stdout} = await place.here(['run', again, '--yes', '--output', 'jsonl']);
      expect([code, jsonLines(stdout).at(-1)]).toMatchObject([0, {totals: {selected: 4, failed: 0}}]);
    }
    for (const domain of [full, full2])
      expect((await readMailbox(good, `ann@${domain}`)).get('Data17012018/INBOX')).toHaveLength(4);
  });

  it('tells that the report has room for a part of itself only, and the mail is there once', async () => {
    /** Bytes that a report takes, all that is written of it. */
    let whole = 1_000_000;
    for (const share of [1, 0.2, 0.5, 0.9]) {
      const place = newPlace();
      const to = ownDomain();
      const file = place.csv([requestRow(good, good, 'ann', {'Destination domain': to})]);
      const disk = fillDiskBelow(place.reports, Math.floor(whole * share));
      onTestFinished(disk.makeRoom);
      const full = await place.here(['run', file, '--yes']);
      disk.makeRoom();
      if (share === 1) whole = disk.taken();
      expect([share, full.code]).toEqual([share, share === 1 ? 0 : 3]);
      if (share < 1) expect(full.stderr).toMatch(/^The report cannot be written to .*: the disk is full\.$/m);
      expect(full.stdout + full.stderr).not.toContain('mistake of its own');
      const {code, stdout} = await place.here(['run', file, '--yes', '--output', 'jsonl']);
      const totals = {selected: 4, copied: 0, alreadyPresent: 4, failed: 0};
      expect([code, jsonLines(stdout).at(-1)]).toMatchObject([0, {totals}]);
      expect((await readMailbox(good, `ann@${to}`)).get('Data17012018/INBOX')).toHaveLength(4);
    }
  });

  it('tells that the state has no room, and goes on once there is some', async () => {
    const place = newPlace();
    const to = ownDomain();
    const file = place.csv([requestRow(good, good, 'ann', {'Destination domain': to})]);
    const makeRoom = fillLedgersAt(4);
    onTestFinished(makeRoom);
    const full = await place.here(['run', file, '--yes']);
    expect(full.code).toBe(3);
    expect(full.stdout).toMatch(/no space left on the disk/);
    expect(full.stdout + full.stderr).not.toContain('mistake of its own');
    makeRoom();
    const {code, stdout} = await place.here(['run', file, '--yes', '--output', 'jsonl']);
    expect([code, jsonLines(stdout).at(-1)]).toMatchObject([0, {totals: {selected: 4, failed: 0}}]);
    expect((await readMailbox(good, `ann@${to}`)).get('Data17012018/INBOX')).toHaveLength(4);
  });

  it('takes a certificate that --ca names, and STARTTLS', async () => {
    const [, , selfSigned, tlsOnly] = broken as [Dovecot, Dovecot, Dovecot, Dovecot];
    const certificate = join(selfSigned.directory, 'tls', 'server.pem');
    const own = newPlace();
    const other = newPlace();
    const [one, two] = await Promise.all([
      own.here([
        ...['run', own.csv([requestRow(good, good, 'ann', secure(selfSigned))])],
        ...['--yes', '--ca', certificate, '--output', 'jsonl'],
      ]),
      other.here([
        'run',
        other.csv([
          requestRow(good, good, 'ann', {
            'Destination domain': ownDomain(),
            'Destination server': 'localhost',
            'Destination Server Port': stranger.imapPort,
            'Destination security': 'starttls',
          }),
        ]),
        ...['--yes', '--ca', tlsOnly.caFile, '--output', 'jsonl'],
      ]),
    ]);
    expect(one.code).toBe(0);
    expect(two.code).toBe(0);
    expect(jsonLines(two.stdout).at(-1)).toMatchObject({type: 'run-finished', totals: {copied: 4}});
  });
});

describe('a disk that takes nothing', () => {
  it('is noticed before anything is copied, for the report and for the state', async () => {
    const place = newPlace();
    const file = place.csv([requestRow(nowhere, nowhere, 'john')]);
    const inTheWay = place.file('taken', 'a file');
    const [reports, below, state] = await Promise.all([
      place.here(['run', file, '--yes', '--reports', inTheWay]),
      place.here(['run', file, '--yes', '--reports', join(inTheWay, 'reports')]),
      place.here(['run', file, '--yes', '--state', inTheWay]),
    ]);
    for (const {code, stdout, stderr} of [reports, below]) {
      expect(stderr).toMatch(/The report cannot be written to .*taken/);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Nothing was copied.');
    }
    expect(state.stderr).toMatch(/state .*taken|taken.* state/i);
    expect(state.stderr).toContain('--state');
    expect([state.code, state.stdout]).toEqual([2, '']);
  });
});
