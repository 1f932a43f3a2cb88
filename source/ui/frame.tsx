// The bands of every screen: what it is on top, the body, the keys at the bottom. Never larger than the terminal.

import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {cellWidth} from '../format/fit.ts';
import {short} from './cells.ts';
import {Footer} from './footer.tsx';
import {HelpOverlay} from './help-overlay.tsx';
import type {Binding} from './keys.ts';
import {roleProps} from './theme.ts';
import {TooSmall} from './too-small.tsx';

const smallest = {columns: 60, rows: 20};

export type Bands = {
  readonly tooSmall: boolean;
  /** Blank columns at the left and the right. */
  readonly margin: number;
  readonly body: {readonly columns: number; readonly rows: number};
};

/** Where everything goes in a terminal of this size. */
export function bandsOf(columns: number, rows: number): Bands {
  const margin = columns >= 80 ? 2 : 1;
  // Header, blank line, footer; from 24 rows on a blank line above the footer too.
  const bands = rows >= 24 ? 4 : 3;
  return {
    tooSmall: columns < smallest.columns || rows < smallest.rows,
    margin,
    body: {columns: Math.max(1, columns - 2 * margin), rows: Math.max(1, rows - bands)},
  };
}

type Props = {
  readonly columns: number;
  readonly rows: number;
  /** What this screen is, behind the program's name. */
  readonly title: string;
  /** Shown dim at the right of the header where there is room. */
  readonly right?: string;
  readonly bindings: readonly Binding[];
  readonly helpKey?: string;
  /** Shows all keys instead of the body. */
  readonly help?: boolean;
  /** Draw into `bandsOf(columns, rows).body`. */
  readonly children: ReactNode;
};

export function Frame({columns, rows, title, right = '', bindings, helpKey, help = false, children}: Props) {
  const bands = bandsOf(columns, rows);
  if (bands.tooSmall) {
    const need = {needColumns: smallest.columns, needRows: smallest.rows};
    return <TooSmall columns={columns} rows={rows} {...need} line="mailferry: nothing is lost" />;
  }
  const inner = bands.body.columns;
  const name = 'mailferry';
  const shortTitle = short(title, inner - name.length - 3);
  const left = inner - name.length - 3 - cellWidth(shortTitle) - 3;
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={bands.margin} overflow="hidden">
      <Box height={1} width={inner} flexShrink={0} justifyContent="space-between">
        <Text wrap="truncate">
          <Text bold {...roleProps.accent}>
            {name}
          </Text>
          {'   '}
          <Text bold>{shortTitle}</Text>
        </Text>
        {left >= 8 && <Text {...roleProps.dim}>{short(right, left, 'middle')}</Text>}
      </Box>
      <Box
        marginTop={1}
        width={inner}
        height={bands.body.rows}
        flexShrink={0}
        flexDirection="column"
        overflow="hidden"
      >
        {help ? <HelpOverlay bindings={bindings} columns={inner} rows={bands.body.rows} /> : children}
      </Box>
      <Box flexGrow={1} />
      <Footer
        bindings={help ? closeHelp : bindings}
        columns={inner}
        {...(help ? {helpKey: ''} : {})}
        {...(helpKey !== undefined && !help ? {helpKey} : {})}
      />
    </Box>
  );
}

const closeHelp: readonly Binding[] = [{action: 'close', keys: ['esc'], label: 'close', footer: 1}];
