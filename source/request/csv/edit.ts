// What can be changed in a CSV: each fix that is offered is a list of these, and so is what a person types. Pure.

import {type Answers, type FieldKey, fieldOf} from '../fields.ts';
import {answerOf} from './answers.ts';
import type {Column} from './columns.ts';
import {isAligned, placesOf, type Sheet} from './sheet.ts';

export type Edit =
  /** Writes these answers into the row; a column is added where there is none. */
  | {readonly kind: 'answers'; readonly line: number; readonly answers: Answers}
  /** The same for each row that leaves the field empty. */
  | {readonly kind: 'fill'; readonly answers: Answers}
  /** The row's cells, whatever they were; its quotes are then as they should be. */
  | {readonly kind: 'cells'; readonly line: number; readonly cells: readonly string[]}
  /** Empty cells at the end, as many as are missing. */
  | {readonly kind: 'pad'; readonly line: number}
  /** Quotes that are not where they can be are letters like any other. */
  | {readonly kind: 'accept-quotes'; readonly line: number}
  | {readonly kind: 'remove-row'; readonly line: number}
  | {readonly kind: 'name-column'; readonly column: Column['id']; readonly key: FieldKey}
  | {readonly kind: 'remove-column'; readonly column: Column['id']}
  /** The guess at the encoding was right. */
  | {readonly kind: 'accept-encoding'};

type Row = Sheet['rows'][number];

const nameOf = (key: FieldKey) => ({name: fieldOf(key).label, written: fieldOf(key).label});

/** What a column may mean is another column's meaning now. */
function withoutOffer(column: Column, keys: readonly FieldKey[]): Column {
  const {key, ...others} = column;
  return key !== undefined && column.state === 'unknown' && keys.includes(key) ? others : column;
}

function withColumns(sheet: Sheet, keys: readonly FieldKey[]): Sheet {
  const known = placesOf(sheet);
  const missing = [...new Set(keys)].filter(key => !known.has(key));
  if (missing.length === 0) return sheet;
  const lastId = Math.max(-1, ...sheet.columns.map(column => column.id));
  const lastNumber = Math.max(0, ...sheet.columns.map(column => column.number));
  const added = missing.map(
    (key, index): Column => ({
      id: lastId + 1 + index,
      number: lastNumber + 1 + index,
      ...nameOf(key),
      key,
      state: 'known',
    }),
  );
  return {
    ...sheet,
    columns: [...sheet.columns.map(column => withoutOffer(column, missing)), ...added],
    // Rows that are too long or too short stay so: nothing slips into a column it was not written for.
    rows: sheet.rows.map(row => ({
      ...row,
      cells: row.cells.toSpliced(sheet.columns.length, 0, ...added.map(() => '')),
    })),
  };
}

function withAnswers(row: Row, answers: Answers, places: ReadonlyMap<FieldKey, number>): Row {
  const cells = [...row.cells];
  for (const [key, text] of Object.entries(answers)) {
    const place = places.get(key as FieldKey);
    if (place !== undefined && place < cells.length) cells[place] = text;
  }
  return {...row, cells};
}

function sound({fault: _, ...row}: Row): Row {
  return row;
}

function whole({cut: _cut, filled: _filled, asRead: _asRead, ...row}: Row): Row {
  return sound(row);
}

function editRow(row: Row, edit: Edit, sheet: Sheet, places: ReadonlyMap<FieldKey, number>): Row {
  switch (edit.kind) {
    case 'answers':
      return withAnswers(row, edit.answers, places);
    case 'cells':
      return {...whole(row), cells: edit.cells};
    case 'pad': {
      const missing = Math.max(0, sheet.columns.length - row.cells.length);
      return {...row, cells: [...row.cells, ...Array.from({length: missing}, () => '')]};
    }
    case 'accept-quotes':
      return sound(row);
    default:
      return row;
  }
}

function fill(sheet: Sheet, answers: Answers): Sheet {
  const wide = withColumns(sheet, Object.keys(answers) as FieldKey[]);
  const places = placesOf(wide);
  return {
    ...wide,
    rows: wide.rows.map(row => {
      if (!isAligned(row, wide)) return row;
      const open = Object.entries(answers).filter(([key]) => {
        const cell = row.cells[places.get(key as FieldKey) ?? -1];
        return cell !== undefined && answerOf(cell, key as FieldKey) === undefined;
      });
      return open.length === 0 ? row : withAnswers(row, Object.fromEntries(open), places);
    }),
  };
}

function withoutColumn(sheet: Sheet, id: Column['id']): Sheet {
  const index = sheet.columns.findIndex(column => column.id === id);
  if (index === -1) return sheet;
  return {
    ...sheet,
    columns: sheet.columns.toSpliced(index, 1),
    rows: sheet.rows.map(row => ({...row, cells: row.cells.toSpliced(index, 1)})),
  };
}

function named(sheet: Sheet, id: Column['id'], key: FieldKey): Sheet {
  return {
    ...sheet,
    columns: sheet.columns.map(column =>
      column.id === id ? {...column, ...nameOf(key), key, state: 'known'} : column,
    ),
  };
}

/** Rows that no edit is about are the same objects afterwards. */
export function applyEdits(sheet: Sheet, edits: readonly Edit[]): Sheet {
  const byLine = new Map<number, Edit[]>();
  const removed = new Set<number>();
  let edited = sheet;
  for (const edit of edits) {
    if (edit.kind === 'name-column') edited = named(edited, edit.column, edit.key);
    else if (edit.kind === 'accept-encoding') edited = {...edited, guessed: false};
    else if (edit.kind === 'remove-row') removed.add(edit.line);
    else if (edit.kind !== 'fill' && edit.kind !== 'remove-column') {
      const list = byLine.get(edit.line);
      if (list === undefined) byLine.set(edit.line, [edit]);
      else list.push(edit);
    }
  }
  const keys = edits.flatMap(edit =>
    edit.kind === 'answers' ? (Object.keys(edit.answers) as FieldKey[]) : [],
  );
  edited = withColumns(edited, keys);
  if (byLine.size > 0 || removed.size > 0) {
    const places = placesOf(edited);
    const rows = edited.rows
      .filter(row => !removed.has(row.line))
      .map(row =>
        (byLine.get(row.line) ?? []).reduce((now, edit) => editRow(now, edit, edited, places), row),
      );
    edited = {...edited, rows};
  }
  for (const edit of edits) {
    if (edit.kind === 'fill') edited = fill(edited, edit.answers);
    else if (edit.kind === 'remove-column') edited = withoutColumn(edited, edit.column);
  }
  return edited;
}
