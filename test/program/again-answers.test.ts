// A run that was started from answers or a profile, gone on with: which request it is, and which options count.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {again, askedAlone} from '../../source/program/again.ts';
import {openHistory} from '../../source/program/history.ts';
import {keepRequests} from '../../source/program/kept-requests.ts';
import {placesOf} from '../../source/program/places.ts';
import {buildRequest} from '../../source/request/build-request.ts';
import type {Answers} from '../../source/request/fields.ts';
import {fakeProfiles} from '../wizard/fakes.ts';
import {fakeSystem} from './fake-system.ts';

const answers: Answers = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  destinationUserId: 'john',
  destinationDomain: 'vault.example',
  destinationServer: 'imap.vault.example',
  destinationFolder: 'Data2018',
};

/**
 * A run of these answers that was cut off.
 * @param saved of a profile with the name of its title
 * @param went the options that its record has
 */
function cutOff(ran: Answers, more: readonly string[] = [], saved?: Answers, went: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'mf-again-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const parsed = parseCommandLine([
    ...['resume', 'any', '--state', root, '--reports', join(root, 'reports')],
    ...more,
  ]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options, given} = parsed;
  const places = placesOf({state: root, reports: options.reports}, root);
  const history = openHistory(places.state);
  const built = buildRequest(ran, {passwordPolicy: 'off', allowPlaintext: false});
  if (!built.ok) throw new Error(JSON.stringify(built.findings));
  const {request} = built;
  const asked = keepRequests([request], request.title);
  history.write({
    ...{version: 1, run: 'one', from: request.title, startedAt: 1, requests: 1, processed: 0},
    options: {...went},
    ...(asked === undefined ? {} : {asked}),
  });
  const profiles = {
    list: () => [],
    get: (name: string) =>
      saved !== undefined && name === request.title
        ? ({kind: 'request', answers: saved, options: {}} as const)
        : undefined,
  };
  return {
    ...{options, given, places, history, system: fakeSystem({})},
    profiles: {...fakeProfiles(), ...profiles},
  };
}

async function resume(...of: Parameters<typeof cutOff>) {
  const {options, given, ...kept} = cutOff(...of);
  return again({command: 'resume', run: 'one', options, given}, kept);
}

/** What the screens go on with that no profile and no file has. */
async function alone(...of: Parameters<typeof cutOff>) {
  const {history, ...kept} = cutOff(...of);
  const record = history.get('one');
  return record && (await askedAlone(record, kept));
}

test('a run from answers is not taken for the saved profile of that name that asks for something else', async () => {
  const ran = {...answers, destinationFolder: 'Since2019', since: '2019-01-01'};
  const {loaded} = await resume(ran, [], answers);
  expect(loaded.requests.map(({destinationFolder, since}) => [destinationFolder, since])).toEqual([
    ['Since2019', '2019-01-01'],
  ]);
  expect(loaded.advice.join()).toContain('now asks for something else than this run did');
  expect(loaded.notes.map(({sentence}) => sentence)).toEqual(loaded.advice);
});

for (const title of ['users.csv', '/mail/of/john', 'Ann.CSV'])
  test(`a run from answers is gone on with that was called ${title}`, async () => {
    const {loaded} = await resume({...answers, title});
    expect(loaded.requests.map(({title: called, destinationFolder}) => [called, destinationFolder])).toEqual([
      [title, 'Data2018'],
    ]);
  });

test('of a run from a file nothing is kept: what stands there when it is gone on with counts', () => {
  const built = buildRequest(answers, {passwordPolicy: 'off', allowPlaintext: false});
  if (!built.ok) throw new Error(JSON.stringify(built.findings));
  expect(keepRequests([built.request], '/desk/users.csv')).toBeUndefined();
});

test('a profile counts whose way to sign in was mended since', async () => {
  const {loaded} = await resume(answers, ['--exclude', 'Private'], {
    ...answers,
    destinationServer: 'new.vault.example',
  });
  const [request] = loaded.requests;
  expect([request?.destination.server, request?.exclude]).toEqual(['new.vault.example', ['Private']]);
  expect(loaded.advice.join()).not.toContain('asks for something else');
});

test('the screens are told what a run was asked, unless the profile of its name asks for the same', async () => {
  const ran = {...answers, destinationFolder: 'Since2019', since: '2019-01-01'};
  for (const saved of [undefined, answers, {}])
    expect((await alone(ran, [], saved))?.request).toMatchObject({
      destinationFolder: 'Since2019',
      since: '2019-01-01',
    });
  expect(await alone(ran, [], {...ran, destinationServer: 'new.vault.example'})).toBeUndefined();
});

test('a profile that now mends what the run left as it was asks for something else', async () => {
  const {loaded} = await resume(answers, [], {...answers, repair: 'all'});
  expect(loaded.requests.map(({repair}) => repair)).toEqual([undefined]);
  expect(loaded.advice.join()).toContain('now asks for something else than this run did');
});

test('what the command line leaves out is left out of a run from answers too', async () => {
  const {loaded} = await resume(answers, [
    ...['--exclude', 'Private', '--since', '2019-01-01', '--repair', 'lines'],
    '--with-junk',
  ]);
  const [request] = loaded.requests;
  expect([request?.exclude, request?.since, request?.repair, request?.withJunk]).toEqual([
    ['Private'],
    '2019-01-01',
    'lines',
    true,
  ]);
});

test.each([
  [['--repair', 'none'], undefined],
  [[], 'all'],
] as const)('a run from answers that may repair all, gone on with %j', async (more, repair) => {
  const {loaded} = await resume({...answers, repair: 'all'}, more);
  expect(loaded.requests.map(request => request.repair)).toEqual([repair]);
});

test('a period that does not fit the answers is refused', async () => {
  await expect(resume({...answers, before: '2018-01-01'}, ['--since', '2019-01-01'])).rejects.toThrow(
    /john.*2018-01-01|2018-01-01.*john/is,
  );
});

test.each([
  ['has another value', {order: 'biggest', exclude: ['Private']}],
  ['is not known', {exclude: ['Private'], onlyUnread: true}],
  ['is no list any more', {exclude: 'Private'}],
])('a run of which an option %s is not gone on with without all of them', async (_, went) => {
  await expect(resume(answers, [], undefined, went)).rejects.toThrow(
    /^The options of the run one cannot be read: .* Run its file or profile again with the same options/,
  );
  expect(await alone(answers, [], undefined, went)).toBeUndefined();
});

test('the options that a run went by count', async () => {
  const went = {order: 'newest', exclude: ['Private'], since: '2019-01-01'};
  const {loaded, options} = await resume(answers, [], undefined, went);
  expect([options.order, loaded.requests[0]?.exclude, loaded.requests[0]?.since]).toEqual([
    'newest',
    ['Private'],
    '2019-01-01',
  ]);
  expect((await alone(answers, [], undefined, went))?.options).toMatchObject({order: 'newest'});
});
