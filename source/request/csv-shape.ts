// What is wrong with the shape of a CSV: its header, and rows whose cells do not fit it.
import type {Column} from './csv-columns.ts';
import {type CsvProblem, place} from './csv-problem.ts';
import type {CsvRecord} from './csv-records.ts';
import {fieldOf} from './fields.ts';

function headerProblem(column: Column): Pick<CsvProblem, 'sentence' | 'fix'> | undefined {
  const label = column.key === undefined ? undefined : fieldOf(column.key).label;
  switch (column.state) {
    case 'unknown':
      return label === undefined
        ? {sentence: `There is no field "${column.name}". Remove the column, or correct its name.`}
        : {sentence: `There is no field "${column.name}". Did you mean "${label}"?`, fix: `use ${label}`};
    case 'doubled':
      return {sentence: `There are two columns for "${label}". Remove one of them.`};
    case 'known':
    case 'empty':
      return undefined;
  }
}

/** @param line the header's own */
export function headerProblems(columns: readonly Column[], line: number): CsvProblem[] {
  return columns.flatMap((column): CsvProblem[] => {
    const problem = headerProblem(column);
    return problem === undefined ? [] : [{severity: 'error', line, ...place(column), ...problem}];
  });
}

/** Cells are only trusted to stand in their columns where their number is right: else a secret might be shown. */
export function shapeProblem(record: CsvRecord, columns: readonly Column[]): CsvProblem | undefined {
  const at = {severity: 'error' as const, line: record.line};
  const bad = record.badQuote;
  if (bad !== undefined) {
    const column = columns[bad];
    return {
      ...at,
      ...(column === undefined ? {} : place(column)),
      sentence:
        'The cell goes on after its closing quote. Put the whole cell in quotes and double each quote inside it.',
    };
  }
  const cells = record.cells.length;
  const extra = record.cells.slice(columns.length).some(cell => cell.trim() !== '');
  if (cells === columns.length || (cells > columns.length && !extra)) return undefined;
  const lines =
    record.lastLine > record.line ? ` It reaches to line ${record.lastLine}: is a quote missing?` : '';
  const advice =
    cells > columns.length
      ? ' Put a cell that holds the separator in quotes.'
      : ' Leave a cell empty where nothing is given, but keep its separator.';
  return {
    ...at,
    sentence: `The row has ${cells} cells, but the header has ${columns.length}.${lines === '' ? advice : lines}`,
  };
}
