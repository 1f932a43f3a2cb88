// The lines above every list of the dashboard: what runs, how far it is, how fast. Numbers that change sit in
// slots of a fixed width, so that their neighbours stand still.

import {formatByteRate, formatBytes} from '../format/bytes.ts';
import {countOf, formatCount, formatRate} from '../format/count.ts';
import {formatClock, formatCountdown, formatDuration, formatRange} from '../format/duration.ts';
import {arrived} from '../progress/draft.ts';
import {stoppedBefore} from '../progress/reached.ts';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {skippedWords} from '../report/verdict.ts';
import {barParts} from '../ui/bar.ts';
import {column, foreign, joinRanked, type Line, lineWidth, short, span, spread} from '../ui/cells.ts';
import {sparkline} from '../ui/sparkline.ts';
import {symbols} from '../ui/theme.ts';
import {hasEnded, isSettingOut, overallFraction, percent} from './progress.ts';
import {longestWait} from './words.ts';

const brand = 'mailferry';

/** 'baya.com → vault.example': the domains or servers all mailboxes have in common. Stops at the first that differs. */
function routeOf(requests: readonly RequestSnapshot[]): string {
  const [first] = requests;
  if (first === undefined) return '';
  const from = (request: RequestSnapshot) => placeOf(request.source, request.sourceServer);
  const to = (request: RequestSnapshot) => placeOf(request.destination, request.destinationServer);
  const [fromFirst, toFirst] = [from(first), to(first)];
  const oneSource = requests.every(request => from(request) === fromFirst);
  const oneDestination = requests.every(request => to(request) === toFirst);
  if (!oneSource && !oneDestination) return '';
  const several = 'several domains';
  return `${oneSource ? foreign(fromFirst) : several} ${symbols.arrow} ${oneDestination ? foreign(toFirst) : several}`;
}

function placeOf(login: string, server: string): string {
  const at = login.lastIndexOf('@');
  return at >= 0 ? login.slice(at + 1) : server;
}

function routeOfOne(request: RequestSnapshot): string {
  return `${foreign(request.source)} ${symbols.arrow} ${foreign(request.destination)}`;
}

/** 'mailferry   40 mailboxes   baya.com → vault.example            12 of 40 done   00:14:32' */
export function titleLine(snapshot: Snapshot, now: number, width: number): Line {
  const [only] = snapshot.requests;
  const single = snapshot.requests.length === 1 && only !== undefined;
  const right: Line = [
    ...(single || snapshot.requests.length === 0 ? [] : [span(doneText(snapshot)), span('   ')]),
    span(elapsed(snapshot, now), 'dim'),
  ];
  const room = width - lineWidth(right) - 2;
  const left = joinRanked(
    [
      {line: [{text: brand, role: 'accent', bold: true}], rank: 1},
      {line: snapshot.dryRun ? [span('dry run', 'warn')] : [], rank: 0},
      {
        line: single
          ? [span(routeOfOne(only))]
          : // Before its start the run has told of none.
            snapshot.startedAt === 0
            ? []
            : [span(countOf(snapshot.requests.length, 'mailbox', 'mailboxes'))],
        rank: 2,
      },
      {line: single || hasEnded(snapshot) ? [] : atOnce(snapshot), rank: 3},
      {line: single ? [] : [span(routeOf(snapshot.requests), 'dim')], rank: 4},
    ],
    Math.max(0, room),
    3,
  );
  return spread(left, right, width);
}

function atOnce({mailboxes}: Snapshot): Line {
  return mailboxes === undefined ? [] : [span(`${formatCount(mailboxes)} at once`)];
}

/** '12 of 40 done': mailboxes that have come to their end, well or not; one that was stopped has not. */
function doneText({states, requests}: Snapshot): string {
  const done = states.Processed + states.Failed + states.Invalid;
  const total = formatCount(requests.length);
  return `${formatCount(done).padStart(total.length)} of ${total} done`;
}

function elapsed(snapshot: Snapshot, now: number): string {
  if (snapshot.startedAt === 0) return formatClock(0);
  return formatClock((snapshot.endedAt ?? now) - snapshot.startedAt);
}

/** '61,204 of 105,310': the first number right-aligned to the second. */
export function ofTotal(done: number, total: number): string {
  const whole = formatCount(total);
  return `${formatCount(done).padStart(whole.length)} of ${whole}`;
}

/** '9.8 of 17.1 GB', '310 MB of 1.2 GB'. */
export function bytesOf(done: number, total: number): string {
  const [from, to] = [formatBytes(done), formatBytes(total)];
  const unit = to.slice(to.indexOf(' '));
  return `${from.endsWith(unit) ? from.slice(0, -unit.length) : from} of ${to}`;
}

function barWidth(inner: number): number {
  if (inner < 60) return 12;
  if (inner < 78) return 14;
  return Math.floor(inner * (inner < 118 ? 0.3 : 0.36));
}

/** The bar of a whole, `fraction` of it filled. `flawed`: something of it was not carried. */
export function barLine(fraction: number, inner: number, flawed: boolean): Line {
  const {filled, empty} = barParts(fraction, barWidth(inner));
  return [span(filled, fraction < 1 ? 'accent' : flawed ? 'warn' : 'ok'), span(empty, 'dim')];
}

/** The bar and the percentage of the work that is done, the messages that are at the destination, the bytes. */
export function totalsLine(snapshot: Snapshot, width: number): Line {
  const {totals, counted} = snapshot;
  const fraction = overallFraction(snapshot);
  const known = totals.selected > 0;
  return joinRanked(
    [
      {line: barLine(fraction, width, totals.failed + totals.skipped > 0), rank: 1},
      {
        line: counted
          ? [{text: percent(fraction).padStart(5), bold: true}]
          : [span(`counting${symbols.ellipsis}`, 'dim')],
        rank: 0,
      },
      {
        line: known
          ? [span(`${ofTotal(arrived(totals), totals.selected)} messages${counted ? '' : ' so far'}`)]
          : counted
            ? [span('no messages')]
            : [],
        rank: 2,
      },
      {line: known ? [span(bytesText(snapshot))] : [], rank: 3},
    ],
    width,
    2,
  );
}

function bytesText({doneBytes, selectedBytes, counted}: Snapshot): string {
  return counted && selectedBytes > 0 ? bytesOf(doneBytes, selectedBytes) : formatBytes(doneBytes);
}

/** Rate, time left, what failed and what waits; after the end: how long it took. */
export function ratesLine(snapshot: Snapshot, now: number, width: number): Line {
  // What a stop has left is counted as skipped, and is not: the next run copies it. A dry run has it among what is to do.
  const left = snapshot.dryRun ? 0 : stoppedBefore(snapshot.requests);
  const skipped = skippedWords(snapshot).join(', ');
  const outcome: readonly Segment[] = [
    {line: failedLine(snapshot), rank: 1},
    {line: skipped === '' ? [] : [span(skipped, 'warn')], rank: 6},
    {line: left > 0 ? [span(`${formatCount(left)} not reached`, 'warn')] : [], rank: 6},
  ];
  if (hasEnded(snapshot)) return joinRanked([...tookSegments(snapshot, now), ...outcome], width, 3);
  const wait = waitSegment(snapshot, now, width);
  const outward =
    snapshot.totals.copied === 0 && snapshot.requests.some(request => isSettingOut(request, snapshot));
  const speed = outward
    ? [{line: [span(`first messages on their way${symbols.ellipsis}`)], rank: 3}]
    : [...rateSegments(snapshot, width), leftSegment(snapshot)];
  return joinRanked([...speed, ...outcome, wait], width, 3);
}

/** '✗ 3 failed, 2 mailboxes'. */
function failedLine({totals, states}: Snapshot): Line {
  const lost = states.Failed + states.Invalid;
  const mailboxes = countOf(lost, 'mailbox', 'mailboxes');
  const messages = formatCount(totals.failed);
  if (totals.failed > 0)
    return [span(`${symbols.cross} ${messages} failed${lost > 0 ? `, ${mailboxes}` : ''}`, 'fail')];
  return lost > 0 ? [span(`${symbols.cross} ${mailboxes} failed`, 'fail')] : [];
}

type Segment = {readonly line: Line; readonly rank: number};

function tookSegments(snapshot: Snapshot, now: number): readonly Segment[] {
  const took = Math.max(0, (snapshot.endedAt ?? now) - snapshot.startedAt);
  const {bytes} = snapshot.totals;
  // What a dry run would copy is shown as copied, and is not.
  const copied = snapshot.dryRun ? 0 : snapshot.totals.copied;
  const perSecond = took > 0 ? (copied * 1000) / took : 0;
  return [
    {line: [span(`took ${formatDuration(took)}`)], rank: 0},
    {line: copied > 0 ? [span(`copied ${countOf(copied, 'message')}, ${formatBytes(bytes)}`)] : [], rank: 4},
    {line: copied > 0 && took >= 1000 ? [span(`${formatRate(perSecond)} msg/s`, 'dim')] : [], rank: 7},
  ];
}

function rateSegments({rate}: Snapshot, width: number): readonly Segment[] {
  const cells = width < 78 ? 8 : width < 118 ? 12 : width < 158 ? 20 : 30;
  return [
    {line: [span(`${formatRate(rate.messagesPerSecond).padStart(5)} msg/s`)], rank: 5},
    {line: [span(sparkline(rate.history, cells), 'accent')], rank: 8},
    {line: [span(formatByteRate(rate.bytesPerSecond).padStart(9))], rank: 7},
  ];
}

function leftSegment({counted, eta, paused}: Snapshot): Segment {
  const width = 17;
  // The totals say already that they are being counted.
  if (!counted) return {line: [], rank: 3};
  if (paused) return {line: [column('paused', width, 'warn')], rank: 3};
  if (!eta) return {line: [column(`estimating${symbols.ellipsis}`, width, 'dim')], rank: 3};
  return {line: [column(`${formatRange(eta.low, eta.high)} left`, width)], rank: 3};
}

/** How many wait, and when the first of them goes on: each one's own line says when it does. */
function waitSegment({requests, waiting}: Snapshot, now: number, width: number): Segment {
  if (waiting === 0) return {line: [], rank: 4};
  const ends = requests.flatMap(({waits}) => longestWait(waits, now)?.until ?? []);
  const first = ends.length > 1 ? (width < 118 ? 'first ' : 'the first ') : '';
  const countdown = ends.length > 0 ? ` (${first}${formatCountdown(Math.min(...ends) - now)})` : '';
  const verb = waiting === 1 ? 'waits' : 'wait';
  const server = width < 118 ? '' : ' for the server';
  return {
    line: [span(`${symbols.warning} ${formatCount(waiting)} ${verb}${server}${countdown}`, 'warn')],
    rank: 4,
  };
}

/** The title of a level further in: 'mailferry › john@baya.com › INBOX'. */
export function pathLine(parts: readonly string[], right: Line, width: number): Line {
  const room = width - lineWidth(right) - 2 - brand.length;
  const each = Math.max(6, Math.floor(room / Math.max(1, parts.length)) - 3);
  const left: Line = [
    {text: brand, role: 'accent', bold: true},
    ...parts.flatMap(part => [
      span(` ${symbols.pointer} `, 'dim'),
      {text: short(foreign(part), each, 'middle'), bold: true},
    ]),
  ];
  return spread(left, right, width);
}
