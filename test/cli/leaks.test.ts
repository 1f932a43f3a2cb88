// No secret leaves the program: marked ones come in every way there is, through good runs, refused sign-ins, broken
// files and crashes, and everything that was printed or written is searched for them.
import {mkdirSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, beforeAll, expect, it, test} from 'vitest';
import {openProfiles} from '../../source/profiles/store.ts';
import type {HereOptions} from '../helpers/here.ts';
import {fill} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {type ProgramResult, program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {describeKeyring, type Keyring, startKeyring} from '../servers/keyring.ts';
import {leaks, marked} from './marked-secrets.ts';
import {newPlace, type Place, type Row, requestRow} from './place.ts';

const right = marked('right');
const wrong = marked('wrong');
const nowhere = {host: '127.0.0.1', imapPort: 1};

test('the search finds a secret in each form, so that finding none means something', () => {
  const place = newPlace();
  const sasl = Buffer.from(`\0ann@baya.com\0${right}`).toString('base64');
  const texts = {clear: right, json: JSON.stringify(right), url: encodeURIComponent(right), sasl};
  for (const [name, text] of Object.entries(texts)) {
    expect(leaks(place, {[name]: `before ${text} after`}, [])).not.toEqual([]);
    const file = place.file(name, text);
    expect(leaks(place, {}, [])).not.toEqual([]);
    expect(leaks(place, {}, [file])).toEqual(leaks(place, {}, [file]));
    place.file(name, '');
  }
  for (const before of ['', 'a', 'ab'])
    expect(leaks(place, {text: Buffer.from(`${before}${right}`).toString('base64')}, [])).not.toEqual([]);
  expect(leaks(place, {nothing: 'Qz7f MARK k3W'}, [])).toEqual([]);
});

/** Keeps what the program prints: run with a home of its own in the place, or `here`, in this process. */
function recorder(place: Place) {
  const printed: Record<string, string> = {};
  const home = join(place.directory, 'home');
  mkdirSync(home, {recursive: true});
  const own = {HOME: home, XDG_CACHE_HOME: undefined, NODE_COMPILE_CACHE: undefined};
  const keeping =
    (carryOut: Place['here']) =>
    async (args: readonly string[], options: HereOptions = {}): Promise<ProgramResult> => {
      const result = await carryOut(args, {...options, env: {...own, ...options.env}});
      const name = `${Object.keys(printed).length} ${args.join(' ').replaceAll(place.directory, '')}`;
      printed[name] = `${result.stdout}\n${result.stderr}`;
      return result;
    };
  return {printed, run: keeping(place.run), here: keeping(place.here)};
}

describeDovecot('no secret is printed or written', () => {
  let source: Dovecot;
  let destination: Dovecot;
  const users = ['cell', 'env', 'file', 'cmd', 'ask', 'keychain'];
  beforeAll(async () => {
    const passwords = (domain: string) => Object.fromEntries(users.map(user => [`${user}@${domain}`, right]));
    [source, destination] = await Promise.all([
      startDovecot({passwords: passwords('baya.com')}),
      startDovecot({passwords: passwords('vault.example')}),
    ]);
    const folders = fillTree([['INBOX'], ['Sent Items']], {seed: 9, messages: 8});
    for (const user of users) await fill(source, {user: `${user}@baya.com`, password: right}, folders);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  const both = (user: string, secret: string, changes: Row = {}) =>
    requestRow(source, destination, user, {
      'Source user password': secret,
      'Destination user password': secret,
      ...changes,
    });

  /** A row for each way in, and the files that hold a secret on purpose. */
  function everyWay(place: Place, secret: string): {csv: string; holding: string[]} {
    const file = place.file('secret.txt', `${secret}\n`);
    // Whoever looks at the process list while it runs sees what this command does.
    const command = `cmd:tr '\\0' ' ' < /proc/$PPID/cmdline >> "${join(place.directory, 'argv.txt')}"; cat "${file}"`;
    const csv = place.csv([
      both('cell', secret),
      both('env', 'env:MARKED'),
      both('file', `file:${file}`),
      both('cmd', command),
    ]);
    return {csv, holding: [csv, file]};
  }

  it('in good runs and refused ones, whatever the output', async () => {
    const place = newPlace();
    const {printed, run, here} = recorder(place);
    const refused = everyWay(place, wrong);
    for (const output of ['plain', 'jsonl']) {
      const env = {MARKED: wrong};
      expect((await here(['check', refused.csv, '--output', output], {env})).code).toBe(4);
      const carryOut = output === 'plain' ? run : here;
      expect((await carryOut(['run', refused.csv, '--yes', '--output', output], {env})).code).toBe(4);
    }
    const {csv, holding} = everyWay(place, right);
    for (const output of ['plain', 'jsonl', 'quiet']) {
      const env = {MARKED: right};
      if (output !== 'quiet') expect((await here(['check', csv, '--output', output], {env})).code).toBe(0);
      const carryOut = output === 'jsonl' ? run : here;
      expect((await carryOut(['run', csv, '--yes', '--output', output], {env})).code).toBe(0);
    }
    expect((await here(['run', csv, '--dry-run', '--output', 'jsonl'], {env: {MARKED: right}})).code).toBe(0);
    const {stdout} = await here(['runs']);
    await here(['report', stdout.split(' ')[0] ?? '']);
    await here(['profiles', 'save', 'all', csv, '--mailboxes', '2']);
    await here(['profiles', 'export', 'all', join(place.directory, 'all.json')]);
    await here(['profiles', 'show', 'all']);
    expect(leaks(place, printed, holding)).toEqual([]);
    const argv = readFileSync(join(place.directory, 'argv.txt'), 'utf8');
    expect(argv).toContain(' run ');
    // What was written is for its owner only.
    const written = ['state', 'reports'].flatMap(folder =>
      readdirSync(join(place.directory, folder), {recursive: true, withFileTypes: true}),
    );
    expect(written.length).toBeGreaterThan(20);
    const open = written.filter(entry => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return mode !== (entry.isDirectory() ? 0o700 : 0o600);
    });
    expect(open.map(entry => join(entry.parentPath, entry.name))).toEqual([]);
  }, 180_000);

  it('when it is typed', async () => {
    const place = newPlace();
    const csv = place.csv([both('ask', '')]);
    const terminal = openTerminal({
      command: process.execPath,
      args: [
        program,
        'run',
        csv,
        '--yes',
        '--output',
        'plain',
        '--state',
        place.state,
        '--reports',
        place.reports,
      ],
      cwd: place.directory,
      columns: 160,
    });
    for (const end of ['source', 'destination']) {
      await terminal.waitFor(new RegExp(`\\(${end}\\):`));
      await terminal.type(right);
      await terminal.press('enter');
    }
    expect((await terminal.exit).code).toBe(0);
    expect(leaks(place, {terminal: terminal.raw}, [])).toEqual([]);
  });

  it('in a crash, nor in the diagnostic report that Node writes of one', async () => {
    const place = newPlace();
    const {printed, run} = recorder(place);
    const {csv, holding} = everyWay(place, right);
    const reports = join(place.directory, 'diagnostics');
    mkdirSync(reports);
    // Breaks when the first sign-in leaves: the secrets are in memory, one of them in the very call.
    const hook = (how: string) => `
      import {Socket} from 'node:net';
      const {write} = Socket.prototype;
      Socket.prototype.write = function (...given) {
        if (/AUTHENTICATE|LOGIN/.test(String(given[0]))) { ${how} }
        return write.apply(this, given);
      };`;
    const ways = [
      ['uncaught', "setImmediate(() => { throw new Error('forced crash'); });", 1],
      ['rejected', "Promise.reject(new Error('forced crash'));", 1],
      // A mailbox's own: the run comes to its end, and the report names the mistake.
      ['thrown', "throw new TypeError('forced crash');", 3],
    ] as const;
    for (const [index, [name, how, ending]] of ways.entries()) {
      const file = place.file(`${name}.mjs`, hook(how));
      const NODE_OPTIONS = `--import=${pathToFileURL(file).href} --report-uncaught-exception --report-directory=${reports}`;
      const args = ['run', csv, '--yes', '--output', index % 2 === 0 ? 'plain' : 'jsonl'];
      const {code} = await run(args, {env: {NODE_OPTIONS, MARKED: right}});
      expect([name, code]).toEqual([name, ending]);
    }
    expect(readdirSync(reports).length).toBeGreaterThanOrEqual(2);
    expect(Object.values(printed).join('\n')).toContain('forced crash');
    expect(leaks(place, printed, holding)).toEqual([]);
  });

  describeKeyring('nor one of the system keychain', () => {
    let keyring: Keyring;
    beforeAll(async () => {
      keyring = await startKeyring();
    });
    afterAll(() => keyring?.stop());

    it('set, listed, used, refused', async () => {
      const place = newPlace();
      const {printed, run} = recorder(place);
      const csv = place.csv([both('keychain', 'keychain:vault')]);
      for (const [secret, code] of [
        [wrong, 4],
        [right, 0],
      ] as const) {
        expect((await run(['secrets', 'set', 'vault'], {env: keyring.env, input: `${secret}\n`})).code).toBe(
          0,
        );
        const output = secret === wrong ? 'plain' : 'jsonl';
        expect((await run(['run', csv, '--yes', '--output', output], {env: keyring.env})).code).toBe(code);
      }
      expect((await run(['secrets'], {env: keyring.env})).stdout).toBe('vault\n');
      expect(leaks(place, printed, [])).toEqual([]);
    });
  });
});

test('no secret is in what is said of a file that cannot be read right', async () => {
  const place = newPlace();
  const {printed, here} = recorder(place);
  const row = requestRow(nowhere, nowhere, 'ann', {
    'Source user password': right,
    'Destination user password': right,
  });
  const header = Object.keys(row);
  const cells = Object.values(row).map(cell => `"${String(cell).replaceAll('"', '""')}"`);
  const first = cells.slice(0, 3);
  const files = {
    'control character': [header.join(), cells.join().replaceAll('MARK', '\u0007MARK'), ''].join('\n'),
    'a quote left open': [header.join(), `${first.join()},"${right}`, cells.join(), ''].join('\n'),
    'a cell too many': [header.join(), [...first, '"x"', ...cells.slice(3)].join(), ''].join('\n'),
    'a cell too few': [header.join(), cells.slice(1).join(), ''].join('\n'),
    'no header': [cells.join(), cells.join(), ''].join('\n'),
    'a column of another name': [
      header.join().replace('Source user password', 'Passphrase'),
      cells.join(),
      '',
    ].join('\n'),
    'a column twice': [
      `${header.join()},Source user password`,
      `${cells.join()},"${marked('twice').replaceAll('"', '""')}"`,
      '',
    ].join('\n'),
    'another separator': [header.join(';'), cells.join(','), ''].join('\n'),
    'a broken reference': [
      header.join(),
      cells.join().replaceAll(`"${right.replaceAll('"', '""')}"`, '"env:not a name"'),
      '',
    ].join('\n'),
  };
  const holding: string[] = [];
  for (const [index, [name, text]] of Object.entries(files).entries()) {
    const file = place.file(`${name.replaceAll(' ', '-')}.csv`, text);
    holding.push(file);
    // Both commands read it by the same code.
    const command = index % 2 === 0 ? 'check' : 'run';
    const {code} = await here([command, file, '--yes', '--no-input']);
    expect([name, code === 0 || code === 1]).toEqual([name, false]);
  }
  for (const args of [
    ['--password', right],
    [`--source-password=${right}`],
    ['run', 'x', `--mailboxes=${right}`],
    [right],
  ])
    expect((await place.here(args)).stderr).not.toContain('MARK');
  openProfiles({cwd: place.state}).save('typed', {
    kind: 'request',
    answers: {type: 'O365-IMAP', sourceUserId: 'ann', sourceSecret: right, destinationSecret: wrong},
  });
  await here(['profiles', 'show', 'typed']);
  await here(['profiles', 'export', 'typed', join(place.directory, 'typed.json')]);
  expect(leaks(place, printed, holding)).toEqual([]);
});
