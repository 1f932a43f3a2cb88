// One cell of the grid: it fills as the folder's messages arrive. Every state can be told without colour.

import {settled} from '../progress/draft.ts';
import type {FolderSnapshot} from '../progress/snapshot.ts';
import {eighths, share} from '../ui/bar.ts';
import {column, type Span, span} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {folderHasFailures} from './words.ts';

/** How far the folders of a cell are, together. */
export function foldersFraction(folders: readonly FolderSnapshot[]): number {
  let done = 0;
  let selected = 0;
  for (const folder of folders) {
    done += settled(folder.counts);
    selected += folder.counts.selected;
  }
  return selected === 0 && folders.length > 0 && folders.every(folder => folder.state === 'done')
    ? 1
    : share(done, selected);
}

/** Exactly `width` cells. `known`: whether the mailbox has been listed at all. */
export function folderCell(folders: readonly FolderSnapshot[], known: boolean, width: number): Span {
  if (!known) return column('', width);
  if (folders.length === 0) return column(symbols.dash, width, 'dim');
  const failing = folders.some(folderHasFailures);
  const fraction = foldersFraction(folders);
  if (folders.some(folder => folder.state === 'failed')) {
    return span(symbols.cross + eighths(fraction, width - 1), 'fail');
  }
  if (folders.every(folder => folder.state === 'waiting')) return column(symbols.dot, width, 'dim');
  if (fraction === 0) {
    const listing = folders.some(folder => folder.state === 'listing');
    return column(listing ? symbols.ellipsis : symbols.dot, width, 'dim');
  }
  if (failing) return span(eighths(fraction, width - 1) + symbols.warning, 'warn');
  if (folders.some(folder => folder.state === 'stopped')) return span(eighths(fraction, width), 'warn');
  return span(eighths(fraction, width), folders.every(folder => folder.state === 'done') ? 'ok' : 'accent');
}

/** '3/14': folders that have ended, of all that have no column of their own. */
export function othersCell(folders: readonly FolderSnapshot[], known: boolean, width: number): Span {
  if (!known) return column('', width);
  if (folders.length === 0) return column(symbols.dash, width, 'dim', {align: 'right'});
  const done = folders.filter(folder => folder.state === 'done' || folder.state === 'failed').length;
  const failing = folders.some(folderHasFailures);
  const text = `${failing ? symbols.warning : ''}${done}/${folders.length}`;
  return column(text, width, failing ? 'warn' : done === folders.length ? 'ok' : 'plain', {align: 'right'});
}
