// The grid: one row a mailbox, one cell a folder, the totals on top.
import {Box} from 'ink';
import {memo, type ReactElement, useState} from 'react';
import type {RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {type Line, span} from '../ui/cells.ts';
import {CellsLine} from '../ui/cells-line.tsx';
import {Spinner} from '../ui/spinner.tsx';
import type {UsersContent} from './content.ts';
import type {FolderColumn} from './folder-columns.ts';
import {ratesLine, titleLine, totalsLine} from './header-lines.ts';
import type {Grid, Layout} from './layout.ts';
import {ListPane} from './list-pane.tsx';
import {hasEnded} from './progress.ts';
import {selectedIndex} from './state.ts';
import {userHead, userLabels, userLine} from './user-line.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly content: UsersContent;
  readonly layout: Extract<Layout, {fits: true}>;
  readonly columns: readonly FolderColumn[];
  readonly notice: Line;
  readonly now: number;
};

export function UsersScreen({snapshot, content, layout, columns, notice, now}: Props): ReactElement {
  const {bands, grid, inner} = layout;
  const labels = useLabels(snapshot);
  const index = selectedIndex(content.list, content.keys);
  const row = (at: number) => {
    const request = content.requests[at];
    if (request === undefined) return <CellsLine key={at} line={[]} />;
    return (
      <UserRow
        key={request.request}
        request={request}
        label={labels[request.request] ?? request.source}
        selected={at === index}
        // Only a countdown needs the time: without it a quiet row is not drawn again.
        now={request.waits.length > 0 ? now : 0}
        paused={snapshot.paused}
        dryRun={snapshot.dryRun}
        grid={grid}
        columns={columns}
      />
    );
  };
  return (
    <>
      {bands.title === 1 && <CellsLine line={titleLine(snapshot, now, inner)} />}
      {bands.gapAbove === 1 && <CellsLine line={[]} />}
      <Totals snapshot={snapshot} width={inner} />
      {bands.rates === 1 && <CellsLine line={ratesLine(snapshot, now, inner)} />}
      {bands.notice === 1 && <CellsLine line={notice} />}
      {bands.gapBelow === 1 && <CellsLine line={[]} />}
      <ListPane
        bands={bands}
        height={bands.list}
        width={inner}
        head={userHead(grid, columns)}
        offset={content.list.offset}
        index={index}
        total={content.requests.length}
        row={row}
        empty={[
          [
            span(
              snapshot.requests.length === 0
                ? '  The run is starting…'
                : '  No mailbox matches. Esc shows all.',
              'dim',
            ),
          ],
        ]}
      />
    </>
  );
}

/** A spinner stands in for the bar only while there is nothing to measure. */
function Totals({snapshot, width}: {readonly snapshot: Snapshot; readonly width: number}): ReactElement {
  if (snapshot.counted || snapshot.totals.selected > 0 || hasEnded(snapshot)) {
    return <CellsLine line={totalsLine(snapshot, width)} />;
  }
  return (
    <Box height={1} flexShrink={0}>
      <Spinner />
      <CellsLine line={[span(' signing in and listing folders', 'dim')]} />
    </Box>
  );
}

type RowProps = {
  readonly request: RequestSnapshot;
  readonly label: string;
  readonly selected: boolean;
  readonly now: number;
  readonly paused: boolean;
  readonly dryRun: boolean;
  readonly grid: Grid;
  readonly columns: readonly FolderColumn[];
};

const UserRow = memo(function UserRow({
  request,
  label,
  selected,
  now,
  paused,
  dryRun,
  grid,
  columns,
}: RowProps) {
  const line = userLine({request, label, selected, mood: {now, paused, dryRun}}, grid, columns);
  return <CellsLine line={line} selected={selected} />;
});

/** Names do not change during a run, so they are made once. */
function useLabels({run, requests}: Snapshot): readonly string[] {
  const [known, setKnown] = useState({run: '', labels: [] as readonly string[]});
  if (known.run === run && known.labels.length === requests.length) return known.labels;
  const labels = userLabels(requests);
  setKnown({run, labels});
  return labels;
}
