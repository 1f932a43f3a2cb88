// The lines of the file with their problems, before anything runs.
import {useMemo, useState} from 'react';
import {visibleWindow} from '../progress/select.ts';
import type {CsvReading} from '../request/csv-problem.ts';
import {type Line, span, wrapText} from '../ui/cells.ts';
import {CellsBlock} from '../ui/cells-line.tsx';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {movedIndex} from '../ui/virtual-list.ts';
import {rowsBindings} from './csv-keys.ts';
import {
  type CsvView,
  csvColumns,
  csvHeading,
  csvLine,
  csvLines,
  csvObstacle,
  csvProblemLines,
  csvSummary,
  shownLines,
} from './csv-view.ts';

type Props = {
  readonly reading: CsvReading;
  readonly columns: number;
  readonly rows: number;
  readonly onNext: () => void;
  readonly onBack: () => void;
  readonly onAgain: () => void;
};

const problemRows = 5;

export function CsvRows({reading, columns, rows, onNext, onBack, onAgain}: Props) {
  const [view, setView] = useState<Pick<CsvView, 'index' | 'onlyBad'>>({index: 0, onlyBad: false});
  const [refusal, setRefusal] = useState('');
  const {body} = bandsOf(columns, rows);
  const all = useMemo(() => csvLines(reading), [reading]);
  const lines = useMemo(() => shownLines(all, view.onlyBad), [all, view.onlyBad]);
  const index = Math.max(0, Math.min(view.index, lines.length - 1));
  const bindings = rowsBindings(view.onlyBad);
  const height = Math.max(1, body.rows - problemRows - 5);
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      setRefusal('');
      switch (action) {
        case 'next': {
          const why = csvObstacle(all);
          return why === undefined ? onNext() : setRefusal(why);
        }
        case 'back':
          return onBack();
        case 'again':
          return onAgain();
        case 'only-bad':
          return setView({index: 0, onlyBad: !view.onlyBad});
        default:
          return setView({...view, index: movedIndex(action, index, height, lines.length)});
      }
    },
  });
  return (
    <Frame columns={columns} rows={rows} title={reading.fileName} bindings={bindings} help={help}>
      <CellsBlock
        height={body.rows}
        lines={rowsScreen({reading, lines: all, ...view, index}, refusal, body.columns, body.rows)}
      />
    </Frame>
  );
}

/** The whole body; at most `rows` lines. */
export function rowsScreen(view: CsvView, refusal: string, columns: number, rows: number): Line[] {
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
  const empty: Line = [span('  No line has an error.', 'ok')];
  // What the list leaves free is for the problems.
  const listRows = Math.min(height, Math.max(1, lines.length));
  const told =
    refusal === ''
      ? csvProblemLines(lines[view.index], columns, rows - listRows - 5)
      : wrapText(refusal, columns, 2).map((text): Line => [{...span(text, 'fail'), bold: true}]);
  const table = [csvSummary(view), [], csvHeading(widths), ...(list.length === 0 ? [empty] : list), more];
  const filled = Array.from({length: Math.max(0, listRows + 4 - table.length)}, (): Line => []);
  return [...table, ...filled, [], ...told].slice(0, rows);
}
