// A run as a log: lines that are only ever added, no colour, no carriage return. What a person reads the morning
// after, or `grep`s.

import type {PlannedFolder, RunEvent} from '../engine/events.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {cleanText} from '../format/clean.ts';
import {countOf} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import {requestEnded} from '../progress/counted.ts';
import {Draft} from '../progress/draft.ts';
import {isDryRunReason} from '../progress/dry-run.ts';
import {addWork, emptyWindow, etaAt, type RateWindow, rateAt} from '../progress/rate.ts';
import {emptySnapshot, fold} from '../progress/reduce.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {endingLines} from './ending.ts';
import {namesOf} from './names.ts';
import {
  folderLines,
  foundLine,
  lostLine,
  messageLine,
  problemText,
  signedInLine,
  totalsLine,
  waitLine,
  wasOnlyStopped,
} from './sentences.ts';

const totalsEveryMs = 30_000;
/** Messages with the same problem named for one mailbox; the rest are counted. messages.csv names all. */
const mostAlike = 25;
const longestLine = 2000;

export type Lines = {
  take(event: RunEvent): void;
  /** Called now and then (each second, say): writes the totals when they are due. `now` in ms since 1970. */
  tick(now: number): void;
};

/** A log that is begun in the middle of a run, or has missed a part of it. */
export type JoinedLines = Lines & {
  /** How the run stands; what comes after is told as it happens. `now` in ms since 1970. */
  stands(snapshot: Snapshot, now: number): void;
};

/** `write` takes whole lines with their line end. `now`: ms since 1970. */
export function createPlain({write, now}: {write: (text: string) => void; now: () => number}): JoinedLines {
  let draft = new Draft(emptySnapshot);
  let names: readonly string[] = [];
  const alike = new Map<string, number>();
  /** The reason in the last line about each mailbox, so that the wait for it does not say it again. */
  const told = new Map<number, string>();
  let window: RateWindow = emptyWindow;
  let lastTotals = now();

  function line(at: number, text: string): void {
    write(`${formatStamp(at)}  ${cleanText(text, longestLine)}\n`);
  }

  function about(event: {readonly at: number; readonly request: number}, text: string, why?: Problem): void {
    if (why === undefined) told.delete(event.request);
    else told.set(event.request, problemText(why, false));
    line(event.at, `${names[event.request] ?? `request ${event.request + 1}`}  ${text}`);
  }

  function message(event: Extract<RunEvent, {type: 'message-failed' | 'message-skipped'}>): void {
    // A dry run would name every message there is.
    if (isDryRunReason(event.problem)) return;
    const key = `${event.request} ${event.problem.code}`;
    const count = (alike.get(key) ?? 0) + 1;
    alike.set(key, count);
    if (count > mostAlike) return;
    const folder = draft.current.requests[event.request]?.folders[event.folder];
    about(event, messageLine(event, folder?.source ?? '', count === 1));
    if (count === mostAlike)
      about(event, `more like this are counted, not listed here; messages.csv names all`);
  }

  function finish(event: Extract<RunEvent, {type: 'run-finished'}>): void {
    line(event.at, totalsLine(draft.current, {messagesPerSecond: 0, bytesPerSecond: 0}));
    write('\n');
    for (const text of endingLines(draft.current, event.reports)) write(`${text}\n`);
  }

  return {
    stands(snapshot, at) {
      draft = new Draft(snapshot);
      names = namesOf(snapshot.requests);
      window = emptyWindow;
      lastTotals = at;
      const paused = snapshot.paused ? ', paused' : '';
      line(at, `run ${snapshot.run}, at work since ${formatStamp(snapshot.startedAt)}${paused}`);
      for (const {request, state, problem} of snapshot.requests) {
        // The totals count those that wait and those that went well.
        if (state === 'Pending' || state === 'Processed') continue;
        about({at, request}, `${state}${problem === undefined ? '' : `: ${problemText(problem)}`}`);
      }
      line(at, totalsLine(snapshot, snapshot.rate, snapshot.eta));
    },
    take(event) {
      const before = 'request' in event ? draft.current.requests[event.request ?? -1]?.state : undefined;
      fold(draft, event);
      switch (event.type) {
        case 'run-started':
          names = namesOf(event.requests);
          lastTotals = event.at;
          line(
            event.at,
            `run ${event.run} starts: ${countOf(event.requests.length, 'request')}${event.dryRun ? ', dry run: nothing is copied' : ''}`,
          );
          return;
        case 'request-state': {
          // All wait at the start, as the line before has said; one that waits again is told. Where the run is stopped
          // before their turn, the end tells it of all of them.
          if (before === 'Pending' && event.state === 'Pending') return;
          if (before === 'Pending' && event.state === 'Stopped' && wasOnlyStopped(event)) return;
          if (!requestEnded(event.state)) forget(alike, event.request);
          const why = event.problem === undefined ? '' : `: ${problemText(event.problem)}`;
          about(event, `${event.state}${why}`);
          return;
        }
        case 'signed-in':
          about(event, signedInLine(event));
          return;
        case 'folders-planned':
          for (const text of folderLines(event.folders satisfies readonly PlannedFolder[]))
            about(event, text);
          return;
        case 'folder-state': {
          const folder = draft.current.requests[event.request]?.folders[event.folder]?.source ?? '';
          if (event.problem !== undefined)
            about(event, `folder ${folder}: ${problemText(event.problem)}`, event.problem);
          return;
        }
        case 'messages-copied':
          window = addWork(window, event.at, event.messages, event.bytes);
          return;
        case 'message-failed':
        case 'message-skipped':
          message(event);
          return;
        case 'message-found':
          about(
            event,
            foundLine(event, draft.current.requests[event.request]?.folders[event.folder]?.source ?? ''),
          );
          return;
        case 'note':
          if (event.request === undefined) line(event.at, `note: ${problemText(event.problem)}`);
          else about({at: event.at, request: event.request}, `note: ${problemText(event.problem)}`);
          return;
        case 'waiting':
          about(
            event,
            waitLine(event, told.get(event.request) !== problemText(event.problem, false)),
            event.problem,
          );
          return;
        case 'wait-ended':
          about(event, `the wait at the ${event.end} is over`);
          return;
        case 'connection-lost':
          about(event, lostLine(event), event.problem);
          return;
        case 'request-measured':
          about(event, `${countOf(event.messages, 'message')} at the source`);
          return;
        case 'request-first':
          about(event, 'goes next');
          return;
        case 'request-paused':
        case 'request-resumed':
          about(event, event.type === 'request-paused' ? 'paused' : 'resumed');
          return;
        case 'request-stopping':
          about(
            event,
            event.how === 'finish' ? 'stopping: what is in flight is finished first' : 'stopping at once',
          );
          return;
        case 'mailboxes-changed':
          line(event.at, `${countOf(event.mailboxes, 'mailbox', 'mailboxes')} at once from now on`);
          return;
        case 'paused':
        case 'resumed':
          line(event.at, event.type);
          return;
        case 'stopping':
          line(
            event.at,
            event.how === 'finish' ? 'stopping: what is in flight is finished first' : 'stopping at once',
          );
          return;
        case 'run-finished':
          finish(event);
      }
    },
    tick(at) {
      const snapshot = draft.current;
      if (snapshot.startedAt === 0 || snapshot.endedAt !== undefined || at - lastTotals < totalsEveryMs)
        return;
      lastTotals = at;
      line(at, totalsLine(snapshot, rateAt(window, at), etaAt(window, at, snapshot)));
    },
  };
}

/** A new attempt names its failures again. */
function forget(alike: Map<string, number>, request: number): void {
  for (const key of alike.keys()) if (key.startsWith(`${request} `)) alike.delete(key);
}
