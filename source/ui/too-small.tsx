// What is shown where a screen does not fit: the size it needs and the one line that matters most.
import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {clipLine, span} from './cells.ts';
import {CellsLine} from './cells-line.tsx';

type Props = {
  readonly columns: number;
  readonly rows: number;
  readonly needColumns: number;
  readonly needRows: number;
  /** The state of the work in a few words, most important first. */
  readonly line?: string;
};

/** Never larger than `columns` x `rows`. */
export function TooSmall({columns, rows, needColumns, needRows, line}: Props): ReactElement {
  const lines = [
    ...(line === undefined ? [] : [span(line)]),
    span('The window is too small:', 'warn'),
    span(`needs ${needColumns}x${needRows}, has ${columns}x${rows}`, 'dim'),
  ].slice(0, Math.max(0, rows));
  if (lines.length === 0 || columns < 1) return <Text />;
  return (
    <Box flexDirection="column" width={columns} height={lines.length}>
      {lines.map(piece => (
        <CellsLine key={piece.text} line={clipLine([piece], columns)} />
      ))}
    </Box>
  );
}
