// The outside contract on real mail: what a run prints, writes and returns, and that a second one has nothing to do.
import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {checkLineSchema} from '../../source/lines/check-schema.ts';
import {expectSameMail, fill, type Mailbox, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {cleanEnvironment, program} from '../helpers/program.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {jsonLines, lastSummary, newPlace, requestRow} from './place.ts';

/** Passwords that a search for them cannot miss or find by chance. */
const passwords = {source: 'Kq7-source-secret', destination: 'Zw3-destination-secret'};

const tree = [
  ['INBOX'],
  ['Sent Items'],
  ['Projects', 'Île de Ré'],
  ['Deleted Items'],
  ['Calendar'],
  ['Junk Email'],
] as const;

const isCarried = (path: string) => !/^(Deleted Items|Calendar|Junk Email)/.test(path) && path !== 'Projects';

/** Where each folder goes below `folder`. */
const placesIn = (folder: string) => (path: string) => (isCarried(path) ? `${folder}/${path}` : undefined);

/** Somebody sets the machine's clock back while the run is at work: by a minute at each look. */
const clockSetBack = `--import=data:text/javascript,${encodeURIComponent(
  'const look = Date.now; let looks = 0; Date.now = () => look() - 60_000 * looks++;',
)}`;

describeDovecot('the command line on two mailboxes', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let mail: Mailbox;
  const account = (user: string) => ({user: `${user}@vault.example`, password: passwords.destination});

  beforeAll(async () => {
    const users = ['ann', 'bob', 'cleo', 'dan', 'eve'];
    [source, destination] = await Promise.all([
      startDovecot({
        passwords: Object.fromEntries(users.map(user => [`${user}@baya.com`, passwords.source])),
      }),
      startDovecot({
        passwords: Object.fromEntries(users.map(user => [`${user}@vault.example`, passwords.destination])),
      }),
    ]);
    const folders = fillTree(tree, {seed: 5, messages: 90});
    for (const user of users)
      await fill(source, {user: `${user}@baya.com`, password: passwords.source}, folders);
    mail = await readMailbox(source, {user: 'ann@baya.com', password: passwords.source});
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /** A destination folder of each try's own. */
  let folders = 0;
  const newFolder = () => `Data${++folders}`;

  const row = (user: string, changes = {}) =>
    requestRow(source, destination, user, {
      'Source user password': passwords.source,
      'Destination user password': passwords.destination,
      ...changes,
    });
  const selected = () =>
    [...mail].filter(([path]) => isCarried(path)).reduce((sum, [, each]) => sum + each.length, 0);

  it('copies, tells it line by line, proves it in the report, and a second run copies nothing', async () => {
    const place = newPlace();
    const folder = newFolder();
    const file = place.csv([row('ann', {'Destination folder': folder})]);
    const placeOf = placesIn(folder);
    const first = await place.run(['run', file, '--yes', '--output', 'jsonl']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const lines = jsonLines(first.stdout);
    expect(lines[0]).toMatchObject({type: 'run-started', version: 1, dryRun: false});
    expect(lines.at(-1)).toMatchObject({type: 'run-finished', exitCode: 0, totals: {copied: selected()}});
    expectSameMail(mail, await readMailbox(destination, account('ann')), placeOf);
    expect(await readMailbox(source, {user: 'ann@baya.com', password: passwords.source})).toEqual(mail);

    const second = await place.here(['run', file, '--yes'], {env: {NODE_OPTIONS: clockSetBack}});
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toContain(`${selected()} there already`);
    const summary = lastSummary(place);
    expect(Date.parse(summary.endedAt)).toBeGreaterThanOrEqual(Date.parse(summary.startedAt));
    expect(summary).toMatchObject({
      version: 1,
      exitCode: 0,
      totals: {selected: selected(), copied: 0, alreadyPresent: selected(), failed: 0},
      requests: [{source: 'ann@baya.com', destinationFolder: folder, state: 'Processed', copied: 0}],
    });
    expectSameMail(mail, await readMailbox(destination, account('ann')), placeOf);

    const runs = await place.here(['runs']);
    expect(runs.code).toBe(0);
    const [head, ...rows] = runs.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^RUN +STARTED +STATE +MAILBOXES +MESSAGES +FROM$/);
    const names = rows.map(line => line.split(' ')[0] ?? '');
    expect(names).toHaveLength(2);
    const all = selected().toLocaleString('en');
    for (const line of rows)
      expect(line).toMatch(new RegExp(` complete +1 of 1 +${all} of ${all} +.*users\\.csv$`));
    const report = await place.here(['report', names[1] ?? '']);
    expect(report.code).toBe(0);
    expect(JSON.parse(report.stdout)).toMatchObject({run: names[1], totals: {copied: selected()}});
    const told = await place.here(['report', names[1] ?? '', '--output', 'plain']);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(/^Every selected message is at the destination\.\n/);
    expect(told.stdout).toContain(`Report: ${join(place.reports, names[1] ?? '')}\n`);
    const messages = readFileSync(join(place.reports, names[0] ?? '', 'messages.csv'), 'utf8');
    // Every message of the destination folder, marked as what the first run brought.
    expect(messages.split(`,already present,${names[1]},`).length - 1).toBe(selected());

    // Standard output, standard error, ledger, report, record: no password in any of them.
    const printed = [first, second, runs, report, told].flatMap(each => [each.stdout, each.stderr]).join('');
    for (const secret of Object.values(passwords)) {
      expect(printed).not.toContain(secret);
      const holding = place.files([file]).filter(({bytes}) => bytes.includes(secret));
      expect(holding.map(({path}) => path)).toEqual([]);
      const encoded = Buffer.from(secret).toString('base64');
      expect(place.files([file]).filter(({bytes}) => bytes.includes(encoded))).toEqual([]);
    }
  });

  it('checks: signs in, lists, counts, and makes nothing at the destination', async () => {
    const place = newPlace();
    const file = place.csv([row('bob')]);
    const before = await readMailbox(destination, account('bob'));
    const [plain, json, dry] = [
      await place.here(['check', file]),
      await place.here(['check', file, '--output', 'jsonl']),
      await place.here(['run', file, '--dry-run', '--output', 'jsonl']),
    ];
    expect([plain.code, plain.stderr]).toEqual([0, '']);
    expect(plain.stdout).toMatch(/\[x\] Projects\/Île de Ré +\d+ .*→ Data17012018\/Projects\/Île de Ré/);
    expect(plain.stdout).toMatch(/\[ \] Deleted Items +\d+ .*moved to Trash/);
    expect(plain.stdout).toMatch(new RegExp(`to copy +${selected()} messages`));
    const told = json.stdout
      .trimEnd()
      .split('\n')
      .map(line => checkLineSchema.parse(JSON.parse(line)));
    expect(told.map(line => line.type)).toEqual(['check-started', 'checked', 'check-finished']);
    expect(told[1]).toMatchObject({version: 1, request: 0, state: 'ready', messages: selected()});
    expect(told[2]).toMatchObject({exitCode: 0, totals: {requests: 1, ready: 1}});
    expect(dry.code).toBe(0);
    const lines = jsonLines(dry.stdout);
    expect(lines[0]).toMatchObject({type: 'run-started', dryRun: true});
    expect(lines.at(-1)).toMatchObject({type: 'run-finished', totals: {copied: 0}});
    expect(await readMailbox(destination, account('bob'))).toEqual(before);
    expect((await place.here(['runs'])).stdout).toBe(
      `No run is kept yet: ${place.state} does not exist; the first run makes it.\n`,
    );
  });

  it('takes secrets by reference, and the template as it is printed', async () => {
    const place = newPlace();
    const {stdout, code} = await place.here(['template', 'O365-IMAP']);
    expect(code).toBe(0);
    const [header = '', sample = ''] = stdout.trimEnd().split('\n');
    const filled = sample
      .replace('outlook.office365.com,993', `${source.host},${source.imapPort}`)
      .replace('imap.example.com,993', `${destination.host},${destination.imapPort}`)
      .replaceAll('john', 'cleo')
      .replace('example.com', 'vault.example');
    const file = place.file(
      'filled.csv',
      `${header},Source security,Destination security\n${filled},none,none\n`,
    );
    const env = {SOURCE_PASSWORD: passwords.source, DESTINATION_PASSWORD: passwords.destination};
    const checked = await place.here(['check', file], {env});
    expect([checked.code, checked.stderr]).toEqual([0, '']);
    const missing = await place.here(['check', file], {env: {...env, DESTINATION_PASSWORD: undefined}});
    expect(missing.code).not.toBe(0);
    expect(missing.stdout + missing.stderr).toContain('DESTINATION_PASSWORD');
  });

  it('runs two requests into one folder with a warning, and two programs at once without a double', async () => {
    const place = newPlace();
    const twice = place.csv([row('dan'), row('dan', {'Source folder': 'INBOX'})]);
    const warned = await place.here(['check', twice]);
    expect(warned.code).toBe(0);
    expect(warned.stderr).toMatch(
      /users\.csv:3: warning: .*into the same folder of the same mailbox\. Give each its own folder/,
    );
    const folder = newFolder();
    const file = place.csv([row('dan', {'Destination folder': folder})], 'dan.csv');
    // The lock is a matter of moments: several rounds, each with its two programs.
    for (let round = 0; round < 3; round += 1) {
      const both = await Promise.all(
        [1, 2].map(() => place.run(['run', file, '--yes', '--output', 'jsonl'])),
      );
      // One of them may find the pair of mailboxes in the other's hands; then it leaves it alone.
      for (const {code, stdout} of both)
        if (code !== 0) {
          expect(code).toBe(3);
          expect(stdout).toContain('ledger-locked');
        }
      expect(
        both.map(({stdout}) => jsonLines(stdout)[0]).map(line => line?.type === 'run-started' && line.run),
      ).toSatisfy((names: string[]) => new Set(names).size === 2);
      expect(both.some(({code}) => code === 0)).toBe(true);
    }
    expectSameMail(mail, await readMailbox(destination, account('dan')), placesIn(folder));
  });

  it.each([
    ['plain', 'eve', /^\d{4}-.* starts: 1 request\n0\n$/],
    ['jsonl', 'bob', /^\{"version":1,"type":"run-started",.*\}\n0\n$/],
  ])(
    'goes on to the end where nobody reads its %s lines any more, without colour or a word of it',
    async (output, user, first) => {
      const place = newPlace();
      const folder = newFolder();
      const file = place.csv([row(user, {'Destination folder': folder})]);
      const command = `"${process.execPath}" "${program}" run "${file}" --yes --output ${output} --state "${place.state}" --reports "${place.reports}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
      const {promise, resolve} = Promise.withResolvers<{stdout: string; stderr: string}>();
      execFile(
        'bash',
        ['-c', command],
        {env: cleanEnvironment({FORCE_COLOR: '3'})},
        (_error, stdout, stderr) => resolve({stdout, stderr}),
      );
      const {stdout, stderr} = await promise;
      expect(stderr).toBe('');
      expect(stdout).toMatch(first);
      expect(lastSummary(place)).toMatchObject({exitCode: 0, totals: {copied: selected()}});
      const mailbox = await readMailbox(destination, account(user));
      expectSameMail(mail, mailbox, placesIn(folder));
      const there = [...mailbox]
        .filter(([path]) => path.startsWith(`${folder}/`))
        .map(([, each]) => each.length);
      expect(there.reduce((sum, count) => sum + count, 0)).toBe(selected());
    },
  );

  it.skipIf(!existsSync('/dev/full'))(
    'goes on to the end where the disk of its lines is full, and says so once',
    async () => {
      const place = newPlace();
      const file = place.csv([row('eve', {'Destination folder': newFolder()})]);
      const inShell = (command: string) => {
        const {promise, resolve} = Promise.withResolvers<{code: number | null; stderr: string}>();
        const words = command.replaceAll('mailferry', `"${process.execPath}" "${program}"`);
        const child = execFile('bash', ['-c', words], {env: cleanEnvironment()}, (_error, _out, stderr) =>
          resolve({code: child.exitCode, stderr}),
        );
        return promise;
      };
      expect(
        await inShell(
          `mailferry run "${file}" --yes --state "${place.state}" --reports "${place.reports}" > /dev/full`,
        ),
      ).toEqual({
        code: 0,
        stderr:
          'Standard output cannot be written: no space is left for it. The run goes on to its end and its report.\n',
      });
      expect(lastSummary(place)).toMatchObject({exitCode: 0, totals: {copied: selected()}});
      // Where the lines are all there is, they are what was asked for.
      expect(await inShell('mailferry template O365-IMAP > /dev/full')).toEqual({
        code: 1,
        stderr: 'Standard output cannot be written: no space is left for it.\n',
      });
    },
  );
});
