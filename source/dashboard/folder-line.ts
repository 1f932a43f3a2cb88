// The rows further in: a folder of a mailbox, a note, a message that was not carried.

import type {Problem} from '../engine/problems/problems.ts';
import {formatBytes} from '../format/bytes.ts';
import {formatCount} from '../format/count.ts';
import {formatDay} from '../format/date.ts';
import {arrived} from '../progress/draft.ts';
import type {Failure, FolderSnapshot} from '../progress/snapshot.ts';
import {eighths} from '../ui/bar.ts';
import {blank, column, foreign, type Line, span} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {foldersFraction} from './folder-cell.ts';
import {columnGap, gutter} from './layout.ts';
import {percent} from './progress.ts';
import {pointerSpan, wordSpan} from './user-line.ts';
import {briefCount, folderHasFailures, folderWord} from './words.ts';

const gap = blank(columnGap);

/** Widths of the columns of a folder's row; 0 where there is no room for it. */
export type FolderGrid = {
  readonly width: number;
  readonly name: number;
  readonly state: number;
  readonly bar: number;
  readonly percent: number;
  readonly counts: number;
  readonly present: number;
  readonly bytes: number;
};

export function folderGrid(inner: number): FolderGrid {
  const wide = (width: number) => (width > 0 ? columnGap + width : 0);
  const state = inner >= 58 ? 14 : 12;
  const share = inner >= 58 ? 5 : 0;
  const counts = inner >= 118 ? 19 : inner >= 78 ? 15 : inner >= 58 ? 11 : 0;
  const bytes = inner >= 98 ? 8 : 0;
  const present = inner >= 118 ? 15 : 0;
  const bar = inner >= 158 ? 24 : inner >= 118 ? 16 : inner >= 78 ? 10 : 0;
  const rest = [state, share, counts, bytes, present, bar].reduce((sum, width) => sum + wide(width), 0);
  return {width: inner, name: inner - gutter - rest, state, bar, percent: share, counts, present, bytes};
}

export function folderHead(grid: FolderGrid): Line {
  const head = (text: string, width: number, align: 'left' | 'right' = 'left') =>
    width > 0 ? [gap, column(text, width, 'dim', {align})] : [];
  return [
    blank(gutter),
    column('FOLDER', grid.name, 'dim'),
    ...head('STATE', grid.state),
    ...head('', grid.bar),
    ...head('', grid.percent),
    ...head('MESSAGES', grid.counts, 'right'),
    ...head('THERE ALREADY', grid.present, 'right'),
    ...head('SIZE', grid.bytes, 'right'),
  ];
}

/** Exactly `grid.width` cells. */
export function folderLine(folder: FolderSnapshot, selected: boolean, grid: FolderGrid): Line {
  const word = folderWord(folder);
  const start: Line = [
    pointerSpan(selected),
    column(foreign(folder.source), grid.name, folder.selected ? 'plain' : 'dim', {ellipsis: 'middle'}),
    gap,
    wordSpan(word, grid.state),
  ];
  if (!folder.selected) {
    const room = grid.width - gutter - grid.name - columnGap - grid.state - columnGap;
    return room > 0 ? [...start, gap, column(foreign(folder.reason ?? ''), room, 'dim')] : start;
  }
  const cell = (text: string, width: number) =>
    width > 0 ? [gap, column(text, width, 'plain', {align: 'right'})] : [];
  const fraction = foldersFraction([folder]);
  const role = folder.state === 'done' ? (folderHasFailures(folder) ? 'warn' : 'ok') : word.role;
  return [
    ...start,
    ...(grid.bar > 0 ? [gap, span(eighths(fraction, grid.bar), role)] : []),
    ...cell(folder.state === 'waiting' || folder.state === 'listing' ? '' : percent(fraction), grid.percent),
    ...cell(folderCounts(folder, grid.counts), grid.counts),
    ...cell(folder.counts.alreadyPresent > 0 ? formatCount(folder.counts.alreadyPresent) : '', grid.present),
    ...cell(folder.selectedBytes > 0 ? formatBytes(folder.selectedBytes) : '', grid.bytes),
  ];
}

function folderCounts({counts}: FolderSnapshot, width: number): string {
  const done = arrived(counts);
  if (done === counts.selected) return formatCount(done);
  const text = `${formatCount(done)}/${formatCount(counts.selected)}`;
  return text.length <= width ? text : `${briefCount(done)}/${briefCount(counts.selected)}`;
}

/** A note about the mailbox: told, not failed. */
export function noteLine(problem: Problem, selected: boolean, width: number): Line {
  const room = width - gutter - 2;
  return [
    pointerSpan(selected),
    span(`${symbols.warning} `, 'warn'),
    column(foreign(problem.sentence), room),
  ];
}

/** A message that was not carried: by name, with the reason where there is room. Exactly `width` cells. */
export function failureLine({kind, message, problem}: Failure, selected: boolean, width: number): Line {
  const date = width >= 60 ? 10 : 0;
  const size = width >= 76 ? 8 : 0;
  const taken = gutter + 2 + (date > 0 ? date + columnGap : 0) + (size > 0 ? size + columnGap : 0);
  const reason = width >= 76 ? Math.floor((width - taken) * 0.45) : 0;
  const name = width - taken - (reason > 0 ? reason + columnGap : 0);
  const glyph = kind === 'failed' ? span(`${symbols.cross} `, 'fail') : span(`${symbols.dash} `, 'warn');
  return [
    pointerSpan(selected),
    glyph,
    column(messageTitle(message), name),
    ...(reason > 0 ? [gap, column(foreign(problem.sentence), reason, 'dim')] : []),
    ...(date > 0 ? [gap, column(formatDay(message.date), date, 'dim')] : []),
    ...(size > 0
      ? [gap, column(message.size ? formatBytes(message.size) : '', size, 'dim', {align: 'right'})]
      : []),
  ];
}

export function failureHead(width: number): Line {
  const date = width >= 60 ? 10 + columnGap : 0;
  const size = width >= 76 ? 8 + columnGap : 0;
  const reason = width >= 76 ? Math.floor((width - gutter - 2 - date - size) * 0.45) + columnGap : 0;
  const head = (text: string, room: number, align: 'left' | 'right' = 'left') =>
    room > 0 ? [gap, column(text, room - columnGap, 'dim', {align})] : [];
  return [
    blank(gutter + 2),
    column('MESSAGE', width - gutter - 2 - date - size - reason, 'dim'),
    ...head('WHY', reason),
    ...head('DATE', date),
    ...head('SIZE', size, 'right'),
  ];
}

/** What a person would call the message: its subject, else its Message-ID, else its number. */
export function messageTitle({subject, messageId, uid}: Failure['message']): string {
  const title = foreign(subject ?? '').trim() || foreign(messageId ?? '').trim();
  return title === '' ? `message without a subject, UID ${uid}` : title;
}
