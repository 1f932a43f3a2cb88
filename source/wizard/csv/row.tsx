// One line of a CSV, its cells one below the other to be changed, each judged as it is typed.
import {Box} from 'ink';
import {visibleWindow} from '../../progress/select.ts';
import type {Edit} from '../../request/csv/edit.ts';
import type {CsvGiven, CsvProblem} from '../../request/csv/problem.ts';
import {isAligned, type Sheet} from '../../request/csv/sheet.ts';
import type {FieldRules} from '../../request/field-rules.ts';
import {fieldOf} from '../../request/fields.ts';
import {exact, foreign, type Line, short, span, wrapText} from '../../ui/cells.ts';
import {CellsBlock, CellsLine} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {SecretField} from '../../ui/secret-field.tsx';
import {TextField} from '../../ui/text-field.tsx';
import {editLine, lineOf} from '../../ui/text-field-state.ts';
import {symbols} from '../../ui/theme.ts';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {useNow} from '../../ui/use-now.ts';
import {findingLines} from '../form.tsx';
import type {Desk} from './desk.ts';
import {rowBindings} from './keys.ts';
import {
  editsOf,
  filledIn,
  findingOf,
  labelOf,
  lineOfCell,
  openRow,
  type RowCell,
  type RowState,
  rowReducer,
} from './row-state.ts';

type Props = {
  readonly desk: Desk;
  readonly line: number;
  /** Of the file. */
  readonly problems: readonly CsvProblem[];
  readonly rules: FieldRules;
  readonly given: CsvGiven;
  readonly columns: number;
  readonly rows: number;
  /** None: the person has changed nothing, or thought better of it. */
  readonly onDone: (edits: readonly Edit[]) => void;
};

const pointerWidth = 2;
const helpRows = 2;
/** At 60 columns the longest reason, with the keys behind it, needs so many lines. */
const mostWhy = 5;

function headingOf({kind, line}: RowState): string {
  if (kind === 'header') return 'One answer for every line that gives none';
  return kind === 'cells' ? `The cells of line ${line}` : `Line ${line}`;
}

export function CsvRow({desk, line, problems: all, ...rest}: Props) {
  const problems = all.filter(problem => problem.line === line);
  const start = desk.sheet && openRow(desk.sheet, line, problems);
  if (desk.sheet === undefined || start === undefined) return null;
  return <RowEditor sheet={desk.sheet} start={start} problems={problems} {...rest} />;
}

type EditorProps = Omit<Props, 'desk' | 'line'> & {readonly sheet: Sheet; readonly start: RowState};

function RowEditor({sheet, start, problems, rules, given, columns, rows, onDone}: EditorProps) {
  const [state, dispatch, now] = useNow(rowReducer, start);
  const findingAt = (at: RowState) => {
    const focused = at.cells[at.index];
    return focused && findingOf(focused, at, rules, given);
  };
  const cell = state.cells[state.index];
  const finding = findingAt(state);
  const bindings = rowBindings({fix: finding?.fix !== undefined, bare: state.kind === 'cells'});
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      switch (action) {
        case 'done':
          return onDone(editsOf(now()));
        case 'cancel':
          return onDone([]);
        case 'fix':
        case 'next': {
          const fix = findingAt(now())?.fix;
          return dispatch(fix ? {type: 'fix', answers: fix.answers} : {type: 'move', by: 1});
        }
        case 'down':
          return dispatch({type: 'move', by: 1});
        case 'up':
          return dispatch({type: 'move', by: -1});
        case 'add-cell':
        case 'drop-cell':
          return dispatch({type: action});
      }
    },
    text: {
      edit: key => {
        const edits = editLine(lineOf(''), key) !== undefined;
        if (edits) dispatch({type: 'edit', key});
        return edits;
      },
      insert: text => dispatch({type: 'insert', text}),
    },
  });
  const {body} = bandsOf(columns, rows);
  const labels = Math.max(12, Math.min(26, Math.floor(body.columns * 0.42)));
  const all = state.cells.flatMap((each, index) =>
    cellRows({cell: each, index, state, sheet, rules, given}, labels, body.columns),
  );
  const why = whyLines(state, sheet, problems, body.columns);
  const room = Math.max(1, body.rows - 3 - why.length - helpRows);
  const first = all.findIndex(row => row.focused);
  const last = all.findLastIndex(row => row.focused);
  // The focused cell with what is said of it stays in sight.
  const shownTo = visibleWindow(all.length, room, last);
  const {start: top, end} = visibleWindow(all.length, room, first, shownTo.start);
  return (
    <Frame
      columns={columns}
      rows={rows}
      title={sheet.fileName}
      bindings={bindings}
      help={help}
      helpKey="ctrl+g"
    >
      <CellsLine line={[{text: headingOf(state), bold: true}]} />
      <CellsBlock lines={why} height={why.length} />
      <CellsLine line={[]} />
      <Box flexDirection="column" height={room} flexShrink={0}>
        {all.slice(top, end).map(row => (
          <Box key={row.key} height={1} flexShrink={0} overflow="hidden">
            {row.node}
          </Box>
        ))}
      </Box>
      <CellsLine line={end < all.length ? [span(`  ${symbols.down} more`, 'dim')] : []} />
      {helpOf(cell, state)
        .flatMap(text => wrapText(text, body.columns - 1, helpRows))
        .map(text => (
          <CellsLine key={text} line={[span(text, 'dim')]} />
        ))}
    </Frame>
  );
}

/** Why the bare cells are shown, until there is the right number of them. */
function whyLines(state: RowState, sheet: Sheet, problems: readonly CsvProblem[], columns: number): Line[] {
  if (state.kind !== 'cells') return [];
  const cells = state.cells.map(({text}) => text);
  const left = cells.length - sheet.columns.length;
  const fits = isAligned({line: 0, lastLine: 0, cells}, sheet);
  const said = problems.find(problem => problem.severity === 'error')?.sentence ?? '';
  const text = fits
    ? `${cells.length} cells, as many as columns. Enter takes them.`
    : `${foreign(said)} ${left > 0 ? `${left} too many` : `${-left} missing`}: ctrl+x takes a cell out, ctrl+n puts an empty one in.`;
  return wrapText(text, columns - 2, mostWhy).map(
    (part, index): Line => [
      span(`${index > 0 ? ' ' : fits ? symbols.tick : symbols.cross} ${part}`, fits ? 'ok' : 'fail'),
    ],
  );
}

function helpOf(cell: RowCell | undefined, {kind}: RowState): string[] {
  if (kind === 'cells') return ['A cell that may hold a password is not shown.'];
  if (cell?.key === undefined) return [];
  const {help, example} = fieldOf(cell.key);
  const column = cell.isNew && kind === 'row' ? ' The file gets a column for it.' : '';
  return [`${help}${example === undefined ? '' : ` Example: ${example}`}${column}`];
}

type CellView = {
  readonly cell: RowCell;
  readonly index: number;
  readonly state: RowState;
  readonly sheet: Sheet;
  readonly rules: FieldRules;
  readonly given: CsvGiven;
};

function cellRows({cell, index, state, sheet, rules, given}: CellView, labels: number, columns: number) {
  const focused = index === state.index;
  const room = Math.max(1, columns - pointerWidth - labels - 1);
  const label = labelOf(state, index, sheet);
  const line = focused ? lineOfCell(state) : lineOf(cell.text);
  const given_ = filledIn(cell, state, given);
  const placeholder = given_ === '' ? '' : `${foreign(given_)}  (filled in)`;
  const finding = findingOf(cell, state, rules, given);
  const said =
    finding === undefined ? [] : findingLines(finding, focused, columns, pointerWidth + labels + 1);
  const field = {line, columns: room, focused, placeholder};
  const node = (
    <>
      <Box width={pointerWidth + labels + 1} flexShrink={0}>
        <CellsLine
          line={[
            span(exact(focused ? symbols.pointer : '', pointerWidth), 'accent'),
            {...span(exact(short(foreign(label), labels), labels), focused ? 'plain' : 'dim'), bold: focused},
          ]}
        />
      </Box>
      <Box width={room} height={1} overflow="hidden">
        {cell.hidden ? <SecretField {...field} /> : <TextField {...field} />}
      </Box>
    </>
  );
  return [
    {key: `${index}`, focused, node},
    ...said.map((each, at) => ({key: `${index} says ${at}`, focused, node: <CellsLine line={each} />})),
  ];
}
