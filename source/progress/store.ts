// Between the engine and the screen. Events are folded as they come, but listeners hear of it a few times a second
// at most, so a face does the same work at 50,000 messages a second as at five. Messages that arrive one by one are
// added up first: the fold then does the same work for a hundred of a folder as for one.
import type {RunEvent} from '../engine/events.ts';
import {Draft, type Mutable} from './draft.ts';
import {addWork, emptyWindow, etaAt, type RateWindow, rateAt, setIdle, startClock} from './rate.ts';
import {emptySnapshot, fold} from './reduce.ts';
import type {Snapshot, SnapshotStore, Timeline} from './snapshot.ts';
import {addToTimeline, emptyTimeline} from './timeline.ts';

/** At most five notifications a second; with many mailboxes something moves in every one, so fewer will do. */
function pauseFor(mailboxes: number): number {
  if (mailboxes < 50) return 200;
  return mailboxes < 500 ? 500 : 1000;
}
/** Copied messages are added up for so long, ms: much less than the seconds that the rate looks at. */
const addedUpMs = 100;
/** More folders than any mailbox has. */
const mostFolders = 2 ** 24;

type Copied = Extract<RunEvent, {type: 'messages-copied'}>;

/** Without events the rate still falls and countdowns run. */
const beatMs = 1000;

export type StoreClock = {
  /** ms since 1970. */
  readonly now: () => number;
  /** Calls back after `ms`; the answer cancels. The timer must not keep the process alive. */
  readonly schedule: (callback: () => void, ms: number) => () => void;
};

export type ProgressStore = SnapshotStore & {
  take(event: RunEvent): void;
  /** Publishes what is pending now. */
  flush(): void;
  /** Stops the timers; for a face that leaves before the run has ended. */
  close(): void;
};

export function createStore({now, schedule}: StoreClock): ProgressStore {
  const draft = new Draft(emptySnapshot);
  const listeners = new Set<() => void>();
  let published = emptySnapshot;
  let window: RateWindow = emptyWindow;
  let timeline: Timeline | undefined;
  /** Messages of the millisecond stretch under way, so that the timeline is not copied for each event. */
  let recent: {at: number; messages: number} | undefined;
  /** Not folded yet, by request and folder; all of `addedUpMs`. */
  const unfolded = new Map<number, Mutable<Copied>>();
  let unfoldedFrom = 0;
  let publishedAt = Number.NEGATIVE_INFINITY;
  let cancelPublish: (() => void) | undefined;
  let cancelBeat: (() => void) | undefined;

  function publish(): void {
    cancelPublish?.();
    cancelPublish = undefined;
    const at = now();
    publishedAt = at;
    foldCopied();
    settleTimeline();
    // Waits end by themselves as far as this clock goes: the engine tells when it works again.
    const snapshot = withRate(draft.publish(), window, draft.current.endedAt ?? at);
    published = timeline === undefined ? snapshot : {...snapshot, timeline};
    for (const listener of [...listeners]) listener();
  }

  function settleTimeline(): void {
    if (timeline !== undefined && recent !== undefined) {
      timeline = addToTimeline(timeline, recent.at, recent.messages);
    }
    recent = undefined;
  }

  function copied(at: number, messages: number): void {
    if (recent !== undefined && Math.abs(at - recent.at) > beatMs) settleTimeline();
    recent = {at: recent?.at ?? at, messages: (recent?.messages ?? 0) + messages};
  }

  /** True where the event is added to those that wait; what takes back a confirmation never is. */
  function addUp(event: Copied): boolean {
    if (event.messages < 0 || event.bytes < 0) return false;
    if (unfolded.size === 0) unfoldedFrom = event.at;
    else if (Math.abs(event.at - unfoldedFrom) > addedUpMs) return false;
    const key = event.request * mostFolders + event.folder;
    const sum = unfolded.get(key);
    if (sum === undefined) unfolded.set(key, {...event});
    else {
      sum.messages += event.messages;
      sum.bytes += event.bytes;
    }
    return true;
  }

  function foldCopied(): void {
    if (unfolded.size === 0) return;
    for (const event of unfolded.values()) foldOne(event);
    unfolded.clear();
  }

  function foldOne(event: Copied): void {
    fold(draft, event);
    window = addWork(window, event.at, event.messages, event.bytes);
    copied(event.at, event.messages);
  }

  function beat(): void {
    cancelBeat = schedule(() => {
      publish();
      beat();
    }, beatMs);
  }

  function close(): void {
    cancelPublish?.();
    cancelBeat?.();
    cancelPublish = undefined;
    cancelBeat = undefined;
  }

  return {
    take(event) {
      if (event.type !== 'messages-copied') {
        foldCopied();
        fold(draft, event);
      } else if (!addUp(event)) {
        foldCopied();
        // The first one of the next stretch, or one that is folded by itself.
        if (!addUp(event)) foldOne(event);
      }
      switch (event.type) {
        case 'run-started':
          window = emptyWindow;
          timeline = emptyTimeline(event.at);
          cancelBeat?.();
          beat();
          break;
        case 'folder-state':
          if (event.state === 'copying') window = startClock(window, event.at);
          break;
        case 'run-finished':
          close();
          publish();
          return;
        case 'request-state':
        case 'waiting':
        case 'wait-ended':
        case 'paused':
        case 'resumed':
          window = setIdle(window, event.at, standsStill(draft.current));
      }
      if (cancelPublish !== undefined) return;
      const pause = pauseFor(draft.current.requests.length);
      const wait = publishedAt + pause - now();
      if (wait <= 0) publish();
      else cancelPublish = schedule(publish, Math.min(wait, pause));
    },
    flush: publish,
    close,
    getSnapshot: () => published,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** True where nothing can move: paused, or each mailbox at work waits for its server. */
function standsStill(snapshot: Snapshot): boolean {
  const working = snapshot.states.Processing;
  return snapshot.paused || (working > 0 && snapshot.waiting >= working);
}

function withRate(snapshot: Snapshot, window: RateWindow, at: number): Snapshot {
  const rate = rateAt(window, at);
  const eta =
    snapshot.endedAt === undefined ? etaAt(window, at, snapshot, firstWaitEnd(snapshot)) : undefined;
  return {...snapshot, rate, ...(eta === undefined ? {} : {eta})};
}

/** When the first of the waits ends, if everything waits; from then on something moves. */
function firstWaitEnd(snapshot: Snapshot): number | undefined {
  if (snapshot.waiting === 0) return undefined;
  const ends = snapshot.requests.flatMap(request =>
    request.waits.length === 0 ? [] : [Math.max(...request.waits.map(wait => wait.until))],
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}
