// How fast it goes and how long it takes, as honestly as can be said: measured over about two minutes of work (as
// restic does), told as a range, and not at all before the rate is steady. Pure: the clock comes in as `at`.

import {settled} from './draft.ts';
import type {Rate, Snapshot} from './snapshot.ts';

const bucketMs = 1000;
/** Seconds with work that are looked at; older ones go once enough is left to measure by. */
const windowMs = 120_000;
/** On a slow link two minutes hold a handful of messages: the window then reaches back until it holds these. */
const leastBuckets = 20;
const leastBytes = 100_000;
const longestWindowMs = 900_000;
/** Work seen before a forecast is made. */
const steadyMs = 15_000;
const steadyMessages = 20;
/** A range wider than this says nothing, unless even its far end is near. */
const widestRange = 6;
const nearMs = 60_000;
const longestForecastMs = 60 * 86_400_000;
const historyLength = 60;

type Bucket = {
  /** Second of work, in ms of the working clock, which stands still while everything waits. */
  readonly start: number;
  readonly messages: number;
  readonly bytes: number;
};

/** Buckets hold only seconds with work in them, oldest first; `open` is the newest. */
export type RateWindow = {
  readonly past: readonly Bucket[];
  readonly open?: Bucket;
  /** When the first work of the run was possible, ms since 1970; absent before. */
  readonly startedAt?: number;
  /** Standstill until now, ms. */
  readonly idle: number;
  /** Since when everything stands still, ms since 1970. */
  readonly idleSince?: number;
};

export const emptyWindow: RateWindow = {past: [], idle: 0};

/** Starts the clock: called when a request starts to copy; later calls change nothing. */
export function startClock(window: RateWindow, at: number): RateWindow {
  return window.startedAt === undefined ? {...window, startedAt: at} : window;
}

/** Notes that messages have arrived. `at` in ms since 1970; a clock set back counts as the newest second. */
export function addWork(window: RateWindow, at: number, messages: number, bytes: number): RateWindow {
  const started = startClock(window, at);
  const {open} = started;
  const second = Math.floor(workClock(started, at) / bucketMs) * bucketMs;
  if (open !== undefined && second <= open.start) {
    return {...started, open: {...open, messages: open.messages + messages, bytes: open.bytes + bytes}};
  }
  const past = open === undefined ? started.past : trim([...started.past, open], second);
  return {...started, past, open: {start: second, messages, bytes}};
}

/** Stops the working clock while nothing can move (paused, every mailbox waits for its server), or starts it. */
export function setIdle(window: RateWindow, at: number, idle: boolean): RateWindow {
  if (idle === (window.idleSince !== undefined)) return window;
  if (idle) return {...window, idleSince: at};
  const {idleSince, ...rest} = window;
  return {...rest, idle: window.idle + Math.max(0, at - (idleSince ?? at))};
}

/** The rate as the screen shows it: nothing while everything stands still, else the mean over the window. */
export function rateAt(window: RateWindow, at: number): Rate {
  const history = historyAt(window, at);
  const mean = window.idleSince === undefined ? meanRate(window, at) : undefined;
  if (mean === undefined) return {messagesPerSecond: 0, bytesPerSecond: 0, history};
  return {messagesPerSecond: mean.messages * 1000, bytesPerSecond: mean.bytes * 1000, history};
}

/**
 * Time left in ms, or undefined where it is not known: totals not counted, too little seen, paused, or so uneven
 * that the range would say nothing. By messages and by bytes, over the window and its newer half: the range spans
 * what these say, so that large mail at the end or a slowing server widens it instead of surprising. A wait that
 * holds up everything is added to both ends.
 */
export function etaAt(
  window: RateWindow,
  at: number,
  snapshot: Pick<Snapshot, 'counted' | 'paused' | 'totals' | 'selectedBytes' | 'doneBytes'>,
  waitUntil?: number,
): {low: number; high: number} | undefined {
  if (!snapshot.counted || snapshot.paused) return undefined;
  const messages = Math.max(0, snapshot.totals.selected - settled(snapshot.totals));
  const bytes = Math.max(0, snapshot.selectedBytes - snapshot.doneBytes);
  if (messages === 0) return undefined;
  const clock = workClock(window, at);
  const buckets = bucketsOf(window);
  const first = buckets[0];
  const seen = buckets.reduce((sum, bucket) => sum + bucket.messages, 0);
  if (first === undefined || clock - first.start < steadyMs || seen < steadyMessages) return undefined;
  const middle = first.start + (clock - first.start) / 2;
  const guesses = [
    meanOf(buckets, clock),
    meanOf(
      buckets.filter(bucket => bucket.start >= middle),
      clock,
      middle,
    ),
  ]
    .flatMap(mean => [messages / mean.messages, bytes > 0 ? bytes / mean.bytes : 0])
    .filter(guess => guess > 0);
  const low = Math.min(...guesses) * 0.9;
  const high = Math.max(...guesses) * 1.1;
  const vague = high > low * widestRange && high > nearMs;
  if (!Number.isFinite(high) || high > longestForecastMs || vague) return undefined;
  const wait = window.idleSince === undefined ? 0 : Math.max(0, (waitUntil ?? at) - at);
  return {low: Math.round(low + wait), high: Math.round(high + wait)};
}

function workClock(window: RateWindow, at: number): number {
  const now = window.idleSince ?? at;
  return Math.max(0, now - (window.startedAt ?? now) - window.idle);
}

function bucketsOf(window: RateWindow): readonly Bucket[] {
  return window.open === undefined ? window.past : [...window.past, window.open];
}

/** Messages and bytes in a millisecond; undefined before there is anything to measure. */
function meanRate(window: RateWindow, at: number): {messages: number; bytes: number} | undefined {
  const buckets = bucketsOf(window);
  return buckets.length === 0 ? undefined : meanOf(buckets, workClock(window, at));
}

function meanOf(buckets: readonly Bucket[], until: number, from = buckets[0]?.start ?? until) {
  const time = Math.max(bucketMs, until - from);
  let messages = 0;
  let bytes = 0;
  for (const bucket of buckets) {
    messages += bucket.messages;
    bytes += bucket.bytes;
  }
  return {messages: messages / time, bytes: bytes / time};
}

function trim(buckets: readonly Bucket[], now: number): readonly Bucket[] {
  let left = buckets.length;
  let bytes = buckets.reduce((sum, bucket) => sum + bucket.bytes, 0);
  const from = buckets.findIndex(bucket => {
    const age = now - bucket.start;
    const enough = left > leastBuckets && bytes - bucket.bytes >= leastBytes;
    if (age <= windowMs || (age <= longestWindowMs && !enough)) return true;
    left -= 1;
    bytes -= bucket.bytes;
    return false;
  });
  return from <= 0 ? buckets : buckets.slice(from);
}

/** Messages in each of the last sixty seconds of work, empty seconds as 0, the one under way left out. */
function historyAt(window: RateWindow, at: number): readonly number[] {
  const buckets = bucketsOf(window);
  const first = buckets[0];
  if (first === undefined) return [];
  const end = Math.floor(workClock(window, at) / bucketMs);
  const length = Math.min(historyLength, end - first.start / bucketMs);
  if (length <= 0) return [];
  const history = new Array<number>(length).fill(0);
  for (const bucket of buckets) {
    const index = bucket.start / bucketMs - (end - length);
    if (index >= 0 && index < length) history[index] = bucket.messages;
  }
  return history;
}
