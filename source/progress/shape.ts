// Whether what another process or a disk hands over is a snapshot: every screen reads all of it. By hand, since the list
// of runs is asked for before anything that brings a validator along.
import {folderStates, requestStates} from '../engine/events.ts';
import type {Snapshot} from './snapshot.ts';

type Shape = (value: unknown) => boolean;
type Form = Readonly<Record<string, unknown>>;

const text: Shape = value => typeof value === 'string';
const number: Shape = value => typeof value === 'number' && Number.isFinite(value);
const yesNo: Shape = value => typeof value === 'boolean';

const oneOf =
  (...words: readonly string[]): Shape =>
  value =>
    words.some(word => word === value);

const maybe =
  (shape: Shape): Shape =>
  value =>
    value === undefined || shape(value);

const listOf =
  (shape: Shape): Shape =>
  value =>
    Array.isArray(value) && value.every(shape);

const form =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(shapes).every(([name, shape]) =>
      shape(Object.hasOwn(value, name) ? (value as Form)[name] : undefined),
    );

const problem = form({
  ...{code: text, scope: oneOf('message', 'folder', 'mailbox', 'run')},
  ...{verdict: oneOf('again', 'slower', 'skip', 'stop'), sentence: text},
  ...{nextStep: maybe(text), detail: maybe(text), link: maybe(text)},
});
const counts = form({
  ...{selected: number, copied: number, alreadyPresent: number},
  ...{skipped: number, failed: number, bytes: number},
});
const stopping = maybe(oneOf('finish', 'abort'));
const sizes = {deleted: number, selectedBytes: number, doneBytes: number, counted: yesNo};

const failure = form({
  message: form({
    ...{uid: number, subject: maybe(text), messageId: maybe(text)},
    ...{date: maybe(number), size: maybe(number)},
  }),
  problem,
  kind: oneOf('failed', 'skipped'),
});
const folder = form({
  ...{folder: number, source: text, destination: text, selected: yesNo, reason: maybe(text)},
  ...{notes: listOf(text), messages: maybe(number), counts, ...sizes},
  state: oneOf(...folderStates),
  ...{problem: maybe(problem), failures: listOf(failure)},
});
const request = form({
  ...{request: number, title: text, type: text, source: text, sourceServer: text},
  ...{destination: text, destinationServer: text, destinationFolder: text},
  ...{
    state: oneOf(...requestStates),
    problem: maybe(problem),
    notes: listOf(problem),
    folders: listOf(folder),
  },
  ...{counts, ...sizes, foldersDone: number, foldersSelected: number, lanes: number},
  ...{paused: maybe(yesNo), stopping, first: maybe(yesNo)},
  measured: maybe(form({messages: number, bytes: maybe(number)})),
  waits: listOf(form({end: oneOf('source', 'destination'), until: number, problem})),
  ...{startedAt: maybe(number), endedAt: maybe(number)},
});
const snapshot = form({
  ...{run: text, dryRun: yesNo, startedAt: number, endedAt: maybe(number)},
  ...{requests: listOf(request), totals: counts, ...sizes},
  states: form(Object.fromEntries(requestStates.map(state => [state, number]))),
  waiting: number,
  rate: form({messagesPerSecond: number, bytesPerSecond: number, history: listOf(number)}),
  eta: maybe(form({low: number, high: number})),
  timeline: maybe(form({from: number, every: number, messages: listOf(number)})),
  ...{notes: maybe(listOf(problem)), paused: yesNo, mailboxes: maybe(number), stopping},
  ...{exitCode: maybe(number), reports: maybe(text)},
});

export function isSnapshot(value: unknown): value is Snapshot {
  return snapshot(value);
}
