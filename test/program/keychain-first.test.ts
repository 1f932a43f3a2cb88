// What a run needs of the system's keychain is read while its owner is there.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {startDemo} from '../../source/demo/demo.ts';
import {KeychainError, openKeychain} from '../../source/profiles/keychain.ts';
import {openHistory} from '../../source/program/history.ts';
import {readKeychainFirst} from '../../source/program/keychain-first.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {jobsOf, startRun} from '../../source/program/start-run.ts';
import type {Request} from '../../source/request/schema.ts';
import {fakeSystem} from './fake-system.ts';

// Other files of the same process may have loaded it before.
vi.hoisted(() => vi.resetModules());
vi.mock('../../source/profiles/keychain.ts', {spy: true});

/** Passwords by name; an error where it cannot be read. */
let kept: Map<string, string | Error>;
let read: string[];

beforeEach(() => {
  kept = new Map();
  read = [];
  const get = async (name: string) => {
    read.push(name);
    const found = kept.get(name);
    if (found instanceof Error) throw found;
    return found;
  };
  const unused = async () => {
    throw new Error('not used');
  };
  vi.mocked(openKeychain).mockReturnValue({get, set: unused, remove: unused, names: unused});
  return () => vi.mocked(openKeychain).mockReset();
});

async function requestsOf(count: number): Promise<Request[]> {
  const demo = await startDemo({now: () => 0, speed: 'full'});
  onTestFinished(() => demo.stop());
  return demo.requests.slice(0, count).map((request, index) => {
    const {secret} = request.source;
    const name = `mailbox ${index}`;
    if (secret.kind === 'value') kept.set(name, secret.secret.reveal());
    return {...request, source: {...request.source, secret: {kind: 'keychain', name}}};
  });
}

function asked(options: readonly string[]) {
  const parsed = parseCommandLine(['run', 'x', ...options]);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed;
}

const names = (count: number) => Array.from({length: count}, (_, index) => `mailbox ${index}`);

test('each password is read when the run starts, and once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-keychain-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const requests = await requestsOf(3);
  const parsed = asked(['--state', root, '--reports', join(root, 'reports')]);
  const options = {...parsed.options, mailboxes: 1};
  const places = placesOf({state: root, reports: options.reports}, root);
  const system = fakeSystem({});
  let first: string[] | undefined;
  const {done} = startRun(
    requests,
    'x',
    {
      ...{options, given: parsed.given, places, history: openHistory(root), system, ca: []},
      signIns: openSignIns(system),
    },
    {
      take(event) {
        if (event.type === 'request-state' && event.state === 'Processed') first ??= [...read];
      },
      tick: () => undefined,
    },
  );
  await done;
  expect(first).toEqual(names(3));
  expect(read).toEqual(names(3));
});

test.each([
  ['is not there', undefined, names(3)],
  ['may not be unlocked', new KeychainError('It is locked.'), names(2)],
])('where one %s, it is asked for again at its turn', async (_, found, first) => {
  const requests = await requestsOf(3);
  const system = fakeSystem({});
  const jobs = jobsOf(requests, {system, signIns: openSignIns(system), ca: [], options: asked([]).options});
  const password = kept.get('mailbox 1') ?? '';
  if (found === undefined) kept.delete('mailbox 1');
  else kept.set('mailbox 1', found);
  await readKeychainFirst(jobs, new AbortController().signal);
  expect(read).toEqual(first);
  kept.set('mailbox 1', password);
  const credentials = jobs[1]?.credentials.source;
  if (credentials?.kind !== 'password') throw new Error('a password was expected');
  expect((await credentials.password()).reveal()).toBe(password);
});

test('nothing more is read once the run has ended', async () => {
  const system = fakeSystem({});
  const jobs = jobsOf(await requestsOf(2), {
    system,
    signIns: openSignIns(system),
    ca: [],
    options: asked([]).options,
  });
  await readKeychainFirst(jobs, AbortSignal.abort());
  expect(read).toEqual([]);
});
