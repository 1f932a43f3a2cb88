// The lines of the file with their problems, before anything runs.
import {useMemo, useRef, useState} from 'react';
import {visibleWindow} from '../../progress/select.ts';
import type {Edit} from '../../request/csv/edit.ts';
import type {CsvReading} from '../../request/csv/problem.ts';
import {type Line, span, wrapText} from '../../ui/cells.ts';
import {CellsBlock} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import type {Role} from '../../ui/theme.ts';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {movedIndex} from '../../ui/virtual-list.ts';
import {type Desk, fixOffered, isChanged, sureFixes} from './desk.ts';
import {rowsBindings} from './keys.ts';
import {
  type CsvLine,
  type CsvView,
  csvColumns,
  csvHeading,
  csvLine,
  csvLines,
  csvObstacle,
  csvProblemLines,
  csvSummary,
  hasError,
  shownLines,
  soughtIn,
} from './view.ts';

/** Changes to the file, made here; each can be taken back. */
export type RowsChange =
  | {readonly kind: 'edits'; readonly edits: readonly Edit[]}
  | {readonly kind: 'sure'}
  | {readonly kind: 'undo'};

/** `index`: absent until the person moves. */
export type RowsView = {readonly index?: number; readonly onlyBad: boolean};

type Props = {
  readonly desk: Desk;
  readonly reading: CsvReading;
  /** Kept while a line is edited. */
  readonly view: RowsView;
  /** What has just happened. */
  readonly notice: string;
  readonly columns: number;
  readonly rows: number;
  readonly onView: (view: RowsView) => void;
  readonly onChange: (change: RowsChange) => void;
  readonly onEdit: (line: number) => void;
  readonly onSave: (then: 'rows' | 'next') => void;
  readonly onNext: () => void;
  readonly onBack: () => void;
  readonly onAgain: () => void;
};

const problemRows = 5;
const unsaved = 'Your changes are not saved. ctrl+s saves them; the same key again drops them.';

export function CsvRows({
  desk,
  reading,
  view,
  notice,
  columns,
  rows,
  onView,
  onChange,
  onEdit,
  onSave,
  onNext,
  onBack,
  onAgain,
}: Props) {
  const [refusal, setRefusal] = useState<{text: string; of: 'next' | 'back' | 'again'}>();
  const {body} = bandsOf(columns, rows);
  const all = useMemo(() => csvLines(reading), [reading]);
  const lines = useMemo(() => shownLines(all, view.onlyBad), [all, view.onlyBad]);
  const index = indexOf(view, lines);
  const at = lines[index];
  // A key may come before the move before it has been drawn; it is about the line that was moved to.
  const latest = useRef(view);
  latest.current = view;
  const move = (next: RowsView) => {
    latest.current = next;
    onView(next);
  };
  const isRow = at !== undefined && (desk.sheet?.rows.some(row => row.line === at.line) ?? false);
  const fix = at && fixOffered(at.problems);
  const bindings = rowsBindings({
    onlyBad: view.onlyBad,
    errors: all.some(hasError),
    notable: all.some(line => line.problems.length > 0),
    editable: isRow || (at !== undefined && at.line === desk.sheet?.headerLine),
    removable: isRow,
    fix: fix !== undefined,
    sure: sureFixes(reading) > 0,
    undo: desk.before.length > 0,
    changed: isChanged(desk),
  });
  const height = Math.max(1, body.rows - problemRows - 5);
  const leave = (of: 'back' | 'again', go: () => void) => {
    if (isChanged(desk) && refusal?.of !== of) return setRefusal({text: unsaved, of});
    setRefusal(undefined);
    go();
  };
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      const now = {...latest.current, index: indexOf(latest.current, lines)};
      const line = lines[now.index];
      if (action !== 'back' && action !== 'again') setRefusal(undefined);
      // Where the first error was mended the cursor stays: what came of it is said there.
      if (latest.current.index === undefined) move(now);
      switch (action) {
        case 'next': {
          const why = csvObstacle(all);
          if (why !== undefined) return setRefusal({text: why, of: 'next'});
          return isChanged(desk) ? onSave('next') : onNext();
        }
        case 'edit':
          return line && onEdit(line.line);
        case 'fix':
          return onChange({kind: 'edits', edits: (line && fixOffered(line.problems))?.edits ?? []});
        case 'fix-all':
          return onChange({kind: 'sure'});
        case 'remove':
          return line && onChange({kind: 'edits', edits: [{kind: 'remove-row', line: line.line}]});
        case 'undo':
          return onChange({kind: 'undo'});
        case 'save':
          return onSave('rows');
        case 'back':
          return leave('back', onBack);
        case 'again':
          return leave('again', onAgain);
        case 'next-bad': {
          const sought = soughtIn(all);
          const to = [...lines.keys()].find(other => other > now.index && sought(lines[other]));
          return move({...now, index: to ?? Math.max(0, lines.findIndex(sought))});
        }
        case 'only-bad':
          return move({index: 0, onlyBad: !now.onlyBad});
        default:
          return move({...now, index: movedIndex(action, now.index, height, lines.length)});
      }
    },
  });
  const said =
    refusal === undefined ? {text: notice, role: 'ok' as const} : {text: refusal.text, role: 'fail' as const};
  return (
    <Frame
      columns={columns}
      rows={rows}
      title={reading.fileName}
      right={isChanged(desk) ? 'changed, not saved' : ''}
      bindings={bindings}
      help={help}
    >
      <CellsBlock
        height={body.rows}
        lines={rowsScreen({reading, lines: all, ...view, index}, said, body.columns, body.rows)}
      />
    </Frame>
  );
}

/** Until the person moves: what is wrong first. */
function indexOf({index}: RowsView, lines: readonly CsvLine[]): number {
  const wanted = index ?? Math.max(0, lines.findIndex(hasError));
  return Math.max(0, Math.min(wanted, lines.length - 1));
}

/** The whole body; at most `rows` lines. */
function rowsScreen(
  view: CsvView,
  said: {readonly text: string; readonly role: Role},
  columns: number,
  rows: number,
): Line[] {
  const lines = shownLines(view.lines, view.onlyBad);
  const height = Math.max(1, rows - problemRows - 5);
  const {start, end, above, below} = visibleWindow(
    lines.length,
    height,
    view.index,
    view.index - (height >> 1),
  );
  const widths = csvColumns(columns);
  const list = lines
    .slice(start, end)
    .map((line, offset) => csvLine(line, start + offset === view.index, widths));
  const more = above + below > 0 ? [span(`  ${above} above, ${below} below`, 'dim')] : [];
  const empty: Line = [span('  There is nothing to look at in any line.', 'ok')];
  // What the list leaves free is for the problems.
  const listRows = Math.min(height, Math.max(1, lines.length));
  const told =
    said.role === 'fail'
      ? wrapText(said.text, columns, 3).map((text): Line => [{...span(text, 'fail'), bold: true}])
      : [
          ...wrapText(said.text, columns, 2).map((text): Line => [span(text, said.role)]),
          ...csvProblemLines(lines[view.index], columns, rows - listRows - 5),
        ];
  const table = [csvSummary(view), [], csvHeading(widths), ...(list.length === 0 ? [empty] : list), more];
  const filled = Array.from({length: Math.max(0, listRows + 4 - table.length)}, (): Line => []);
  return [...table, ...filled, [], ...told].slice(0, rows);
}
