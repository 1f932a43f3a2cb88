// Rows that get in each other's way: the same request twice, or two into one destination folder.
import type {Column} from './csv-columns.ts';
import {type CsvProblem, type CsvRow, place} from './csv-problem.ts';
import {loginName} from './endpoint.ts';
import type {Endpoint, Request} from './schema.ts';

function mailbox(endpoint: Endpoint): string {
  return `${loginName(endpoint).toLowerCase()} ${endpoint.server} ${endpoint.port}`;
}

function destinationOf(request: Request): string {
  return `${mailbox(request.destination)} ${request.destinationFolder.normalize('NFC').toLowerCase()}`;
}

function wholeOf(request: Request): string {
  const {source, since = '', before = '', sourceFolder = ''} = request;
  return [destinationOf(request), mailbox(source), since, before, sourceFolder].join('\n');
}

/** Warnings, never errors: two into one folder may be meant. */
export function duplicateProblems(rows: readonly CsvRow[], column: Column | undefined): CsvProblem[] {
  const problems: CsvProblem[] = [];
  const wholes = new Map<string, number>();
  const destinations = new Map<string, number>();
  for (const {line, built} of rows) {
    if (!built.ok) continue;
    const {request} = built;
    const same = wholes.get(wholeOf(request));
    const shared = destinations.get(destinationOf(request));
    if (same !== undefined) {
      problems.push({
        severity: 'warning',
        line,
        sentence: `This is the same request as on line ${same}. Remove one of them.`,
      });
    } else if (shared !== undefined) {
      problems.push({
        severity: 'warning',
        line,
        ...(column === undefined ? {} : place(column)),
        field: 'destinationFolder',
        sentence: `The request on line ${shared} goes into the same folder of the same mailbox. Give each its own folder, so that their reports stay apart.`,
      });
    }
    wholes.set(wholeOf(request), same ?? line);
    destinations.set(destinationOf(request), shared ?? line);
  }
  return problems;
}
