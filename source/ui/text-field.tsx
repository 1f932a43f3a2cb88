// Draws a line being typed, scrolled so that the cursor is in sight.

import {Text} from 'ink';
import {cellWidth} from '../format/fit.ts';
import {short} from './cells.ts';
import type {Line} from './text-field-state.ts';
import {roleProps, symbols} from './theme.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The first part of the text that takes at most `cells` cells. */
function firstCells(text: string, cells: number): string {
  let taken = '';
  for (const {segment} of graphemes.segment(text)) {
    if (cellWidth(taken + segment) > cells) break;
    taken += segment;
  }
  return taken;
}

/** The last part of the text that takes at most `cells` cells. */
function lastCells(text: string, cells: number): string {
  let taken = '';
  for (const {segment} of [...graphemes.segment(text)].reverse()) {
    if (cellWidth(segment + taken) > cells) break;
    taken = segment + taken;
  }
  return taken;
}

export type Pieces = {readonly before: string; readonly at: string; readonly after: string};

/** The part of the line that fits into `columns` cells: before the cursor, the letter under it, behind it. */
export function piecesOf({text, cursor}: Line, columns: number): Pieces {
  const rest = text.slice(cursor);
  const [letter] = graphemes.segment(rest);
  const at = letter?.segment ?? ' ';
  const room = Math.max(0, columns - cellWidth(at));
  const head = text.slice(0, cursor);
  const behind = letter ? rest.slice(at.length) : '';
  if (cellWidth(head) + cellWidth(behind) <= room) return {before: head, at, after: behind};
  // Keep some of what follows in sight, so that one sees where the cursor goes.
  const follow = Math.min(cellWidth(behind), Math.floor(room / 4));
  const mark = cellWidth(symbols.ellipsis);
  const space = room - follow;
  const before =
    cellWidth(head) <= space ? head : symbols.ellipsis + lastCells(head, Math.max(0, space - mark));
  return {before, at, after: firstCells(behind, room - cellWidth(before))};
}

type Props = {
  readonly line: Line;
  readonly columns: number;
  readonly focused: boolean;
  /** Shown dim where nothing is typed: the default that then applies. */
  readonly placeholder?: string;
  /** The whole text is selected: the next letter replaces it. */
  readonly selected?: boolean;
  /** What stands for the text on the screen; of the same length as the text. */
  readonly mask?: (text: string) => string;
};

/** A profile or a file name may hold what turns or moves the text; each such sign is shown, not obeyed. */
const unseen = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

export function TextField({line, columns, focused, placeholder = '', selected = false, mask}: Props) {
  const shown = (mask ? mask(line.text) : line.text).replace(unseen, '?');
  if (!focused) {
    if (shown === '') return <Text {...roleProps.dim}>{short(placeholder, columns)}</Text>;
    return <Text>{short(shown, columns, mask ? 'end' : 'middle')}</Text>;
  }
  if (shown === '') {
    const [first = ' '] = placeholder;
    return (
      <Text wrap="truncate">
        <Text inverse>{first}</Text>
        <Text {...roleProps.dim}>{short(placeholder.slice(first.length), columns - 1)}</Text>
      </Text>
    );
  }
  if (selected) return <Text inverse>{short(shown, columns, 'middle')}</Text>;
  const pieces = piecesOf({text: shown, cursor: Math.min(line.cursor, shown.length)}, columns);
  return (
    <Text wrap="truncate">
      {pieces.before}
      <Text inverse>{pieces.at}</Text>
      {pieces.after}
    </Text>
  );
}
