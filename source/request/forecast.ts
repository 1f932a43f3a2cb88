// How long a copy takes, told before it starts. Pure. A range from the pace of servers as they are known, never a
// promise: the grid measures the real one.
import {providerOfServer} from './providers/catalogue.ts';
import type {Request} from './schema.ts';

/** Milliseconds. */
export type Forecast = {readonly low: number; readonly high: number};

export type Work = {
  readonly messages: number;
  /** Unknown where a server does not tell sizes. */
  readonly bytes?: number;
};

type Pace = {readonly messagesPerSecond: number; readonly bytesPerSecond: number};
type PaceRange = {readonly slow: Pace; readonly fast: Pace};

/**
 * Slow: one connection to Exchange Online, as measured by others (17,541 messages and 8.58 GB in 16,885 s,
 * imapsync issue 256). Fast: four messages a second, what imapsync's author advises as the most, and the bytes that
 * go with them.
 */
const office365: PaceRange = {
  slow: {messagesPerSecond: 1, bytesPerSecond: 0.5e6},
  fast: {messagesPerSecond: 4, bytesPerSecond: 2e6},
};

/** Slow: a shared server far away behind a home line. Fast: a good server on a good line. */
const others: PaceRange = {
  slow: {messagesPerSecond: 20, bytesPerSecond: 1.5e6},
  fast: {messagesPerSecond: 200, bytesPerSecond: 12e6},
};

/** Signing in and listing at both ends. */
const setUp = {low: 2000, high: 15_000};

/** The slower end sets the pace. What an end is goes by its server: a type may name Office 365 for a gateway. */
export function forecastOf(request: Request, work: Work): Forecast {
  if (work.messages === 0) return setUp;
  const atOffice365 = [request.source, request.destination].some(
    ({server}) => providerOfServer(server)?.id === 'o365',
  );
  const pace = atOffice365 ? office365 : others;
  return {low: setUp.low + timeAt(pace.fast, work), high: setUp.high + timeAt(pace.slow, work)};
}

function timeAt(pace: Pace, {messages, bytes = 0}: Work): number {
  return 1000 * Math.max(messages / pace.messagesPerSecond, bytes / pace.bytesPerSecond);
}

/** Several mailboxes, `atOnce` of them side by side: at least the longest, else all shared out evenly. */
export function forecastTogether(each: readonly Forecast[], atOnce: number): Forecast {
  const together = (times: readonly number[]) =>
    Math.max(0, ...times, times.reduce((sum, time) => sum + time, 0) / Math.max(1, atOnce));
  return {low: together(each.map(({low}) => low)), high: together(each.map(({high}) => high))};
}
