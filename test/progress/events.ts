// Events for tests: short to write, complete, and generators of random runs.
import fc from 'fast-check';
import {
  type Counts,
  type NewEvent,
  type PlannedFolder,
  type RequestSummary,
  type RunEvent,
  requestStates,
} from '../../source/engine/events.ts';
import type {Problem} from '../../source/engine/problems/problems.ts';

export function at<E extends NewEvent>(event: E, time: number): E & {readonly at: number} {
  return {...event, at: time};
}

export const problem: Problem = {
  code: 'message-too-large',
  scope: 'message',
  verdict: 'skip',
  sentence: 'The message is larger than the destination takes.',
  nextStep: 'Raise the limit there and run it again.',
};

export function summary(request: number, user = `user${request}`): RequestSummary {
  return {
    request,
    title: `Request ${request}`,
    type: 'O365-IMAP',
    source: `${user}@baya.com`,
    sourceServer: 'outlook.office365.com:993',
    destination: `${user}@vault.example`,
    destinationServer: 'vault.example:993',
    destinationFolder: 'Data17012018',
  };
}

export function folder(index: number, more: Partial<PlannedFolder> = {}): PlannedFolder {
  return {
    folder: index,
    source: `Folder ${index}`,
    destination: `Data17012018/Folder ${index}`,
    selected: true,
    messages: 10,
    notes: [],
    ...more,
  };
}

/** Nothing skipped, nothing there already. */
export const counted = (selected: number, copied: number, failed = 0): Counts => ({
  selected,
  copied,
  failed,
  alreadyPresent: 0,
  skipped: 0,
  bytes: 0,
});

export function runStarted(requests: number, time = 1_000_000): RunEvent {
  return {
    type: 'run-started',
    version: 1,
    run: '2026-11-22-1403',
    dryRun: false,
    requests: Array.from({length: requests}, (_, index) => summary(index)),
    at: time,
  };
}

const small = fc.integer({min: 0, max: 20});
const request = fc.integer({min: 0, max: 3});
const folderIndex = fc.integer({min: 0, max: 3});
const end = fc.constantFrom('source', 'destination');
const message = fc.record({uid: fc.nat(), size: fc.integer({min: 0, max: 900})});
const counts = fc.record({
  selected: small,
  copied: small,
  alreadyPresent: small,
  skipped: small,
  failed: small,
  bytes: small,
});

/** Any event in any order, also about requests and folders that do not exist. */
export const anyEvent: fc.Arbitrary<RunEvent> = fc
  .oneof<fc.Arbitrary<NewEvent>[]>(
    fc.record({
      type: fc.constant('request-state'),
      request,
      state: fc.constantFrom(...requestStates),
    }),
    fc.record({
      type: fc.constant('folders-planned'),
      request,
      folders: fc
        .array(fc.record({selected: fc.boolean(), messages: small}), {maxLength: 4})
        .map(list => list.map((more, index) => folder(index, more))),
    }),
    fc.record({
      type: fc.constant('folder-renamed'),
      request,
      folder: folderIndex,
      destination: fc.string(),
    }),
    fc.record({
      type: fc.constant('folder-state'),
      request,
      folder: folderIndex,
      state: fc.constantFrom('waiting', 'listing', 'copying', 'done', 'failed', 'stopped'),
    }),
    fc.record({
      type: fc.constant('folder-counted'),
      request,
      folder: folderIndex,
      selected: small,
      selectedBytes: fc.integer({min: 0, max: 5000}),
      alreadyPresent: small,
      alreadyPresentBytes: fc.integer({min: 0, max: 5000}),
    }),
    fc.record({
      type: fc.constant('messages-copied'),
      request,
      folder: folderIndex,
      messages: small,
      bytes: fc.integer({min: 0, max: 2000}),
    }),
    fc.record({
      type: fc.constantFrom('message-failed', 'message-skipped'),
      request,
      folder: folderIndex,
      message,
      problem: fc.constant(problem),
    }),
    fc.record({type: fc.constant('message-found'), request, folder: folderIndex, message}),
    fc.record({type: fc.constant('waiting'), request, end, until: fc.nat(), problem: fc.constant(problem)}),
    fc.record({type: fc.constant('wait-ended'), request, end}),
    fc.record({type: fc.constant('request-finished'), request, counts}),
    fc.record({type: fc.constant('note'), request, folder: folderIndex, problem: fc.constant(problem)}),
    fc.record({type: fc.constant('lanes'), request, lanes: small}),
    fc.record({type: fc.constantFrom('paused', 'resumed')}),
    fc.record({type: fc.constant('mailboxes-changed'), mailboxes: small}),
    fc.record({type: fc.constantFrom('request-first', 'request-paused', 'request-resumed'), request}),
    fc.record({type: fc.constant('request-stopping'), request, how: fc.constantFrom('finish', 'abort')}),
    fc.record({type: fc.constant('request-measured'), request, messages: small}),
  )
  .chain(event => fc.nat().map(time => at(event, time)));
