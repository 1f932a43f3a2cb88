// Somebody has signed in to Microsoft whom the mailbox does not open for: the way back to another sign-in.
import {afterEach, describe, expect, it, vi} from 'vitest';
import {problem} from '../../source/engine/problems/problems.ts';
import type {Request} from '../../source/request/schema.ts';
import {CsvFlow} from '../../source/wizard/csv/flow.tsx';
import {unopened} from '../../source/wizard/sign-in-anew.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';
import {officeEnd} from '../servers/identity/place.ts';
import {fakeFiles, fakeMicrosoft, fakeProfiles, inspection, rules} from './fakes.ts';
import {open, savedAnswers} from './opened.tsx';

afterEach(cleanup);

const missing = problem('full-access-missing', {
  ...{end: 'source', server: 'outlook.office365.com:993', login: 'john@baya.com', user: 'admin@baya.com'},
});
const refused = {
  ...{folders: [], problems: [missing]},
  failed: {source: {problem: missing, accepted: true, login: 'john@baya.com'}},
};

/** One person's sign-in: the first account is another one than the mailbox asks for. */
function people(accounts: string[]) {
  let account: string | undefined;
  let tries = 0;
  const forget = vi.fn(async () => {
    await new Promise(setImmediate);
    account = undefined;
  });
  const microsoft = fakeMicrosoft({
    forget,
    needed: async () =>
      account === undefined
        ? [
            {
              ...{user: 'john@baya.com', method: 'oauth-device', mailboxes: ['john@baya.com']},
              signIn: async show => {
                show({
                  kind: 'device',
                  code: `CODE${++tries}`,
                  address: 'https://login.example',
                  expires: 60_000,
                });
                await done[tries - 1]?.promise;
                account = accounts[tries - 1];
              },
            },
          ]
        : [],
  });
  const done = accounts.map(() => Promise.withResolvers<void>());
  return {
    ...{microsoft, forget},
    inspect: async (request: Request) =>
      request.source.userId === 'john' && account === 'admin@baya.com' ? refused : inspection,
    signIn: () => done[tries - 1]?.resolve(),
  };
}

const answers = {
  ...savedAnswers,
  ...{sourceAuth: 'oauth-device', sourceClientId: '0b6e7a50-0000-4000-8000-000000000001'},
  ...{destinationSecret: 'env:PASSWORD', destinationFolder: 'Data17012018'},
};

describe('a mailbox that does not open for who has signed in', () => {
  it.each([
    [60, 20],
    [80, 24],
    [120, 40],
  ])(
    'is signed in to anew from the check at %i x %i, with the reason on the screen',
    async (columns, rows) => {
      const {microsoft, inspect, forget, signIn} = people(['admin@baya.com', 'john@baya.com']);
      const {screen} = open({columns, rows, inspect, microsoft, saved: {name: 'john', answers}});
      await screen.waitFor('CODE1');
      signIn();
      await screen.waitFor('sign in anew');
      expect(screen.frame()).toContain('admin@baya.com is signed in');
      await screen.press('s');
      const frame = await screen.waitFor('CODE2');
      expect(forget).toHaveBeenCalledOnce();
      expect(misfits(frame, columns, rows)).toEqual([]);
      expect(frame.replace(/\s+/g, ' ')).toContain(
        'admin@baya.com is signed in, but may not open the mailbox',
      );
      signIn();
      await screen.waitFor('Projects');
      // Back and forth again: nothing is forgotten once more.
      await screen.press('esc');
      await screen.press('enter');
      await screen.waitFor('Projects');
      expect(forget).toHaveBeenCalledOnce();
    },
  );

  it('is looked into again by r with the same sign-in: the right may have come meanwhile', async () => {
    const {microsoft, inspect, forget, signIn} = people(['admin@baya.com']);
    let granted = false;
    const {screen} = open({
      ...{microsoft, saved: {name: 'john', answers}},
      inspect: async request => (granted ? inspection : inspect(request)),
    });
    await screen.waitFor('CODE1');
    signIn();
    await screen.waitFor('sign in anew');
    granted = true;
    await screen.press('r');
    await screen.waitFor('Projects');
    expect(forget.mock.calls.flat(2)).toEqual([]);
  });

  it.each([
    [60, 20],
    [80, 24],
  ])(
    'of a list is signed in to anew too, at %i x %i, and only it is looked into again',
    async (columns, rows) => {
      const {microsoft, inspect, signIn} = people(['admin@baya.com', 'john@baya.com']);
      const looked = vi.fn(inspect);
      const row = (user: string) =>
        `${user},baya.com,${user === 'john' ? 'oauth-device' : 'password'},${user === 'john' ? '' : 'env:P'},0b6e7a50-0000-4000-8000-000000000001,${user},vault.example,env:P,vault.example,Data ${user}`;
      const file = [
        'Source user id,Source domain,Source auth,Source user password,Source client id,Destination user id,Destination domain,Destination user password,Destination server,Destination folder',
        ...['ann', 'john'].map(row),
      ].join('\n');
      const screen = renderScreen(
        <CsvFlow
          {...{
            services: {inspect: looked, microsoft},
            forAll: {answers: {}, include: [], exclude: [], withJunk: false},
          }}
          {...{atOnce: 4, files: fakeFiles({'/desk/users.csv': file}), profiles: fakeProfiles(), rules}}
          {...{path: '/desk/users.csv', columns, rows, onLeave: vi.fn(), onStart: vi.fn()}}
        />,
        {columns, rows},
      );
      await screen.waitFor('no errors');
      await screen.press('enter');
      await screen.waitFor('check all');
      await screen.press('c');
      await screen.waitFor('CODE1');
      signIn();
      await screen.waitFor('1 cannot');
      expect(screen.frame()).not.toContain('sign in anew');
      await screen.press('down');
      await screen.waitFor('sign in anew');
      await screen.press('s');
      await screen.waitFor('CODE2');
      signIn();
      await screen.waitFor('2 can be copied');
      expect(looked.mock.calls.map(([{source}]) => source.userId).sort()).toEqual(['ann', 'john', 'john']);
    },
  );
});

it('a new sign-in is offered only to people, and only where it may help', () => {
  const gone = problem('host-unknown', {end: 'source', server: 'outlook.office365.com:993'});
  const of = (auth: 'oauth-app' | 'oauth-device', why = missing) =>
    unopened({source: officeEnd({auth}), destination: officeEnd()} as Request, {
      ...refused,
      failed: {source: {problem: why, accepted: false, login: 'john@baya.com'}},
    }).map(({problem: {code}}) => code);
  expect(of('oauth-device')).toEqual(['full-access-missing']);
  expect(of('oauth-device', gone)).toEqual([]);
  expect(of('oauth-app')).toEqual([]);
});
