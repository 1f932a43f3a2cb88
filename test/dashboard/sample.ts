// A run as the engine would tell it, folded by the real reducer.
import type {NewEvent, PlannedFolder, RequestSummary, RunEvent} from '../../source/engine/events.ts';
import type {Problem} from '../../source/engine/problems/problems.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot, SnapshotStore} from '../../source/progress/snapshot.ts';

export const start = Date.UTC(2026, 10, 23, 7, 0, 0);

export const imapOff: Problem = {
  code: 'imap-off',
  scope: 'mailbox',
  verdict: 'stop',
  sentence: 'IMAP is switched off for this mailbox.',
  nextStep: 'Ask the administrator to switch IMAP on, then press r.',
  detail: 'BAD User is authenticated but not connected.',
};
export const tooLarge: Problem = {
  code: 'too-large',
  scope: 'message',
  verdict: 'skip',
  sentence: 'The message is larger than the destination takes (36 MB).',
  nextStep: 'Raise the limit at the destination.',
};
export const throttled: Problem = {
  code: 'throttled',
  scope: 'mailbox',
  verdict: 'slower',
  sentence: 'The server asks for a pause.',
};

export function requestOf(request: number, login: string): RequestSummary {
  return {
    request,
    title: `request ${request + 1}`,
    type: 'O365-IMAP',
    source: `${login}@baya.com`,
    sourceServer: 'outlook.office365.com',
    destination: `${login}@vault.example`,
    destinationServer: 'vault.example',
    destinationFolder: 'Data17012018',
  };
}

export function folderOf(folder: number, source: string, messages: number): PlannedFolder {
  return {folder, source, destination: `Data17012018/${source}`, selected: true, messages, notes: []};
}

/** The snapshot after the events, one second apart. */
export function after(events: readonly NewEvent[], from: Snapshot = emptySnapshot): Snapshot {
  return events.reduce((snapshot, event, index) => {
    const stamped: RunEvent = {...event, at: start + index * 1000};
    return reduce(snapshot, stamped);
  }, from);
}

export function started(logins: readonly string[], dryRun = false): NewEvent {
  const requests = logins.map((login, index) => requestOf(index, login));
  return {type: 'run-started', version: 1, run: '2026-11-23-0700', dryRun, requests};
}

/** Sign-in, folders, all of them counted. */
export function counted(request: number, folders: readonly PlannedFolder[]): NewEvent[] {
  return [
    {type: 'request-state', request, state: 'Processing'},
    {type: 'folders-planned', request, folders},
    ...folders
      .filter(folder => folder.selected)
      .map(
        ({folder, messages}): NewEvent => ({
          type: 'folder-counted',
          request,
          folder,
          selected: messages,
          selectedBytes: messages * 1000,
          alreadyPresent: 0,
          alreadyPresentBytes: 0,
        }),
      ),
  ];
}

export function copied(request: number, folder: number, messages: number, done = false): NewEvent[] {
  return [
    {type: 'folder-state', request, folder, state: 'copying'},
    {type: 'messages-copied', request, folder, messages, bytes: messages * 1000},
    ...(done ? [{type: 'folder-state', request, folder, state: 'done'} as const] : []),
  ];
}

export function failedMessage(request: number, folder: number, uid: number, subject: string): NewEvent {
  return {
    type: 'message-failed',
    request,
    folder,
    message: {uid, subject, messageId: `<${uid}@baya.com>`, date: Date.UTC(2017, 0, 18), size: 40_000_000},
    problem: tooLarge,
  };
}

const calendar: PlannedFolder = {
  ...folderOf(3, 'Calendar', 311),
  selected: false,
  reason: 'not mail (rule of the request)',
};
export const johnFolders = [
  folderOf(0, 'INBOX', 400),
  folderOf(1, 'Sent Items', 200),
  folderOf(2, 'INBOX/Projekte/Größe', 100),
  calendar,
];

/** John copies, Ann waits, Bob is done, Eve has failed, 36 are pending. */
export const midway: readonly NewEvent[] = [
  started([
    'john',
    'ann',
    'bob',
    'eve',
    ...Array.from({length: 36}, (_, index) => `user${String(index + 1).padStart(2, '0')}`),
  ]),
  ...counted(0, johnFolders),
  ...copied(0, 0, 150),
  failedMessage(0, 0, 7, 'Quarterly figures'),
  failedMessage(0, 0, 8, 'Holiday pictures'),
  ...copied(0, 1, 200, true),
  ...counted(1, [folderOf(0, 'INBOX', 300)]),
  ...copied(1, 0, 30),
  {type: 'waiting', request: 1, end: 'destination', until: start + 300_000, problem: throttled},
  ...counted(2, [folderOf(0, 'INBOX', 90)]),
  ...copied(2, 0, 90, true),
  {type: 'request-state', request: 2, state: 'Processed'},
  {type: 'request-state', request: 3, state: 'Verifying'},
  {type: 'request-state', request: 3, state: 'Failed', problem: imapOff},
];

/** A store that tells when it is told to. */
export function storeOf(first: Snapshot): SnapshotStore & {set(next: Snapshot): void} {
  let snapshot = first;
  const listeners = new Set<() => void>();
  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      snapshot = next;
      for (const listener of listeners) listener();
    },
  };
}
