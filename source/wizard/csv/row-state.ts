// One line of a CSV while it is edited: its cells, where the cursor is, and what there is to say about each. Pure.
import {checkField} from '../../request/check-field.ts';
import {answerOf, rowAnswers} from '../../request/csv/answers.ts';
import {columnOrder} from '../../request/csv/columns.ts';
import type {Edit} from '../../request/csv/edit.ts';
import type {CsvGiven, CsvProblem} from '../../request/csv/problem.ts';
import {hiddenCells} from '../../request/csv/shape.ts';
import {isAligned, placesOf, type Sheet} from '../../request/csv/sheet.ts';
import {defaultFor} from '../../request/endpoint.ts';
import type {FieldRules} from '../../request/field-rules.ts';
import {type Answers, type FieldKey, fieldOf} from '../../request/fields.ts';
import type {Finding} from '../../request/finding.ts';
import {editLine, insertText, type Line} from '../../ui/text-field-state.ts';

export type RowCell = {
  /** The name of its column; '' where it is not clear which that is. */
  readonly label: string;
  /** Absent where it is not clear whose cell it is. */
  readonly key?: FieldKey;
  readonly text: string;
  /** As the row had it. */
  readonly was: string;
  /** It is, or may be, a secret. */
  readonly hidden: boolean;
  /** The file has no such column yet. */
  readonly isNew: boolean;
};

export type RowState = {
  readonly line: number;
  /**
   * 'row': the fields of a row. 'cells': its bare cells, since there are too many or too few of them, or their quotes
   * are wrong. 'header': what every row that leaves a field empty is given.
   */
  readonly kind: 'row' | 'cells' | 'header';
  readonly cells: readonly RowCell[];
  readonly index: number;
  readonly cursor: number;
  /** What a header's answers are judged beside: those of the first row. */
  readonly beside: Answers;
};

export type RowAction =
  | {readonly type: 'insert'; readonly text: string}
  | {readonly type: 'edit'; readonly key: string}
  | {readonly type: 'move'; readonly by: 1 | -1}
  | {readonly type: 'fix'; readonly answers: Answers}
  | {readonly type: 'add-cell'}
  | {readonly type: 'drop-cell'};

function fieldCell(key: FieldKey, text: string, isNew: boolean): RowCell {
  const {label, kind} = fieldOf(key);
  return {label, key, text, was: text, hidden: kind === 'secret', isNew};
}

function fieldCells(sheet: Sheet, textAt: (place: number) => string): readonly RowCell[] {
  const places = placesOf(sheet);
  const known = [...places].sort((left, right) => left[1] - right[1]);
  return [
    ...known.map(([key, place]) => fieldCell(key, textAt(place), false)),
    ...columnOrder.filter(key => !places.has(key)).map(key => fieldCell(key, '', true)),
  ];
}

function bareCells(sheet: Sheet, row: Sheet['rows'][number]): readonly RowCell[] {
  const hidden = hiddenCells(row, sheet);
  const cells = [...row.cells, ...Array.from({length: row.cut ?? 0}, () => '')];
  return cells.map((text, index) => ({...bareCell(text), hidden: hidden.has(index)}));
}

function bareCell(text: string): RowCell {
  return {label: '', text, was: text, hidden: false, isNew: false};
}

/** What stands before a cell; a bare one is named after the column that it would fall into. */
export function labelOf({kind, cells}: RowState, index: number, sheet: Sheet): string {
  const label = cells[index]?.label ?? '';
  if (kind !== 'cells') return label;
  const column = sheet.columns[index]?.name;
  return column === undefined ? `${index + 1} (no column)` : `${index + 1} ${column}`;
}

/** @param problems of the line: the cursor starts at the first of them */
export function openRow(sheet: Sheet, line: number, problems: readonly CsvProblem[]): RowState | undefined {
  const at = (state: Omit<RowState, 'index' | 'cursor'>): RowState => {
    const field = problems.find(problem => problem.severity === 'error')?.field;
    const found = state.cells.findIndex(({key}) => key !== undefined && key === field);
    return focused({...state, index: 0, cursor: 0}, Math.max(0, found));
  };
  const beside = (cells: readonly RowCell[]) => answersOf(cells);
  if (line === sheet.headerLine) {
    const first = sheet.rows.find(row => isAligned(row, sheet));
    const theirs = fieldCells(sheet, place => first?.cells[place] ?? '');
    return at({line, kind: 'header', cells: fieldCells(sheet, () => ''), beside: beside(theirs)});
  }
  const row = sheet.rows.find(each => each.line === line);
  if (row === undefined) return undefined;
  if (!isAligned(row, sheet) || problems.some(isMoved)) {
    const cells = bareCells(sheet, row);
    return at({line, kind: 'cells', cells, beside: {}});
  }
  return at({line, kind: 'row', cells: fieldCells(sheet, place => row.cells[place] ?? ''), beside: {}});
}

/** Said of the whole row: its cells do not stand in their columns. */
function isMoved({severity, column, field}: CsvProblem): boolean {
  return severity === 'error' && column === undefined && field === undefined;
}

function focused(state: RowState, index: number): RowState {
  return {...state, index, cursor: (state.cells[index]?.text ?? '').length};
}

function answersOf(cells: readonly RowCell[]): Answers {
  const answers: Partial<Record<FieldKey, string>> = {};
  for (const {key, text} of cells) {
    const answer = key === undefined ? undefined : answerOf(text, key);
    if (key !== undefined && answer !== undefined) answers[key] = answer;
  }
  return answers;
}

/** What the row says, with what counts for all rows. */
function answersNow(state: RowState, given: CsvGiven): Answers {
  return rowAnswers({...state.beside, ...answersOf(state.cells)}, given);
}

/** What stands against a cell as it is; of a header only against what is typed. */
export function findingOf(
  cell: RowCell,
  state: RowState,
  rules: FieldRules,
  given: CsvGiven,
): Finding | undefined {
  if (cell.key === undefined || (state.kind === 'header' && cell.text === '')) return undefined;
  return checkField(cell.key, answersNow(state, given), rules);
}

export function lineOfCell(state: RowState): Line {
  const text = state.cells[state.index]?.text ?? '';
  return {text, cursor: Math.min(state.cursor, text.length)};
}

/** What is filled in where nothing is given; '' where nothing is. */
export function filledIn({key}: RowCell, state: RowState, given: CsvGiven): string {
  if (key === undefined || fieldOf(key).kind === 'secret' || state.kind === 'header') return '';
  return given.fill?.[key] ?? defaultFor(key, answersNow(state, given));
}

function withText(state: RowState, {text, cursor}: Line): RowState {
  const cells = state.cells.with(state.index, {...(state.cells[state.index] as RowCell), text});
  return {...state, cells, cursor};
}

export function rowReducer(state: RowState, action: RowAction): RowState {
  if (state.cells[state.index] === undefined && action.type !== 'add-cell') return state;
  switch (action.type) {
    case 'insert':
      return withText(state, insertText(lineOfCell(state), action.text));
    case 'edit': {
      const line = editLine(lineOfCell(state), action.key);
      return line === undefined ? state : withText(state, line);
    }
    case 'move':
      return focused(state, Math.max(0, Math.min(state.index + action.by, state.cells.length - 1)));
    case 'fix': {
      const cells = state.cells.map(cell => {
        const text = cell.key === undefined ? undefined : action.answers[cell.key];
        return text === undefined ? cell : {...cell, text};
      });
      return focused({...state, cells}, state.index);
    }
    case 'add-cell':
      if (state.kind !== 'cells') return state;
      return focused({...state, cells: state.cells.toSpliced(state.index, 0, bareCell(''))}, state.index);
    case 'drop-cell': {
      if (state.kind !== 'cells') return state;
      const cells = state.cells.toSpliced(state.index, 1);
      return focused({...state, cells}, Math.max(0, Math.min(state.index, cells.length - 1)));
    }
  }
}

/** What the person has changed; nothing where they have not. */
export function editsOf(state: RowState): readonly Edit[] {
  const {line, kind, cells} = state;
  if (kind === 'cells') return [{kind: 'cells', line, cells: cells.map(cell => cell.text)}];
  const answers = Object.fromEntries(
    cells.flatMap(({key, text, was}) => (key === undefined || text === was ? [] : [[key, text]])),
  ) as Answers;
  if (Object.keys(answers).length === 0) return [];
  return kind === 'header' ? [{kind: 'fill', answers}] : [{kind: 'answers', line, answers}];
}
