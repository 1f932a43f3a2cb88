// A list with its head above and 'n more' below: draws the visible window and nothing else.
import {Box} from 'ink';
import type {ReactElement} from 'react';
import {formatCount} from '../format/count.ts';
import {type VisibleWindow, visibleWindow} from '../progress/select.ts';
import {blank, type Line, span, spread} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {symbols} from '../ui/theme.ts';
import type {Bands} from './layout.ts';

type Props = {
  readonly bands: Bands;
  readonly height: number;
  readonly width: number;
  readonly head: Line;
  readonly offset: number;
  readonly index: number;
  readonly total: number;
  readonly row: (index: number) => ReactElement;
  /** Instead of rows, where there are none. */
  readonly empty: readonly Line[];
};

export function ListPane({
  bands,
  height,
  width,
  head,
  offset,
  index,
  total,
  row,
  empty,
}: Props): ReactElement {
  const window = visibleWindow(total, height, index, offset);
  const rows = Array.from({length: window.end - window.start}, (_, at) => row(window.start + at));
  return (
    <Box flexDirection="column" flexShrink={0}>
      {bands.head === 1 && <CellsLine line={total === 0 ? [] : head} />}
      {total === 0 ? (
        <CellsBlock lines={empty} height={height} />
      ) : (
        <Box flexDirection="column" height={height} flexShrink={0}>
          {rows}
        </Box>
      )}
      {bands.more === 1 && <CellsLine line={moreLine(window, width)} />}
    </Box>
  );
}

/** '↑ 4 more                                   28 more ↓' */
function moreLine({above, below}: VisibleWindow, width: number): Line {
  return spread(
    above > 0 ? [blank(2), span(`${symbols.up} ${formatCount(above)} more`, 'dim')] : [],
    below > 0 ? [span(`${formatCount(below)} more ${symbols.down}`, 'dim')] : [],
    width,
  );
}
