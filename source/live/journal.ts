// The events of a run on disk, bounded: a snapshot, and the events since. Two files of events are kept, each up to a
// size; when one is full a snapshot takes the place of all before it. So a run can be looked at after its end, and
// after its process was killed.
import {appendFileSync, existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RunEvent} from '../engine/events.ts';
import {replacePrivate} from '../files/replace-private.ts';
import {jsonText} from '../format/json.ts';
import {Draft} from '../progress/draft.ts';
import {emptySnapshot, fold} from '../progress/reduce.ts';
import {isSnapshot} from '../progress/shape.ts';
import type {Snapshot} from '../progress/snapshot.ts';

const fullAt = 4 * 1024 * 1024;
const flushMs = 500;
const flushEvents = 2000;

const eventsFile = (folder: string) => join(folder, 'events.jsonl');
const olderFile = (folder: string) => join(folder, 'events.1.jsonl');
const snapshotFile = (folder: string) => join(folder, 'snapshot.json');

type Copied = Extract<RunEvent, {type: 'messages-copied'}>;

export type Journal = {
  take(event: RunEvent): void;
  /** Writes what is left, and the last snapshot. */
  close(): void;
};

type Ports = {
  readonly schedule: (callback: () => void, ms: number) => () => void;
  /** The snapshot after all events that were taken. */
  readonly snapshot: () => Snapshot;
  readonly fullAt?: number;
};

/**
 * A disk that is full or gone ends the journal until the run's end, not the run: what it would tell is in the report
 * too.
 */
export function openJournal(folder: string, {schedule, snapshot, fullAt: limit = fullAt}: Ports): Journal {
  let pending: RunEvent[] = [];
  /** Copied messages of a folder that nothing has come between: added up, so that one line tells of many. */
  const open = new Map<string, number>();
  let cancel: (() => void) | undefined;
  /** Lines before the ones in the file that is open. */
  let before = 0;
  let lines = 0;
  let bytes = 0;
  let broken = false;

  const attempt = (work: () => void) => {
    if (broken) return;
    try {
      work();
    } catch {
      broken = true;
    }
  };
  const begin = () => {
    before += lines;
    lines = 0;
    const head = `${JSON.stringify({from: before})}\n`;
    writeFileSync(eventsFile(folder), head, {mode: 0o600});
    bytes = head.length;
  };
  const flush = () => {
    cancel?.();
    cancel = undefined;
    open.clear();
    const events = pending;
    pending = [];
    if (events.length === 0) return;
    attempt(() => {
      const text = events.map(event => `${jsonText(event)}\n`).join('');
      appendFileSync(eventsFile(folder), text);
      lines += events.length;
      bytes += Buffer.byteLength(text);
      if (bytes < limit) return;
      writeSnapshot();
      renameSync(eventsFile(folder), olderFile(folder));
      begin();
    });
  };
  const writeSnapshot = (upTo = before + lines) => {
    replacePrivate(snapshotFile(folder), JSON.stringify({upTo, snapshot: snapshot()}));
  };
  attempt(begin);

  return {
    take(event) {
      if (event.type === 'messages-copied') {
        const key = `${event.request} ${event.folder}`;
        const at = open.get(key);
        const earlier = at === undefined ? undefined : (pending[at] as Copied);
        if (at !== undefined && earlier !== undefined) {
          pending[at] = {
            ...event,
            messages: earlier.messages + event.messages,
            bytes: earlier.bytes + event.bytes,
          };
          return;
        }
        open.set(key, pending.length);
      } else open.clear();
      pending.push(event);
      if (pending.length >= flushEvents) flush();
      else cancel ??= schedule(flush, flushMs);
    },
    close() {
      flush();
      // The disk may have room again. All that is on it is in this one, also a batch that was half written.
      broken = false;
      attempt(() => writeSnapshot(Number.MAX_SAFE_INTEGER));
      broken = true;
    },
  };
}

/**
 * The run as it last was; undefined where nothing of it is on disk. A torn last line is passed over; of a file that was
 * damaged, what comes before the damage is used.
 */
export function readJournal(folder: string): Snapshot | undefined {
  const stored = readSnapshot(folder);
  if (stored === undefined && !existsSync(eventsFile(folder))) return undefined;
  const draft = new Draft(stored?.snapshot ?? emptySnapshot);
  let upTo = stored?.upTo ?? 0;
  try {
    for (const file of [olderFile(folder), eventsFile(folder)]) {
      const {from, events} = readEvents(file);
      for (const [index, event] of events.entries()) {
        if (from + index < upTo) continue;
        fold(draft, event);
        upTo = from + index + 1;
      }
    }
  } catch {
    // An event that is none: nothing behind it can be trusted.
  }
  const snapshot = draft.publish();
  return isSnapshot(snapshot) ? snapshot : stored?.snapshot;
}

function readSnapshot(folder: string): {upTo: number; snapshot: Snapshot} | undefined {
  try {
    const {upTo, snapshot} = JSON.parse(readFileSync(snapshotFile(folder), 'utf8')) as Partial<
      Readonly<Record<string, unknown>>
    >;
    return typeof upTo === 'number' && isSnapshot(snapshot) ? {upTo, snapshot} : undefined;
  } catch {
    return undefined;
  }
}

/** As far as it says what it is about: an index that is none would reach what every list has. */
function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const {type, at, request, folder} = value as Readonly<Record<string, unknown>>;
  const isIndex = (index: unknown) =>
    index === undefined || (Number.isSafeInteger(index) && Number(index) >= 0);
  return typeof type === 'string' && typeof at === 'number' && isIndex(request) && isIndex(folder);
}

function readEvents(file: string): {from: number; events: RunEvent[]} {
  const events: RunEvent[] = [];
  try {
    const [head = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    const {from} = JSON.parse(head) as {from: unknown};
    if (typeof from !== 'number') return {from: 0, events};
    for (const line of rest) {
      if (line === '') continue;
      // A line that was cut off is the last one there is.
      let event: unknown;
      try {
        event = JSON.parse(line);
      } catch {
        break;
      }
      if (!isEvent(event)) break;
      events.push(event);
    }
    return {from, events};
  } catch {
    return {from: 0, events};
  }
}
