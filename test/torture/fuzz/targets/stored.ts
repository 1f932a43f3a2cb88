// What mailferry wrote itself, after a disk or a hand has changed it: profiles, the list of runs, journals.
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {holderOf} from '../../../../source/engine/ledger/holder.ts';
import {readLive} from '../../../../source/live/folder.ts';
import {readJournal} from '../../../../source/live/journal.ts';
import {ProfileError} from '../../../../source/profiles/profile-error.ts';
import {profileNames} from '../../../../source/profiles/profile-names.ts';
import {readShared} from '../../../../source/profiles/shared-profile.ts';
import {openProfiles} from '../../../../source/profiles/store.ts';
import {openHistory} from '../../../../source/program/history.ts';
import {keptRequests} from '../../../../source/program/kept-requests.ts';
import {reportText} from '../../../../source/program/report-command.ts';
import {runsLines, runsText} from '../../../../source/program/runs-list.ts';
import {UsageProblem} from '../../../../source/program/system.ts';
import {emptySnapshot, reduce} from '../../../../source/progress/reduce.ts';
import {isSnapshot} from '../../../../source/progress/shape.ts';
import {summaryText} from '../../../../source/summary/text.ts';
import {at, folder, problem, runStarted} from '../../../progress/events.ts';
import {inFolder} from '../in-folder.ts';
import {type Input, must, mustBeClean, orOwn, same, type Target} from '../target.ts';

const answers = {type: 'O365-IMAP', sourceUserId: 'john', sourceDomain: 'baya.com', sourceSecret: 'env:PW'};
const profile = {kind: 'request', answers, options: {mailboxes: 3, include: ['A/B']}};
const profilesFile = JSON.stringify({
  schemaVersion: 2,
  profiles: {office: profile, old: {kind: 'csv', path: '/tmp/users.csv', options: {}}},
  last: {type: 'O365-IMAP', answers: {'O365-IMAP': answers}},
});
const older = JSON.stringify({schemaVersion: 1, profiles: {office: profile}, lastAnswers: answers});

function profiles({bytes}: Input): void {
  inFolder(path => {
    const file = join(path, 'profiles.json');
    writeFileSync(file, bytes);
    const names = profileNames(path);
    for (const name of names) must(!/\p{Cc}/u.test(name), `a name ${JSON.stringify(name)}`);
    const store = openProfiles({cwd: path});
    if (store.notice !== undefined) mustBeClean(store.notice.replaceAll(path, ''), 'the notice');
    for (const {name, profile: found} of store.list()) {
      must(same(store.get(name), found), `${name} is listed as another`);
      must(
        found.kind === 'csv' || found.answers.sourceSecret?.startsWith('S3cret') !== true,
        'a secret is kept',
      );
    }
    const {type, answers: last} = store.lastAnswers();
    must(typeof type === 'string' && typeof last === 'object', 'last answers that are none');
    // What could not be read is still there, here or beside it.
    must(
      readdirSync(path).some(
        name => name.endsWith('.json') && readFileSync(join(path, name)).equals(bytes),
      ) || store.notice === undefined,
      'what could not be read is gone',
    );
    const before = store.list();
    const saved = orOwn(() => {
      store.save('mine', {kind: 'csv', path: '/x.csv'});
      return true;
    }, ProfileError);
    if (saved === true) {
      must(store.get('mine')?.kind === 'csv', 'a profile that was saved is not there');
      for (const {name, profile: found} of before)
        if (name !== 'mine') must(same(store.get(name), found), `${name} is lost by saving another`);
    }
  });
}

const record = JSON.stringify({
  version: 1,
  run: 'r1',
  from: '/tmp/users.csv',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_100_000,
  exitCode: 3,
  requests: 2,
  processed: 1,
  reports: '/nowhere/r1',
  failed: 1,
  counts: {selected: 10, arrived: 9, failed: 1},
  retryOf: 'r0',
  options: {mailboxes: 3},
  asked: [{source: {secret: {kind: 'ask'}}}],
});

/** Nothing is at work that would have to be waited for. */
const never = () => () => undefined;

function history({bytes}: Input): Promise<void> {
  return inFolder(async path => {
    mkdirSync(join(path, 'runs', 'r1'), {recursive: true});
    writeFileSync(join(path, 'runs', 'r1.json'), bytes);
    const opened = openHistory(path);
    for (const found of opened.list()) {
      keptRequests(found.asked);
      orOwn(() => reportText(found.run, opened), UsageProblem);
    }
    for (const line of (await runsText(opened, path, never)).split('\n')) mustBeClean(line, 'the list');
    for (const line of (await runsLines(opened, path, never)).split('\n')) {
      mustBeClean(line, 'the list');
      if (line !== '') JSON.parse(line);
    }
  });
}

const events = [
  runStarted(2),
  at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]}, 1),
  at({type: 'request-state', request: 0, state: 'Processing'}, 2),
  at(
    {
      type: 'folder-counted',
      request: 0,
      folder: 0,
      selected: 20,
      selectedBytes: 200,
      alreadyPresent: 7,
      alreadyPresentBytes: 70,
    },
    3,
  ),
  at({type: 'messages-copied', request: 0, folder: 0, messages: 3, bytes: 30}, 4),
  at({type: 'message-failed', request: 0, folder: 0, message: {uid: 1}, problem}, 5),
  at({type: 'waiting', request: 0, end: 'source', until: 9, problem}, 6),
  at({type: 'note', request: 0, problem}, 7),
];
const snapshot = events.reduce(reduce, emptySnapshot);
const journal = [{from: 0}, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
const snapshotFile = JSON.stringify({upTo: 3, snapshot});

function readable(path: string): void {
  const found = readJournal(path);
  if (found === undefined) return;
  must(isSnapshot(found), 'what is read is no snapshot');
  summaryText(found);
}

function journals({bytes, random}: Input): void {
  inFolder(path => {
    const file = random.pick(['events.jsonl', 'events.1.jsonl', 'snapshot.json']);
    writeFileSync(join(path, 'events.jsonl'), journal);
    if (random.below(2) === 0) writeFileSync(join(path, 'snapshot.json'), snapshotFile);
    writeFileSync(join(path, file), bytes);
    readable(path);
  });
}

const live = JSON.stringify({version: 1, run: 'r1', pid: 42, address: '/tmp/x.sock', token: 'abc'});
const holder = JSON.stringify({run: 'r1', pid: 42, since: 5});

function small({bytes}: Input): void {
  inFolder(path => {
    writeFileSync(join(path, 'live.json'), bytes);
    const found = readLive(path);
    must(
      found === undefined || (typeof found.address === 'string' && typeof found.pid === 'number'),
      'no address',
    );
    writeFileSync(join(path, 'x.holder'), bytes);
    const held = holderOf(join(path, 'x'));
    must(held === undefined || (typeof held.run === 'string' && typeof held.pid === 'number'), 'no holder');
  });
}

export const storedTargets: readonly Target[] = [
  {
    name: 'stored.profiles',
    samples: [profilesFile, older],
    json: true,
    weight: 4,
    unmeasured: true,
    check: profiles,
  },
  {
    name: 'stored.shared',
    samples: [JSON.stringify({mailferry: 'profile', version: 2, name: 'office', profile})],
    json: true,
    check({text}) {
      orOwn(() => readShared(text, 'file.json'), ProfileError);
    },
  },
  {name: 'stored.history', samples: [record], json: true, weight: 3, unmeasured: true, check: history},
  {
    name: 'stored.journal',
    samples: [journal, snapshotFile],
    json: true,
    weight: 3,
    unmeasured: true,
    check: journals,
  },
  {name: 'stored.small', samples: [live, holder], json: true, weight: 2, unmeasured: true, check: small},
];
