import {afterEach, describe, expect, it, vi} from 'vitest';
import {App} from '../source/app.tsx';
import type {AppScreen} from '../source/app-screen.ts';
import type {RunOptions} from '../source/command-line/option-table.ts';
import type {NewEvent} from '../source/engine/events.ts';
import {profileSchema} from '../source/profiles/profile.ts';
import {emptySnapshot, reduce} from '../source/progress/reduce.ts';
import type {Snapshot} from '../source/progress/snapshot.ts';
import {type Request, requestSchema} from '../source/request/schema.ts';
import type {RunHandle, RunOutcome, Services, UnfinishedRun} from '../source/services.ts';
import {cleanup, misfits, renderScreen} from './helpers/render.tsx';
import {fakeFiles, fakeMicrosoft, fakeProfiles, inspection, rules} from './wizard/fakes.ts';

afterEach(cleanup);

const counts = {selected: 3, copied: 3, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 3000};

/** A run of one mailbox that has come to its end. */
const events: readonly NewEvent[] = [
  {
    type: 'run-started',
    version: 1,
    run: 'r1',
    dryRun: false,
    requests: [
      {
        request: 0,
        title: 'John',
        type: 'O365-IMAP',
        source: 'john@baya.com',
        sourceServer: 'outlook.office365.com:993',
        destination: 'john@vault.example',
        destinationServer: 'vault.example:993',
        destinationFolder: 'Data17012018',
      },
    ],
  },
  {type: 'request-state', request: 0, state: 'Processing'},
  {type: 'request-state', request: 0, state: 'Processed'},
  {type: 'request-finished', request: 0, counts},
  {type: 'run-finished', exitCode: 0, totals: counts},
];

const ended: Snapshot = events.reduce<Snapshot>(
  (snapshot, event, index) => reduce(snapshot, {...event, at: 1000 * index}),
  emptySnapshot,
);

const outcome: RunOutcome = {exitCode: 0, snapshot: ended, reports: '/desk/mailferry-reports/r1'};

function handle(done: Promise<RunOutcome> = Promise.resolve(outcome)): RunHandle {
  return {
    store: {getSnapshot: () => ended, subscribe: () => () => {}},
    done,
    stop() {},
    pause() {},
    resume() {},
    retryFailed() {},
    first() {},
    changeMailboxes() {},
  };
}

type Options = {
  readonly start?: AppScreen;
  readonly services?: Partial<Services>;
  readonly runs?: readonly UnfinishedRun[];
  readonly files?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
};

const loginAt = (userId: string, domain: string, server: string, provider: string) => ({
  ...{provider, userId, domain, server, port: 993, security: 'tls', auth: 'password'},
  secret: {kind: 'ask'},
});

const unfinished: UnfinishedRun = {
  command: 'mailferry resume r0',
  run: 'r0',
  startedAt: 0,
  from: 'john',
  requests: 1,
  processed: 0,
};

function open({
  start = {name: 'home'},
  services,
  runs = [],
  files = {},
  columns = 80,
  rows = 24,
}: Options = {}) {
  const startRun = vi.fn<(requests: readonly Request[], from: string) => RunHandle>(() => handle());
  const saved = profileSchema.parse({
    kind: 'request',
    answers: {
      type: 'O365-IMAP',
      sourceUserId: 'john',
      sourceDomain: 'baya.com',
      destinationUserId: 'john',
      destinationDomain: 'vault.example',
      destinationServer: 'vault.example',
      destinationSecret: 'env:VAULT',
    },
  });
  const all: Services = {
    keepSecret: async () => undefined,
    inspect: async () => inspection,
    startRun,
    startDemo: async () => handle(),
    attach: async () => handle(),
    unfinishedRuns: async () => runs,
    microsoft: fakeMicrosoft(),
    ...services,
  };
  const onLost = vi.fn<(sentence: string) => void>();
  const settingsFor = vi.fn(({include = [], exclude = []}: RunOptions) => ({
    services: all,
    rules,
    forAll: {answers: {}, include, exclude, withJunk: false},
    atOnce: 4,
  }));
  const screen = renderScreen(
    <App
      services={all}
      profiles={fakeProfiles(new Map([['john', saved]]))}
      files={fakeFiles(files)}
      settingsFor={settingsFor}
      start={start}
      now={() => 10_000}
      onLost={onLost}
    />,
    {columns, rows},
  );
  return {screen, startRun, onLost, settingsFor};
}

describe('the app', () => {
  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
  ] as const) {
    it(`leads from the start to the summary at ${columns} x ${rows}, and leaves with the outcome`, async () => {
      const {screen, startRun} = open({columns, rows});
      await screen.press('n', 'enter');
      await screen.type('john@baya.com');
      await screen.press('tab', 'enter');
      await screen.type('hunter2');
      await screen.press('enter');
      await screen.paste('john@vault.example\n');
      await screen.press('tab', 'enter');
      await screen.type('env:VAULT');
      await screen.press('enter');
      await screen.type('vault.example');
      await screen.press('enter', 'enter');
      await screen.waitFor('[x] INBOX');
      await screen.press('enter');
      await screen.waitFor('Enter starts copying.');
      await screen.press('enter');
      expect(startRun).toHaveBeenCalledOnce();
      await screen.waitFor('john@baya.com');
      await screen.press('q');
      await screen.waitFor('Every selected message is at the destination');
      for (const frame of screen.frames) {
        expect(misfits(frame, columns, rows)).toEqual([]);
        expect(frame).not.toContain('hunter2');
      }
      await screen.press('q');
      expect(await screen.exited).toBe(outcome);
    });
  }

  it('leaves without an outcome where nothing was run', async () => {
    const {screen} = open();
    await screen.press('q');
    expect(await screen.exited).toBeUndefined();
  });

  it('leaves with ctrl+c from every question', async () => {
    const {screen} = open({start: {name: 'wizard'}});
    await screen.press('enter', 'ctrl+c');
    expect(await screen.exited).toBeUndefined();
  });

  it('says what is lost by leaving with ctrl+c where the mended CSV would be saved', async () => {
    const file = 'Title,Source user id,Surce domain\nA,john,baya.com';
    const {screen, onLost} = open({
      start: {name: 'csv', path: '/desk/users.csv'},
      files: {'/desk/users.csv': file},
    });
    await screen.waitFor('1 request');
    await screen.press('a');
    await screen.waitFor('changed, not saved');
    await screen.press('ctrl+s');
    await screen.waitFor('Save the mended file');
    await screen.press('ctrl+c');
    expect(await screen.exited).toBeUndefined();
    expect(onLost.mock.calls).toEqual([['Not saved: your changes to /desk/users.csv.']]);
  });

  it('keeps the outcome of the last run on the way over the start', async () => {
    const {screen} = open();
    await screen.press('d');
    await screen.waitFor('john@baya.com');
    await screen.press('q');
    await screen.waitFor('Every selected message is at the destination');
    await screen.press('enter');
    await screen.waitFor('New request');
    await screen.press('q');
    expect(await screen.exited).toBe(outcome);
  });

  it('goes on with an unfinished run of a profile, with the options it was run with', async () => {
    const {screen, settingsFor} = open({runs: [{...unfinished, options: {exclude: ['Private']}}]});
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('As this run was asked');
    await screen.waitFor(/▸ Password/);
    await screen.type('pw');
    await screen.press('enter');
    await screen.waitFor('[x] INBOX');
    expect(settingsFor).toHaveBeenLastCalledWith({exclude: ['Private']});
  });

  it('goes on with what a run was asked, not with the profile of its name', async () => {
    const request = requestSchema.parse({
      title: 'john',
      type: 'O365-IMAP',
      source: loginAt('ann', 'baya.com', 'outlook.office365.com', 'o365'),
      destination: loginAt('ann', 'vault.example', 'vault.example', 'imap'),
      destinationFolder: 'Data2019',
      since: '2019-01-01',
      exclude: ['Projects'],
    });
    const asked = {request, options: {exclude: ['Projects']}};
    const inspect = vi.fn<Services['inspect']>(async () => inspection);
    const {screen, startRun} = open({runs: [{...unfinished, asked}], services: {inspect}});
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('not as its profile is now');
    await screen.waitFor(/▸ Password/);
    await screen.type('pw');
    await screen.press('enter');
    await screen.type('pw');
    await screen.press('enter');
    await screen.waitFor('[x] INBOX');
    await screen.press('enter');
    await screen.waitFor('Enter starts copying.');
    await screen.press('enter');
    expect(inspect.mock.lastCall?.[0].exclude).toEqual(['Projects']);
    const [[started] = [], from] = startRun.mock.lastCall ?? [];
    expect(started).toMatchObject({
      ...{destinationFolder: 'Data2019', since: '2019-01-01'},
      source: {userId: 'ann'},
    });
    expect(from).toBe('john');
  });

  it('goes on with an unfinished run of a CSV', async () => {
    const {screen, settingsFor} = open({
      runs: [{...unfinished, from: '/desk/users.csv', options: {exclude: ['Private']}}],
      files: {'/desk/users.csv': 'Source user id\njohn'},
    });
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('/desk/users.csv');
    await screen.waitFor('1 request');
    expect(settingsFor).toHaveBeenLastCalledWith({exclude: ['Private']});
  });

  it('says how a retry goes on, which is for less than its file asks for', async () => {
    const retry = {
      ...unfinished,
      from: '/desk/users.csv',
      options: {},
      isRetry: true,
      command: 'mailferry resume r2',
    };
    const {screen} = open({runs: [retry], files: {'/desk/users.csv': 'Source user id\njohn'}});
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('"mailferry resume r2" goes on with this run');
    expect(screen.frame()).toContain('New request');
    const saved = open({runs: [{...unfinished, options: {}, isRetry: true}]});
    await saved.screen.waitFor('1 run');
    await saved.screen.press('u', 'enter');
    await saved.screen.waitFor('As this run was asked');
  });

  it('does not go on with one whose options it cannot read', async () => {
    const {screen} = open({runs: [{...unfinished, from: '/desk/users.csv'}]});
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('cannot be read. Run its file again');
    const saved = open({runs: [unfinished]});
    await saved.screen.waitFor('1 run');
    await saved.screen.press('u', 'enter');
    await saved.screen.waitFor('cannot be read. Run its profile again');
  });

  it('says what to do about a run whose answers were not kept', async () => {
    const {screen} = open({runs: [{...unfinished, from: 'john@baya.com to x'}]});
    await screen.waitFor('1 run');
    await screen.press('u', 'enter');
    await screen.waitFor('was started from answers that were not saved');
  });

  it('starts the demo, and says why where it cannot', async () => {
    const {screen} = open({start: {name: 'demo'}});
    await screen.waitFor('john@baya.com');
    const failing = open({
      start: {name: 'demo'},
      services: {startDemo: () => Promise.reject(new Error('no port is free'))},
    });
    await failing.screen.waitFor('The demo could not start: no port is free');
    expect(failing.screen.frame()).toContain('New request');
  });

  it('ends with the error where the run breaks', async () => {
    const {promise, reject} = Promise.withResolvers<RunOutcome>();
    const {screen} = open({services: {startDemo: async () => handle(promise)}});
    await screen.press('d');
    await screen.waitFor('john@baya.com');
    const ending = expect(screen.exited).rejects.toThrow('a bug');
    reject(new Error('a bug'));
    await ending;
  });

  it('keeps the answers while the window is too small', async () => {
    const {screen} = open({start: {name: 'wizard'}});
    await screen.press('enter');
    await screen.type('john');
    await screen.resize(40, 10);
    expect(screen.frame()).toContain('too small');
    expect(misfits(screen.frame(), 40, 10)).toEqual([]);
    await screen.resize(80, 24);
    expect(screen.frame()).toMatch(/User id +john$/m);
  });

  it('draws no line wider than a window that has become narrower', async () => {
    const {screen} = open({start: {name: 'wizard'}});
    const before = screen.frames.length;
    await screen.resize(60, 24);
    const since = screen.frames.slice(before);
    expect(since.length).toBeGreaterThan(0);
    expect(since.flatMap(frame => misfits(frame, 60, 24))).toEqual([]);
  });
});
