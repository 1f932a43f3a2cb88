import {describe, expect, test} from 'vitest';
import type {NewEvent, RequestState} from '../../source/engine/events.ts';
import type {Problem} from '../../source/engine/problems/problems.ts';
import {createPlain} from '../../source/lines/plain.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {events, start} from '../report/sample.ts';

function log() {
  let text = '';
  const plain = createPlain({
    write: part => {
      text += part;
    },
    now: () => start,
  });
  return {plain, text: () => text};
}

describe('the log of a run', () => {
  const {plain, text} = log();
  for (const event of events) plain.take(event);
  const written = text();

  test.each([
    'run 2026-11-22-140300 starts: 3 requests',
    'john@baya.com  Verifying',
    'john@baya.com  signed in at the destination as john@vault.example at vault.example:993, 12 GB free',
    'john@baya.com  2 folders with 4,328 messages to look at, 1 left out',
    'folder INBOX (4,210 messages) goes to Data17012018/INBOX. name shortened',
    'folder Calendar (311 messages) is left out: not mail',
    'failed  INBOX: "Plans <b>"2026"</b>" (2026-07-29, 41 MB, uid 4711, <a@baya.com>): The message is larger than the destination takes. Raise the limit there and run it again.',
    'skipped  INBOX: message (uid 7)',
    'ann@baya.com  waits 2 min 10 s, until 2026-11-22 14:08:20, for the destination: The server asks for a pause.',
    'ann@baya.com  the wait at the destination is over',
    'eve@baya.com  Failed: IMAP is switched off for eve@baya.com. (NO AUTHENTICATE failed.) Switch IMAP on',
    'note: Two keywords are not kept.',
    '3 of 3 mailboxes done, 100 %, 5,226 of 5,228 messages',
    'Report: /reports/2026-11-22-140300',
  ])('says %s', line => expect(written).toContain(line));

  test('ends with a paragraph that begins with what people want to know first', () => {
    const paragraph = written.slice(written.lastIndexOf('\n\n') + 2).split('\n');
    expect(paragraph[0]).toBe(
      '2 of 5,228 selected messages and 1 mailbox as a whole are not at the destination.',
    );
    expect(paragraph.join('\n')).toContain(
      'INBOX: 2 messages not copied: The message is larger than the destination takes.',
    );
  });

  test('is lines with a time in front, without colour or carriage return', () => {
    expect(written).not.toMatch(/[\r\u001b]/);
    for (const line of written.slice(0, written.lastIndexOf('\n\n')).split('\n')) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\S/);
    }
  });
});

test('the end gives what is missing of each folder with its reason, and what was deleted apart', () => {
  const {plain, text} = log();
  const quota = {
    ...problem,
    code: 'over-quota',
    sentence: 'The destination mailbox is full.',
    detail: 'Quota exceeded',
    nextStep: 'Make room there.',
  };
  const gone = {...problem, code: 'message-vanished', sentence: 'The message is no longer at the source.'};
  const counts = {selected: 25, copied: 12, alreadyPresent: 0, skipped: 2, failed: 11, bytes: 0};
  const counted = (index: number, selected: number) =>
    ({
      type: 'folder-counted',
      request: 0,
      folder: index,
      selected,
      selectedBytes: 0,
      alreadyPresent: 0,
      alreadyPresentBytes: 0,
    }) as const;
  const happened: readonly NewEvent[] = [
    {type: 'folders-planned', request: 0, folders: [folder(0), folder(1), folder(2, {messages: 5})]},
    counted(0, 10),
    counted(1, 10),
    {type: 'messages-copied', request: 0, folder: 0, messages: 8, bytes: 1},
    {type: 'message-skipped', request: 0, folder: 0, message: {uid: 1}, problem: gone},
    {type: 'message-skipped', request: 0, folder: 0, message: {uid: 2}, problem: gone},
    {type: 'folder-state', request: 0, folder: 0, state: 'done'},
    {type: 'messages-copied', request: 0, folder: 1, messages: 4, bytes: 1},
    {type: 'folder-state', request: 0, folder: 1, state: 'failed', problem: quota},
    counted(2, 5),
    {type: 'folder-state', request: 0, folder: 2, state: 'failed', problem: quota},
    {type: 'request-finished', request: 0, counts},
    {type: 'request-state', request: 0, state: 'Failed', problem: quota},
    {type: 'run-finished', exitCode: 3, totals: counts},
  ];
  plain.take(runStarted(1, start));
  for (const event of happened) plain.take(at(event, start));
  const end = text().slice(text().lastIndexOf('\n\n') + 2);
  expect(end).toContain(
    '11 of 25 selected messages are not at the destination; 2 messages were deleted meanwhile.',
  );
  expect(end).toContain('25 selected, 12 copied, 0 there already, 2 deleted meanwhile, 0 skipped, 11 failed');
  expect(end).toContain('Folder 0: 2 messages deleted meanwhile\n');
  // What the mailbox's line says already is not said again.
  expect(end).toContain('The destination mailbox is full. (Quota exceeded) Make room there.');
  expect(end).toContain('Folder 1: 6 messages not copied: The destination mailbox is full.\n');
  expect(end).toContain('Folder 2: 5 messages not copied: The destination mailbox is full.\n');
  expect(end).not.toContain(' 0 messages');
});

test('why mail is missing is told by kinds, the most frequent first, one of each for all', () => {
  const {plain, text} = log();
  const long = (bytes: number) => ({
    ...problem,
    code: 'line-too-long',
    sentence: `A line has ${bytes} bytes.`,
  });
  const quota = {...problem, code: 'over-quota', sentence: 'The destination mailbox is full.'};
  const counts = {selected: 4, copied: 0, alreadyPresent: 0, skipped: 0, failed: 4, bytes: 0};
  const failed = (uid: number, why: Problem) =>
    ({type: 'message-failed', request: 0, folder: 0, message: {uid}, problem: why}) as const;
  const happened: readonly NewEvent[] = [
    {type: 'folders-planned', request: 0, folders: [folder(0)]},
    ...[failed(1, quota), failed(2, long(11_000)), failed(3, long(12_000)), failed(4, long(13_000))],
    {type: 'folder-state', request: 0, folder: 0, state: 'done'},
    {type: 'request-finished', request: 0, counts},
    {type: 'request-state', request: 0, state: 'Processed'},
    {type: 'run-finished', exitCode: 3, totals: counts},
  ];
  plain.take(runStarted(1, start));
  for (const event of happened) plain.take(at(event, start));
  expect(text()).toContain(
    'messages not copied: 3, such as: A line has 11000 bytes. Raise the limit there and run it again. 1: The destination mailbox is full.\n',
  );
});

test('totals come every 30 seconds while it runs', () => {
  const {plain, text} = log();
  plain.take(runStarted(1, start));
  plain.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, start));
  for (let second = 1; second <= 95; second += 1) plain.tick(start + second * 1000);
  expect(text().match(/0 of 1 mailbox done, 0 of 10 messages/g)).toHaveLength(3);
  plain.take({
    type: 'run-finished',
    exitCode: 130,
    totals: {selected: 10, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0},
    at: start,
  });
  const ended = text();
  plain.tick(start + 1_000_000);
  expect(text()).toBe(ended);
});

test('a flood of like failures is named up to a bound, in words that cannot break the log', () => {
  const {plain, text} = log();
  plain.take(runStarted(1, start));
  plain.take(at({type: 'folders-planned', request: 0, folders: [folder(0)]}, start));
  const message = {uid: 1, subject: 'a\nb\u001b[31mred\r'};
  for (let count = 0; count < 1000; count += 1) {
    plain.take(at({type: 'message-failed', request: 0, folder: 0, message, problem}, start));
  }
  expect(text().match(/ {2}failed {2}/g)).toHaveLength(25);
  expect(text()).toContain('messages.csv names all');
  expect(text().match(/Raise the limit there/g)).toHaveLength(1);
  expect(text()).toContain('"a bred ');
});

test('nothing is said of a mailbox that only waits for its turn, but of one that waits again', () => {
  const {plain, text} = log();
  const state = (request: number, of: RequestState, why?: Problem) =>
    plain.take(
      at({type: 'request-state', request, state: of, ...(why === undefined ? {} : {problem: why})}, start),
    );
  plain.take(runStarted(300, start));
  for (let request = 0; request < 300; request += 1) state(request, 'Pending');
  state(7, 'Verifying');
  state(7, 'Failed', problem);
  state(7, 'Pending');
  const said = text().trimEnd().split('\n');
  expect(said.map(line => line.split('  ').at(-1)?.split(':')[0])).toEqual([
    'run 2026-11-22-1403 starts',
    ...['Verifying', 'Failed', 'Pending'],
  ]);
});

test('a stop before their turn is told of many mailboxes in one line, of one with a reason by name', () => {
  const {plain, text} = log();
  const stopped = {...problem, code: 'stopped-by-user', sentence: 'Stopped before it was finished.'} as const;
  plain.take(runStarted(300, start));
  for (let request = 0; request < 300; request += 1) {
    const why = request === 7 ? problem : stopped;
    plain.take(at({type: 'request-state', request, state: 'Stopped', problem: why}, start));
  }
  const totals = {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0};
  plain.take(at({type: 'run-finished', exitCode: 130, totals}, start));
  const lines = text().split('\n');
  expect(lines.filter(line => line.includes('  Stopped'))).toEqual([
    expect.stringContaining(`Stopped: ${problem.sentence}`),
    expect.stringContaining(`Stopped: ${problem.sentence}`),
  ]);
  expect(lines).toContain('  299 mailboxes were not begun: see requests.csv');
});

test('what a person does to a run is in the log', () => {
  const {plain, text} = log();
  plain.take(runStarted(1, start));
  for (const event of [
    {type: 'request-measured', request: 0, messages: 1200},
    {type: 'request-first', request: 0},
    {type: 'request-paused', request: 0},
    {type: 'request-resumed', request: 0},
    {type: 'request-stopping', request: 0, how: 'finish'},
    {type: 'mailboxes-changed', mailboxes: 6},
  ] as const)
    plain.take(at(event, start));
  const said = text()
    .split('\n')
    .slice(1, -1)
    .map(line => line.split('  ').slice(1).join('  '));
  expect(said.map(line => line.replace(/^\S+@\S+ {2}/, ''))).toEqual([
    '1,200 messages at the source',
    'goes next',
    'paused',
    'resumed',
    'stopping: what is in flight is finished first',
    '6 mailboxes at once from now on',
  ]);
});

test('a lost connection is told once: the wait after it does not repeat the reason', () => {
  const {plain, text} = log();
  const lost: Problem = {
    ...{code: 'connection-lost', scope: 'mailbox', verdict: 'again', detail: 'read ECONNRESET'},
    ...{
      sentence: 'The connection to vault.example:993 (destination) is lost.',
      nextStep: 'mailferry goes on.',
    },
  };
  const busy: Problem = {...lost, code: 'server-unavailable', sentence: 'The server is unavailable.'};
  const wait = (why: Problem): NewEvent => ({
    ...{type: 'waiting', request: 0, end: 'destination', until: start + 4000, problem: why},
  });
  plain.take(runStarted(1, start));
  const happened: readonly NewEvent[] = [
    {type: 'connection-lost', request: 0, end: 'destination', attempt: 1, problem: lost},
    ...[wait(lost), wait(busy)],
    {type: 'wait-ended', request: 0, end: 'destination'},
    {type: 'connection-lost', request: 0, end: 'destination', attempt: 2, problem: lost},
    wait(lost),
  ];
  for (const event of happened) plain.take(at(event, start));
  const said = text().split('\n').slice(1, -1);
  expect(said.map(each => each.split('  ').slice(2).join('  '))).toEqual([
    'The connection to vault.example:993 (destination) is lost. (read ECONNRESET) mailferry goes on.',
    'waits 4 s, until 2026-11-22 14:03:04, for the destination',
    'waits 4 s, until 2026-11-22 14:03:04, for the destination: The server is unavailable. (read ECONNRESET)',
    'the wait at the destination is over',
    'again (2 in a row): The connection to vault.example:993 (destination) is lost. (read ECONNRESET) mailferry goes on.',
    'waits 4 s, until 2026-11-22 14:03:04, for the destination',
  ]);
});

test('requests of one mailbox are told apart, in the log and at its end', () => {
  const {plain, text} = log();
  const begun = runStarted(5);
  if (begun.type !== 'run-started') throw new Error('The run has to start');
  const places = [
    ['ann@baya.com', 'ann@vault.example', 'Data'],
    ['ann@baya.com', 'ann@vault.example', 'Other'],
    ['ann@baya.com', 'archive@vault.example', 'Data'],
    ['bob@baya.com', 'archive@vault.example', 'Data'],
    ['ann@baya.com', 'ann@vault.example', ''],
  ];
  const requests = begun.requests.map((request, index) => {
    const [source = '', destination = '', destinationFolder = ''] = places[index] ?? [];
    return {...request, source, destination, destinationFolder};
  });
  plain.take({...begun, requests});
  for (const {request} of requests) plain.take(at({type: 'request-state', request, state: 'Verifying'}, 2));
  const names = [
    'ann@baya.com to ann@vault.example, Data',
    'ann@baya.com to ann@vault.example, Other',
    'ann@baya.com to archive@vault.example',
    'bob@baya.com',
    'ann@baya.com to ann@vault.example',
  ];
  for (const name of names) expect(text()).toContain(`  ${name}  Verifying\n`);
  for (const {request} of requests) plain.take(at({type: 'request-state', request, state: 'Processed'}, 3));
  plain.take(at({type: 'run-finished', exitCode: 0, totals: counts}, 4));
  for (const name of names) expect(text()).toContain(`\n  ${name}  Processed  `);
});

const counts = {selected: 0, copied: 0, alreadyPresent: 0, skipped: 0, failed: 0, bytes: 0};
