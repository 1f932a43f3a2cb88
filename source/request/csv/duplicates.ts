// Rows that get in each other's way: the same request twice, two into one destination folder, one source to two
// places, and mail that is carried to and fro. Warnings, never errors: each of them may be meant.

import {loginName} from '../endpoint.ts';
import type {FieldKey} from '../fields.ts';
import type {Endpoint, Request} from '../schema.ts';
import type {Column} from './columns.ts';
import {type CsvProblem, type CsvRow, place} from './problem.ts';

function mailbox(endpoint: Endpoint): string {
  return `${loginName(endpoint).toLowerCase()} ${endpoint.server} ${endpoint.port}`;
}

type Known = {
  readonly source: string;
  readonly destination: string;
  readonly folder: string;
  readonly filters: string;
};

function knownOf({
  source,
  destination,
  destinationFolder,
  since = '',
  before = '',
  sourceFolder = '',
}: Request): Known {
  return {
    source: mailbox(source),
    destination: mailbox(destination),
    folder: destinationFolder.normalize('NFC').toLowerCase(),
    filters: [since, before, sourceFolder].join('\n'),
  };
}

/** The first line at which each thing was met. */
type Met = Map<string, number>;

function metBefore(met: Met, what: string, line: number): number | undefined {
  const before = met.get(what);
  if (before === undefined) met.set(what, line);
  return before;
}

/** @param columns where each field stands, for the place of a problem */
export function duplicateProblems(
  rows: readonly CsvRow[],
  columns: ReadonlyMap<FieldKey, Column>,
): CsvProblem[] {
  const problems: CsvProblem[] = [];
  const wholes: Met = new Map();
  const folders: Met = new Map();
  const sources: Met = new Map();
  const ways: Met = new Map();
  for (const {line, built} of rows) {
    if (!built.ok) continue;
    const {request} = built;
    const {source, destination, folder, filters} = knownOf(request);
    const warn = (field: FieldKey, value: string, sentence: string, fix?: CsvProblem['fix']) => {
      const column = columns.get(field);
      problems.push({
        severity: 'warning',
        line,
        ...(column === undefined ? {} : place(column)),
        field,
        sentence,
        ...(value === '' ? {} : {value}),
        ...(fix === undefined ? {} : {fix}),
      });
    };
    const way = `${source}\n${destination}`;
    const same = metBefore(wholes, [way, folder, filters].join('\n'), line);
    const into = metBefore(folders, `${destination}\n${folder}`, line);
    const from = metBefore(sources, `${source}\n${filters}`, line);
    const back = ways.get(`${destination}\n${source}`);
    metBefore(ways, way, line);
    if (same !== undefined) {
      warn(
        'sourceUserId',
        request.source.userId,
        `This is the same request as on line ${same}. Remove one of them.`,
        {
          label: 'remove this line',
          // The passwords may differ, and then it is not clear which of them is right.
          sure: false,
          edits: [{kind: 'remove-row', line}],
        },
      );
      continue;
    }
    if (into !== undefined) {
      const own = `${request.destinationFolder === '' ? 'Migrated' : request.destinationFolder}/${request.source.userId}`;
      warn(
        'destinationFolder',
        request.destinationFolder,
        `The request on line ${into} goes into the same folder of the same mailbox. Give each its own folder, so that their reports stay apart.`,
        {
          label: `use ${own}`,
          sure: false,
          edits: [{kind: 'answers', line, answers: {destinationFolder: own}}],
        },
      );
    } else if (from !== undefined) {
      warn(
        'sourceUserId',
        request.source.userId,
        `The same mailbox is the source on line ${from}, so its mail is copied to two places. Check that this is meant.`,
      );
    }
    if (back !== undefined)
      warn(
        'destinationUserId',
        request.destination.userId,
        `The request on line ${back} carries mail the other way between these two mailboxes: what one has copied, the other would copy back. Check which of them is meant.`,
      );
  }
  return problems;
}
