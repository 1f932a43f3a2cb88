import {afterEach, describe, expect, it, vi} from 'vitest';
import type {Inspection} from '../../../source/engine/look/inspection.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import type {Request} from '../../../source/request/schema.ts';
import type {Services} from '../../../source/services.ts';
import {lineText, lineWidth} from '../../../source/ui/cells.ts';
import {checkedDetails} from '../../../source/wizard/csv/check-lines.ts';
import {CsvFlow} from '../../../source/wizard/csv/flow.tsx';
import {ready, request, tokenRefused, unreached} from '../../check/sample.ts';
import {cleanup, misfits, renderScreen} from '../../helpers/render.tsx';
import {fakeFiles, fakeMicrosoft, fakeProfiles, inspection, refused, rules} from '../fakes.ts';

afterEach(cleanup);

const header =
  'Source user id,Source domain,Source user password,Destination user id,Destination domain,Destination user password,Destination server,Destination folder';
const row = (user: string, folder = `Data ${user}`, password = 'hunter2') =>
  `${user},baya.com,${password},${user},vault.example,s3cret,vault.example,${folder}`;

const good = [header, row('john'), row('ann')].join('\n');
const bad = [header, row('john'), row('ann@baya.com'), row('bob'), row('eve', 'Data\u001B[31m')].join('\n');

type Options = {
  readonly files?: Record<string, string>;
  readonly path?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly inspect?: Services['inspect'];
  /** Files can be read from then on. */
  readonly ready?: Promise<void>;
};

function open({
  files = {'/desk/users.csv': good},
  path,
  columns = 80,
  rows = 24,
  inspect = async () => inspection,
  ready: disk,
}: Options = {}) {
  const onLeave = vi.fn();
  const onStart = vi.fn<(requests: readonly Request[], from: string) => void>();
  const contents = {...files};
  const port = fakeFiles(contents);
  const slow = {...port, read: async (path: string) => disk?.then(() => port.read(path)) ?? port.read(path)};
  const profiles = fakeProfiles();
  const screen = renderScreen(
    <CsvFlow
      services={{inspect, microsoft: fakeMicrosoft()}}
      forAll={{answers: {}, include: [], exclude: [], withJunk: false}}
      atOnce={4}
      files={slow}
      profiles={profiles}
      rules={rules}
      {...(path === undefined ? {} : {path})}
      columns={columns}
      rows={rows}
      onLeave={onLeave}
      onStart={onStart}
    />,
    {columns, rows},
  );
  return {screen, onLeave, onStart, contents, profiles};
}

describe('the CSV screens', () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
    [200, 60],
  ] as const) {
    it(`go from the path to the start at ${columns} x ${rows}, in frames that fit`, async () => {
      const {screen, onStart} = open({columns, rows});
      await screen.type('us');
      await screen.waitFor('users.csv');
      await screen.press('tab');
      expect(screen.frame()).toContain('Path users.csv');
      await screen.press('enter');
      await screen.waitFor('2 requests   ✓ no errors');
      expect(screen.frame()).toContain('john@baya.com');
      await screen.press('enter');
      await screen.waitFor('Enter starts copying.');
      await screen.press('enter');
      const [requests, from] = onStart.mock.calls[0] ?? [];
      expect(from).toBe('/desk/users.csv');
      expect(requests?.map(({source, destinationFolder}) => [source.userId, destinationFolder])).toEqual([
        ['john', 'Data john'],
        ['ann', 'Data ann'],
      ]);
      for (const frame of screen.frames) {
        expect(misfits(frame, columns, rows)).toEqual([]);
        expect(frame).not.toMatch(/hunter2|s3cret/);
      }
    });
  }

  it('show the errors of a line, only the bad lines, and refuse to go on', async () => {
    const {screen, onStart, contents} = open({files: {'/desk/bad.csv': bad}, path: 'bad.csv'});
    await screen.waitFor('2 lines with errors');
    // What is wrong first.
    expect(screen.frame()).toMatch(/▸ +3 {2}✗ ann@baya\.com/);
    expect(screen.frame()).toContain('The user id must not contain the domain.');
    expect(screen.frame()).toContain('Tab: use ann, baya.com.');
    await screen.press('f');
    expect(screen.frame()).not.toContain('bob@baya.com');
    expect(screen.frame()).toContain('ann@baya.com');
    await screen.press('enter');
    expect(screen.frame()).toContain('2 lines have errors. Mend them here: e changes the line,');
    expect(screen.frames.join('')).not.toContain('\u001B[31m');
    contents['/desk/bad.csv'] = good;
    await screen.press('r');
    await screen.waitFor('✓ no errors');
    expect(onStart).not.toHaveBeenCalled();
  });

  it('offer to show only what is notable where something is', async () => {
    const plain = good
      .replace(header, `Request type,Source server,${header}`)
      .replaceAll(/^(john|ann),/gm, 'O365-IMAP,mail.baya.com,$1,');
    const {screen} = open({files: {'/desk/users.csv': plain}, path: 'users.csv'});
    await screen.waitFor('john@baya.com');
    expect(screen.frame()).toContain('✓ no errors');
    expect(screen.frame()).not.toMatch(/only (notes|errors)/);
  });

  it('ask for the passwords the file does not give', async () => {
    const text = [header, row('john', 'Data', ''), row('ann')].join('\n');
    const {screen, onStart} = open({files: {'/desk/users.csv': text}, path: '/desk/users.csv'});
    await screen.waitFor('no errors');
    await screen.press('enter');
    await screen.waitFor('Password 1 of 1');
    expect(screen.frame()).toContain('john@baya.com at outlook.office365.com (source)');
    await screen.press('enter');
    expect(screen.frame()).toContain('The password is missing.');
    await screen.paste('swordfish\n');
    await screen.press('enter');
    await screen.waitFor('Enter starts copying.');
    await screen.press('enter');
    const secret = onStart.mock.calls[0]?.[0][0]?.source.secret;
    expect(secret?.kind === 'value' && secret.secret.reveal()).toBe('swordfish');
    expect(screen.frames.join('')).not.toContain('swordfish');
  });

  it('check every request before the start, a few at once, and name the one that cannot be copied', async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const inspect: Services['inspect'] = async request => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>(resolve => waiting.push(resolve));
      running -= 1;
      return request.source.userId === 'user2' ? refused : inspection;
    };
    const users = Array.from({length: 20}, (_, index) => row(`user${index}`));
    const text = [header, ...users].join('\n');
    const {screen, onStart} = open({files: {'/desk/users.csv': text}, path: 'users.csv', inspect});
    await screen.waitFor('no errors');
    await screen.press('enter', 'c');
    await screen.waitFor('0 of 20 requests checked');
    expect(waiting).toHaveLength(16);
    for (let done = 1; done <= 20; done++) {
      waiting.shift()?.();
      await screen.waitFor(`${done} of 20 requests checked`);
    }
    await screen.waitFor('20 of 20 requests checked   ✓ 19 can be copied   ✗ 1 cannot');
    expect(most).toBe(16);
    // Names take no more room than they need.
    expect(screen.frame()).toContain('! user0@baya.com   4,252 messages in 3 folders, 0.9 GB');
    expect(screen.frame()).toMatch(/To copy 80,788 messages, 17.1 GB, about \d+ to \d+ (minutes|hours)/);
    await screen.press('f');
    expect(screen.frame()).toContain('✗ user2@baya.com');
    expect(screen.frame()).not.toContain('user1@baya.com');
    expect(screen.frame()).toContain('Check the user id and the password.');
    expect(misfits(screen.frame(), 80, 24)).toEqual([]);
    await screen.press('esc');
    expect(screen.frame()).toContain('Checked: 19 can be copied, 1 cannot');
    await screen.press('c');
    expect(screen.frame()).toContain('20 of 20 requests checked');
    await screen.press('enter');
    expect(onStart).toHaveBeenCalledOnce();
  });

  it('tell of one check what all mailboxes together prove, and ask a server for one refusal only', async () => {
    const unknown = problem('host-unknown', {end: 'source', server: 'nowhere.example'});
    const lost: Inspection = {folders: [], problems: [unknown]};
    const asked: string[] = [];
    const inspect: Services['inspect'] = async (request, _, guard) => {
      const {userId} = request.source;
      if (userId.startsWith('gone')) {
        if (guard?.before(request.source) === undefined) asked.push(userId);
        guard?.failed(request.source, new Error('ENOTFOUND'), unknown);
        return lost;
      }
      return userId === 'ann' ? inspected.inspection : unreached(1, userId, tokenRefused(userId)).inspection;
    };
    const inspected = ready(0, 'ann', [problem('exchange-source-settings', {login: 'ann@baya.com'})]);
    const rows = ['ann', 'eve', 'gone1', 'gone2'].map(
      user => `${row(user, `Data ${user}`, 'env:APP')},oauth-app,11111111-2222-4333-8444-555555555555`,
    );
    const text = [`${header},Source auth,Source client id`, ...rows].join('\n');
    const {screen} = open({files: {'/desk/users.csv': text}, path: 'users.csv', inspect});
    await screen.waitFor('no errors');
    await screen.press('enter', 'c');
    await screen.waitFor('4 of 4 requests checked');
    expect(asked).toEqual(['gone1']);
    // What is said to everybody with such a server is no mark against one.
    expect(screen.frame()).toMatch(/✓ ann@baya\.com +10 messages/);
    await screen.press('down');
    expect(screen.frame()).toContain("Get-CASMailbox -Identity 'eve@baya.com'");
  });

  it('tell all of what is wrong with a mailbox below a short list, and say where there is no room for it', async () => {
    const {inspection} = unreached(0, 'ann', tokenRefused('ann'));
    const inspect: Services['inspect'] = async () => inspection;
    const files = {'/desk/users.csv': [header, row('ann', 'Data')].join('\n')};
    const {screen} = open({files, path: 'users.csv', inspect});
    await screen.waitFor('no errors');
    await screen.press('enter', 'c');
    await screen.waitFor('1 of 1 request checked');
    const [problem] = inspection.problems;
    expect(screen.frame().replaceAll(/\s+/g, ' ')).toContain(problem?.nextStep);
    const few = checkedDetails({request: request('ann'), look: {phase: 'found', inspection}}, 60, 5);
    expect(few.map(lineText).map(line => line.endsWith(' …'))).toEqual([false, false, false, false, true]);
    expect(few.filter(line => lineWidth(line) > 60)).toEqual([]);
  });

  it('save the path under a name', async () => {
    const {screen, profiles} = open({path: 'users.csv'});
    await screen.waitFor('no errors');
    await screen.press('enter', 'ctrl+s');
    await screen.waitFor('Save as a profile');
    await screen.press('enter');
    await screen.waitFor('Saved as users.');
    await screen.press('ctrl+s', 'enter');
    expect(screen.frame()).toContain('There is a profile of this name.');
    expect(profiles.kept.get('users')).toEqual({kind: 'csv', path: '/desk/users.csv', options: {}});
  });

  it('take no key for a path while a file that was named is read', async () => {
    const disk = Promise.withResolvers<void>();
    const {screen} = open({path: 'users.csv', ready: disk.promise});
    expect(screen.frame()).toContain('Reading users.csv');
    await screen.press('n', 'enter');
    disk.resolve();
    await screen.waitFor('2 requests');
    await screen.press('esc');
    expect(screen.frame()).toContain('Path users.csv');
  });

  it('say why a file cannot be read and let the path be changed', async () => {
    const {screen} = open();
    await screen.type('nothing.csv');
    await screen.press('enter');
    await screen.waitFor('There is no such file.');
    expect(screen.frame()).toContain('Path nothing.csv');
    await screen.press('ctrl+u');
    expect(screen.frame()).not.toContain('There is no such file.');
  });

  it('walk into directories with the arrows', async () => {
    const {screen, onLeave} = open({files: {'/home/john/lists/users.csv': good, '/desk/x.csv': good}});
    await screen.type('~/');
    await screen.waitFor('lists/');
    await screen.press('down', 'enter');
    await screen.waitFor('Path ~/lists/');
    await screen.waitFor('users.csv');
    await screen.press('down', 'enter');
    await screen.waitFor('2 requests');
    await screen.press('esc', 'esc');
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it('hold ten thousand rows', async () => {
    const rows = Array.from({length: 10_000}, (_, index) => row(`user${index}`));
    const {screen} = open({files: {'/desk/many.csv': [header, ...rows].join('\n')}, path: 'many.csv'});
    await screen.waitFor('10,000 requests');
    await screen.press('end');
    expect(screen.frame()).toContain('user9999@baya.com');
    expect(misfits(screen.frame(), 80, 24)).toEqual([]);
  });
});
