// What the check says, as lines: who was signed in, what would be copied, what stands in the way. Pure.

import {askedOf, isDated, sizeWords, type Total, withinDates} from '../check/asked.ts';
import type {PlannedFolder} from '../engine/events.ts';
import type {InspectedEnd, InspectedFolder, Inspection} from '../engine/look/inspection.ts';
import {detailWords} from '../engine/problems/detail.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatForecast} from '../format/duration.ts';
import {forecastOf} from '../request/forecast.ts';
import type {Request} from '../request/schema.ts';
import {
  clipLine,
  exact,
  foreign,
  type Line,
  type Span,
  short,
  span,
  wrapLink,
  wrapText,
} from '../ui/cells.ts';
import {type Role, symbols} from '../ui/theme.ts';
import {isAccused} from './folder-choice.ts';

const labelWidth = 13;

function factsOf(end: InspectedEnd, isSource: boolean): string {
  const facts = isSource
    ? [
        countOf(end.folders, 'folder'),
        countOf(end.messages, 'message'),
        end.bytes === undefined ? '' : formatBytes(end.bytes),
      ]
    : [
        end.folders === 0 ? '' : countOf(end.folders, 'folder'),
        end.freeBytes === undefined ? '' : `${formatBytes(end.freeBytes)} free`,
        end.largestMessage === undefined ? '' : `messages up to ${formatBytes(end.largestMessage)}`,
      ];
  return facts.filter(fact => fact !== '').join(', ');
}

/** One end: a tick and what was found, or a cross. Two lines where it is narrow. */
function endLines(label: string, end: InspectedEnd | undefined, columns: number): Line[] {
  const name = span(exact(label, labelWidth), 'dim');
  if (end === undefined) return [[name, span(`${symbols.cross} not signed in`, 'fail')]];
  const room = columns - labelWidth - 2;
  const who = foreign(`${end.login} at ${end.server}`);
  const facts = foreign(factsOf(end, label === 'Source'));
  const tick = span(`${symbols.tick} `, 'ok');
  if (facts === '' || who.length + facts.length + 2 <= room)
    return [[name, tick, span(short([who, facts].filter(text => text !== '').join(', '), room, 'middle'))]];
  return [
    [name, tick, span(short(who, room, 'middle'))],
    [span(' '.repeat(labelWidth + 2)), span(short(facts, room), 'dim')],
  ];
}

/** Both ends. */
export function verdictLines(inspection: Inspection, columns: number): Line[] {
  const {source, destination} = inspection;
  const accused = (['source', 'destination'] as const).filter(end => isAccused(end, inspection));
  return (
    [
      ['Source', 'source', source],
      ['Destination', 'destination', destination],
    ] as const
  ).flatMap(([label, name, end]) => {
    // Where the other end alone is to blame, this one was signed in to and then left.
    const innocent = end === undefined && accused.length > 0 && !accused.includes(name);
    return innocent
      ? [[span(exact(label, labelWidth), 'dim'), span(`${symbols.circle} not looked into`, 'dim')]]
      : endLines(label, end, columns);
  });
}

export type FolderColumns = {
  readonly name: number;
  readonly messages: number;
  /** 0 where there is no room for it. */
  readonly size: number;
  readonly fate: number;
};

/** Pointer, box and the blanks behind them. */
const boxWidth = 6;

/** How wide each part of a folder's line is; names get what they need, up to two fifths. */
export function folderColumns(folders: readonly PlannedFolder[], columns: number): FolderColumns {
  const size = columns >= 70 && folders.some(folder => folder.bytes !== undefined) ? 9 : 0;
  const messages = 8;
  const room = columns - boxWidth - messages - size - 2;
  const widest = Math.max(8, ...folders.map(folder => foreign(folder.source).length));
  const name = Math.min(widest, Math.max(12, Math.floor(room * 0.5)));
  return {name, messages, size, fate: Math.max(0, room - name)};
}

/** Where the folder goes, or why it stays. */
export function fateOf(folder: PlannedFolder, ticked: boolean): Span {
  if (ticked) return span(`${symbols.arrow} ${foreign(folder.destination)}`);
  return span(foreign(folder.reason ?? 'left out by you'), 'dim');
}

export function folderLine(
  folder: InspectedFolder,
  ticked: boolean,
  selected: boolean,
  columns: FolderColumns,
  request: Pick<Request, 'since' | 'before'>,
): Line {
  const role: Role = ticked ? 'plain' : 'dim';
  const counted = ticked ? askedOf(folder, request) : folder;
  const messages = counted === undefined ? '' : formatCount(counted.messages);
  const size = counted?.bytes === undefined ? '' : formatBytes(counted.bytes);
  const fate = fateOf(folder, ticked);
  return [
    span(selected ? `${symbols.pointer} ` : '  ', 'accent'),
    span(ticked ? '[x] ' : '[ ] ', ticked ? 'ok' : 'dim'),
    span(exact(foreign(folder.source), columns.name, {ellipsis: 'middle'}), role),
    span(exact(messages, columns.messages, {align: 'right'}), role),
    ...(columns.size > 0 ? [span(exact(size, columns.size, {align: 'right'}), role)] : []),
    span('  '),
    {...fate, text: short(fate.text, columns.fate, ticked ? 'middle' : 'end')},
  ];
}

/** At most `most` lines; where some are left out the last one says so. */
export function firstLines(lines: readonly Line[], most: number, columns: number): Line[] {
  const kept = lines.slice(0, most);
  const last = kept.pop();
  if (last === undefined || lines.length <= most) return [...lines.slice(0, most)];
  return [...kept, [...clipLine(last, columns - 2), span(` ${symbols.ellipsis}`, 'dim')]];
}

/** A problem: what is wrong, then what to do, then the server's own words. */
export function problemLines(problem: Problem, columns: number, most: number): Line[] {
  const stops = problem.verdict === 'stop';
  const role: Role = stops ? 'fail' : 'warn';
  const mark = stops ? symbols.cross : symbols.warning;
  const sentence = wrapText(foreign(problem.sentence), columns - 2, 3);
  const rest = [
    ...(problem.nextStep === undefined ? [] : wrapText(foreign(problem.nextStep), columns - 2, most)),
    ...(problem.link === undefined ? [] : wrapLink(problem.link, columns - 2)),
    ...(problem.detail === undefined ? [] : wrapText(foreign(detailWords(problem) ?? ''), columns - 2, 2)),
  ];
  const lines: Line[] = [
    ...sentence.map((text, index): Line => [span(index === 0 ? `${mark} ` : '  ', role), span(text, role)]),
    ...rest.map((text): Line => [span('  '), span(text, 'dim')]),
  ];
  return firstLines(lines, most, columns);
}

/** The worst first. */
export function sortedProblems(problems: readonly Problem[]): readonly Problem[] {
  const rank = (problem: Problem) => (problem.verdict === 'stop' ? 0 : 1);
  return [...problems].sort((left, right) => rank(left) - rank(right));
}

/** What is chosen, and whether it goes in. */
export function totalsLines(total: Total, inspection: Inspection, request: Request, columns: number): Line[] {
  const free = inspection.destination?.freeBytes;
  const over = free !== undefined && total.bytes > free;
  const dates = isDated(request) ? ` ${withinDates}` : '';
  const chosen = `${countOf(total.messages, 'message')}${dates} in ${countOf(total.folders, 'folder')}${sizeWords(total)}`;
  const lines: Line[] = [[span('To copy  ', 'dim'), {text: short(chosen, columns - 9), bold: true}]];
  if (total.uncounted !== undefined) {
    const some = `${countOf(total.uncounted, 'folder is', 'folders are')} not counted by date: r looks again`;
    lines.push([span(short(`${symbols.warning} ${some}`, columns), 'warn')]);
  } else if (total.folders > 0) {
    const {low, high} = forecastOf(request, total);
    lines.push([span('Time     ', 'dim'), span(short(formatForecast(low, high), columns - 9))]);
  }
  if (over && free !== undefined)
    lines.push([
      span(short(`${symbols.warning} The destination has only ${formatBytes(free)} free.`, columns), 'warn'),
    ]);
  return lines;
}
