// A run as the engine tells it, with a bit of everything, for the tests of log and report.
import type {NewEvent, RunEvent} from '../../source/engine/events.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {addToTimeline, emptyTimeline} from '../../source/progress/timeline.ts';
import type {RunInfo} from '../../source/report/data.ts';
import {folder, problem, summary} from '../progress/events.ts';

export const start = Date.UTC(2026, 10, 22, 14, 3, 0);

export const info: RunInfo = {
  run: '2026-11-22-140300',
  from: 'users.csv',
  version: '0.1.0',
  startedAt: start,
  dryRun: false,
  requests: [summary(0, 'john'), summary(1, 'ann'), summary(2, 'eve')],
};

export const signInProblem = {
  code: 'sign-in-refused',
  scope: 'mailbox',
  verdict: 'stop',
  sentence: 'IMAP is switched off for eve@baya.com.',
  nextStep: 'Switch IMAP on for the mailbox in the Exchange admin centre, then run it again.',
  detail: 'NO AUTHENTICATE failed.',
} as const;

const counted = (request: number, index: number, selected: number, alreadyPresent: number): NewEvent => ({
  type: 'folder-counted',
  request,
  folder: index,
  selected,
  selectedBytes: selected * 50_000,
  alreadyPresent,
  alreadyPresentBytes: alreadyPresent * 50_000,
});

const lost = {
  uid: 4711,
  subject: 'Plans <b>"2026"</b>',
  messageId: '<a@baya.com>',
  date: start - 1e10,
  size: 41e6,
};

const happened: readonly NewEvent[] = [
  {type: 'run-started', version: 1, run: info.run, dryRun: false, requests: info.requests},
  {type: 'request-state', request: 0, state: 'Verifying'},
  {
    type: 'signed-in',
    request: 0,
    end: 'destination',
    login: 'john@vault.example',
    server: 'vault.example:993',
    capabilities: ['IMAP4rev1'],
    freeBytes: 12e9,
  },
  {type: 'request-state', request: 0, state: 'Processing'},
  {
    type: 'folders-planned',
    request: 0,
    folders: [
      folder(0, {
        source: 'INBOX',
        destination: 'Data17012018/INBOX',
        messages: 4210,
        notes: ['name shortened'],
      }),
      folder(1, {source: 'Projekte/München', destination: 'Data17012018/Projekte/München', messages: 118}),
      folder(2, {source: 'Calendar', selected: false, reason: 'not mail', messages: 311}),
    ],
  },
  counted(0, 0, 4210, 1000),
  {type: 'folder-state', request: 0, folder: 0, state: 'copying'},
  {type: 'messages-copied', request: 0, folder: 0, messages: 3208, bytes: 160e6},
  {type: 'message-failed', request: 0, folder: 0, message: lost, problem},
  {type: 'message-skipped', request: 0, folder: 0, message: {uid: 7}, problem},
  {type: 'folder-state', request: 0, folder: 0, state: 'done'},
  counted(0, 1, 118, 0),
  {type: 'messages-copied', request: 0, folder: 1, messages: 118, bytes: 6e6},
  {type: 'folder-state', request: 0, folder: 1, state: 'done'},
  {
    type: 'request-finished',
    request: 0,
    counts: {selected: 4328, copied: 3326, alreadyPresent: 1000, skipped: 1, failed: 1, bytes: 166e6},
  },
  {type: 'request-state', request: 0, state: 'Processed'},
  {type: 'request-state', request: 1, state: 'Processing'},
  {type: 'folders-planned', request: 1, folders: [folder(0, {source: '=HYPERLINK("x")', messages: 900})]},
  counted(1, 0, 900, 0),
  {
    type: 'waiting',
    request: 1,
    end: 'destination',
    until: start + 320_000,
    problem: {...problem, sentence: 'The server asks for a pause.'},
  },
  {type: 'wait-ended', request: 1, end: 'destination'},
  {type: 'messages-copied', request: 1, folder: 0, messages: 900, bytes: 45e6},
  {type: 'folder-state', request: 1, folder: 0, state: 'done'},
  {type: 'request-state', request: 1, state: 'Processed'},
  {type: 'request-state', request: 2, state: 'Failed', problem: signInProblem},
  {type: 'note', request: 0, problem: {...problem, sentence: 'Two keywords are not kept.'}},
  {
    type: 'run-finished',
    exitCode: 3,
    totals: {selected: 5228, copied: 4226, alreadyPresent: 1000, skipped: 1, failed: 1, bytes: 211e6},
    reports: '/reports/2026-11-22-140300',
  },
];

/** Ten seconds apart. */
export const events: readonly RunEvent[] = happened.map((event, index) => ({
  ...event,
  at: start + index * 10_000,
}));

export function snapshotOf(list: readonly RunEvent[]): Snapshot {
  let timeline = emptyTimeline(start);
  let snapshot = emptySnapshot;
  for (const event of list) {
    snapshot = reduce(snapshot, event);
    if (event.type === 'messages-copied') timeline = addToTimeline(timeline, event.at, event.messages);
  }
  return {...snapshot, timeline};
}
