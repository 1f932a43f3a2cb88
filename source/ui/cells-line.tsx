// Draws a line of spans as one text node: nested texts cost no layout node and nothing is
// clipped (clipping measures every line again in every frame), which keeps a tall grid cheap.
import {Box, Text} from 'ink';
import {createElement, type ReactElement} from 'react';
import {joinPieces, type Line, type Span} from './cells.ts';
import {roleProps} from './theme.ts';

type Props = {readonly line: Line; readonly selected?: boolean};

/** One line of the screen. An empty one still takes its row. */
export function CellsLine({line, selected = false}: Props): ReactElement {
  // Pieces have no identity but their place, so they are given as children, not as a keyed list.
  const pieces = line.length === 0 ? [' '] : joinPieces(line).map(piece => pieceText(piece, selected));
  return createElement(Text, {wrap: 'truncate'}, ...pieces);
}

function pieceText(piece: Span, selected: boolean): ReactElement | string {
  const bold = selected || piece.bold === true;
  if (piece.role === undefined && !bold) return piece.text;
  const props = {...(piece.role === undefined ? {} : roleProps[piece.role]), ...(bold ? {bold} : {})};
  return createElement(Text, props, piece.text);
}

/** Lines below each other, at most `height` of them, filled up to it. */
export function CellsBlock({
  lines,
  height,
}: {
  readonly lines: readonly Line[];
  readonly height: number;
}): ReactElement {
  const shown = Array.from({length: Math.max(0, height)}, (_, row) => ({row, line: lines[row] ?? []}));
  return (
    <Box flexDirection="column" height={Math.max(0, height)} flexShrink={0}>
      {shown.map(({row, line}) => (
        <CellsLine key={row} line={line} />
      ))}
    </Box>
  );
}
