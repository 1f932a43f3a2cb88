// The check of many requests as lines: what each mailbox answered, and what all of them come to. Pure.
import {addedUp, isDated, mailWords, sizeWords, totalOf, withinDates} from '../../check/asked.ts';
import {stateOf, stopOf} from '../../check/may-copy.ts';
import type {Inspection} from '../../engine/look/inspection.ts';
import type {Problem} from '../../engine/problems/problems.ts';
import {countOf, formatCount} from '../../format/count.ts';
import {formatForecast} from '../../format/duration.ts';
import {cellWidth} from '../../format/fit.ts';
import {loginName} from '../../request/endpoint.ts';
import {forecastOf, forecastTogether} from '../../request/forecast.ts';
import type {Request} from '../../request/schema.ts';
import {exact, foreign, type Line, short, span} from '../../ui/cells.ts';
import {type Role, symbols} from '../../ui/theme.ts';
import {firstLines, problemLines, sortedProblems} from '../check-lines.ts';
import type {RowLook} from '../use-inspections.ts';

export type Checked = {readonly request: Request; readonly look: RowLook};

/** What keeps a request from being copied; undefined where nothing does, or it is not known yet. */
function whyNot(look: RowLook): Problem | undefined {
  if (look.phase === 'broken')
    return {
      code: 'check-broken',
      scope: 'mailbox',
      verdict: 'stop',
      sentence: look.sentence,
      nextStep: 'Press r to check again.',
    };
  return look.phase === 'found' ? stopOf(look.inspection) : undefined;
}

export function isBad({look}: Checked): boolean {
  return look.phase === 'broken' || (look.phase === 'found' && stateOf(look.inspection) !== 'ready');
}

function workOf({folders}: Inspection, request: Request) {
  return totalOf(folders, ({selected}) => selected, request);
}

/** Cells for the mailboxes' names: as many as they need, but not much more than a third of the line. */
export function nameWidth(rows: readonly Checked[], columns: number): number {
  const longest = rows.reduce(
    (most, {request}) => Math.max(most, cellWidth(foreign(loginName(request.source)))),
    12,
  );
  return Math.min(longest, Math.max(12, Math.min(36, Math.floor(columns * 0.35))));
}

/** One request: glyph, mailbox in `name` cells, what was found or what is wrong. */
export function checkedLine(row: Checked, selected: boolean, name: number, columns: number): Line {
  const {request} = row;
  const [glyph, role, text] = wordsOf(row);
  return [
    span(selected ? `${symbols.pointer} ` : '  ', 'accent'),
    span(`${glyph} `, role),
    {...span(exact(foreign(loginName(request.source)), name, {ellipsis: 'middle'})), bold: selected},
    span(`  ${short(text, columns - name - 6)}`, role === 'ok' ? 'plain' : role),
  ];
}

function wordsOf(row: Checked): readonly [glyph: string, role: Role, text: string] {
  const {look} = row;
  if (look.phase === 'waiting') return [symbols.circle, 'dim', 'waits'];
  if (look.phase === 'looking') return [symbols.bullet, 'accent', `signs in${symbols.ellipsis}`];
  if (isBad(row)) return [symbols.cross, 'fail', foreign(whyNot(look)?.sentence ?? 'It cannot be opened.')];
  if (look.phase === 'broken') return [symbols.cross, 'fail', foreign(look.sentence)];
  const work = workOf(look.inspection, row.request);
  const text = `${mailWords(work)} in ${countOf(work.folders, 'folder')}${sizeWords(work)}`;
  // What is true of every mailbox of such a server marks none of them.
  const notes = look.inspection.problems.filter(({scope}) => scope !== 'run').length;
  return notes === 0
    ? [symbols.tick, 'ok', text]
    : [symbols.warning, 'warn', `${text}; ${countOf(notes, 'note')}`];
}

/** How far the check is, then what there is to copy and about how long it takes. */
export function checkSummary(rows: readonly Checked[], atOnce: number, columns: number): Line[] {
  const bad = rows.filter(isBad).length;
  const good = rows.filter(row => row.look.phase === 'found' && !isBad(row));
  const done = bad + good.length;
  const head: Line = [
    {text: `${formatCount(done)} of ${countOf(rows.length, 'request')} checked`, bold: true},
    span('   '),
    span(`${symbols.tick} ${formatCount(good.length)} can be copied`, good.length > 0 ? 'ok' : 'dim'),
    ...(bad === 0 ? [] : [span('   '), span(`${symbols.cross} ${formatCount(bad)} cannot`, 'fail')]),
  ];
  const works = good.flatMap(({request, look}) =>
    look.phase === 'found' ? [{request, work: workOf(look.inspection, request)}] : [],
  );
  if (works.length === 0) return [head, []];
  const all = addedUp(works.map(({work}) => work));
  const {low, high} = forecastTogether(
    works.map(({request, work}) => forecastOf(request, work)),
    atOnce,
  );
  const dates = works.some(({request}) => isDated(request)) ? ` ${withinDates}` : '';
  const text = `To copy ${mailWords(all)}${dates}${sizeWords(all)}, ${formatForecast(low, high)}`;
  return [head, [span(short(text, columns), 'dim')]];
}

/** What there is to know about the request the cursor is on. */
export function checkedDetails(row: Checked | undefined, columns: number, most: number): Line[] {
  if (row === undefined) return [];
  const {look} = row;
  const problems = look.phase === 'found' ? sortedProblems(look.inspection.problems) : [];
  const stop = whyNot(look);
  const told = problems.length === 0 && stop !== undefined ? [stop] : problems;
  const route = `${loginName(row.request.source)} ${symbols.arrow} ${loginName(row.request.destination)}`;
  const where = row.request.destinationFolder === '' ? '' : `, folder ${row.request.destinationFolder}`;
  const lines: Line[] = [
    [span(short(foreign(`${route}${where}`), columns), 'dim')],
    ...told.flatMap(problem => problemLines(problem, columns, Number.POSITIVE_INFINITY)),
  ];
  return firstLines(lines, most, columns);
}

/** The outcome in a sentence for the review; '' where nothing was looked at. */
export function checkNotice(requests: readonly Request[], looks: readonly RowLook[]): string {
  const rows = requests.map((request, index) => ({
    request,
    look: looks[index] ?? {phase: 'waiting' as const},
  }));
  const bad = rows.filter(isBad).length;
  const good = rows.filter(row => row.look.phase === 'found' && !isBad(row)).length;
  if (bad + good === 0) return '';
  const left = requests.length - bad - good;
  return [
    `Checked: ${formatCount(good)} can be copied`,
    ...(bad > 0 ? [`${formatCount(bad)} cannot`] : []),
    ...(left > 0 ? [`${formatCount(left)} not checked`] : []),
  ].join(', ');
}
