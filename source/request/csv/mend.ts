// Puts right what can be put right without asking, and says what it did. Pure.
import {cleanText} from '../../format/clean.ts';
import {countOf} from '../../format/count.ts';
import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import {typeCode} from '../types.ts';
import {answerOf, answersIn, isSecretKey} from './answers.ts';
import type {CsvChecker} from './check.ts';
import {readAs} from './columns.ts';
import {applyEdits, type Edit} from './edit.ts';
import {type CsvProblem, type CsvReading, subjectOf} from './problem.ts';
import {firstRaw} from './save.ts';
import {isSound, placesOf, type Sheet} from './sheet.ts';

/** What was done, for a person; never with a secret. `line`: absent where it is about the whole file. */
export type Change = {readonly line?: number; readonly sentence: string};

export type Mended = {
  readonly sheet: Sheet;
  readonly changes: readonly Change[];
  /** Of the mended sheet: what is left to be done by hand. */
  readonly reading: CsvReading;
};

/** A fix may bring another one to light; nothing needs more rounds than this. */
const mostRounds = 8;

function changeOf(problem: CsvProblem): Change {
  const {line, value, fix} = problem;
  const subject = subjectOf(problem);
  const where = subject === '' ? '' : `${subject}: `;
  const what = fix?.label ?? '';
  return {line, sentence: value === undefined ? `${where}${what}` : `${where}"${value}": ${what}`};
}

/** Every fix that is sure. */
export function mendSure(sheet: Sheet, check: CsvChecker): Mended {
  const changes: Change[] = [];
  let now = sheet;
  let reading = check(now);
  for (let round = 0; round < mostRounds; round++) {
    const sure = reading.problems.filter(({fix}) => fix?.sure);
    if (sure.length === 0) break;
    const edits = sure.flatMap(({fix}) => fix?.edits ?? []);
    changes.push(...sure.map(changeOf));
    now = applyEdits(now, edits);
    reading = check(now);
  }
  return {sheet: now, changes, reading};
}

/** A cell as it is read anyway, so that it can be written so. Secrets and folders may mean their blanks. */
function tidyCell(cell: string, key: FieldKey, {sourceServer = '', destinationServer = ''}: Answers): string {
  const answer = answerOf(cell, key) ?? '';
  if (key === 'type') return typeCode(answer, sourceServer, destinationServer) ?? answer;
  const isChoice = fieldOf(key).kind === 'choice';
  return isChoice ? answer.toLowerCase() : answer;
}

/** Neither more nor fewer cells than the header has, and nothing more to be said of it. */
function evened({cut: _cut, filled: _filled, ...row}: Sheet['rows'][number]): Sheet['rows'][number] {
  return row;
}

/** @param readable the lines whose cells stand in their columns; the others are left as they are */
function tidyRows(sheet: Sheet, readable: ReadonlySet<number>): {rows: Sheet['rows']; changes: Change[]} {
  let trimmed = 0;
  let blank = 0;
  let filled = 0;
  const changes: Change[] = [];
  const places = placesOf(sheet);
  const rows = sheet.rows.map(row => {
    if (!readable.has(row.line)) return row;
    const answers = answersIn(row.cells, places);
    if (row.filled !== undefined) filled++;
    let isTidy = row.cut === undefined && row.filled === undefined;
    const cells = row.cells.map((cell, index) => {
      const column = sheet.columns[index];
      const key = column === undefined ? undefined : readAs(column);
      if (key === undefined) return cell;
      const tidy = tidyCell(cell, key, answers);
      if (tidy === cell) return cell;
      isTidy = false;
      if (tidy === cell.trim()) trimmed++;
      else if (tidy === '') blank++;
      else if (!isSecretKey(key))
        changes.push({
          line: row.line,
          sentence: `${fieldOf(key).label}: "${cleanText(cell, 60)}" is now "${cleanText(tidy, 60)}"`,
        });
      return tidy;
    });
    return isTidy ? row : {...evened(row), cells};
  });
  if (trimmed > 0) changes.push({sentence: `blanks around ${countOf(trimmed, 'value')} removed`});
  if (blank > 0) changes.push({sentence: `"blank" is now empty in ${countOf(blank, 'cell')}`});
  if (filled > 0)
    changes.push({sentence: `the last cells, which are empty, written out in ${countOf(filled, 'row')}`});
  return {rows, changes};
}

function tidyHeader({columns, headerLine, microsoft}: Sheet): Change[] {
  if (microsoft)
    return [
      {line: headerLine, sentence: "Microsoft's columns are now mailferry's, and the request type is added"},
    ];
  return columns.flatMap((column): Change[] => {
    const {written, name} = column;
    const key = readAs(column);
    if (key === undefined) return [];
    const {label} = fieldOf(key);
    return written === label ? [] : [{line: headerLine, sentence: `column "${name}" is now "${label}"`}];
  });
}

/** Columns without a name and without content come from spreadsheets. */
function emptyColumns(sheet: Sheet): Edit[] {
  // What could not be read keeps its columns, and they must still be those of the header.
  if (sheet.unread !== undefined) return [];
  const aligned = isSound(sheet);
  return sheet.columns.flatMap(({id, state}, index): Edit[] => {
    // In a row with too few or too many cells nobody knows which cell is this column's, unless it is the last one.
    if (!aligned && index < sheet.columns.length - 1) return [];
    const isEmpty = state === 'empty' && sheet.rows.every(({cells}) => (cells[index] ?? '').trim() === '');
    return isEmpty ? [{kind: 'remove-column', column: id}] : [];
  });
}

/**
 * The sheet as it is best written: sure fixes done, the request form's own column names, no blanks around values, no
 * empty rows or columns, and the answers for all rows in the rows.
 *
 * @param check with the same `fill`
 */
export function mendSheet(sheet: Sheet, check: CsvChecker, fill: Answers = {}): Mended {
  const {sheet: mended, changes, reading} = mendSure(sheet, check);
  const filled = Object.keys(fill) as FieldKey[];
  const edits: Edit[] = [
    ...emptyColumns(mended),
    ...(filled.length > 0 ? [{kind: 'fill', answers: fill} as const] : []),
  ];
  const header = tidyHeader(sheet);
  const slim = applyEdits(mended, edits);
  const {rows, changes: inRows} = tidyRows(slim, new Set(reading.rows.map(({line}) => line)));
  const tidy: Sheet = {
    ...slim,
    rows: sheet.microsoft ? rows.map(({asRead: _, ...row}) => row) : rows,
    microsoft: slim.microsoft && firstRaw(slim) !== undefined,
    emptyRows: 0,
  };
  const gone =
    mended.columns.length - mended.columns.filter(({id}) => slim.columns.some(each => each.id === id)).length;
  return {
    sheet: tidy,
    reading: check(tidy),
    changes: [
      ...header,
      ...changes,
      ...inRows,
      ...filled.map(key => ({sentence: `${fieldOf(key).label} filled in where it was empty`})),
      ...(gone > 0 ? [{sentence: `${countOf(gone, 'empty column')} removed`}] : []),
      ...(sheet.emptyRows > 0 ? [{sentence: `${countOf(sheet.emptyRows, 'empty row')} removed`}] : []),
    ],
  };
}
