// How a run came out, in lines: the verdict first, then each mailbox with what is missing of it, what is to be looked at, and
// where the report is.
import {cleanText} from '../format/clean.ts';
import {countOf, formatCount} from '../format/count.ts';
import {asShown} from '../progress/dry-run.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {notesOf} from '../report/notes.ts';
import {isNotBegun, verdictOf} from '../report/verdict.ts';
import {namesOf} from './names.ts';
import {requestEndLines, wasOnlyStopped} from './sentences.ts';

const longestLine = 2000;
/** Mailboxes that were not begun named one by one; of more only the number is told. requests.csv names all. */
const mostNotBegun = 10;
/** Notes told at the end; report.html has more. */
const mostNotes = 20;

/** @param reports the folder of the reports, where they were written */
export function endingLines(snapshot: Snapshot, reports?: string): readonly string[] {
  const {requests, dryRun} = asShown(snapshot);
  const names = namesOf(requests);
  const verdict = verdictOf(snapshot);
  const waiting = requests.filter(request => isNotBegun(request) && wasOnlyStopped(request));
  const untold = new Set(waiting.length > mostNotBegun ? waiting : []);
  const told = requests.filter(request => !untold.has(request));
  const steps = new Set<string>();
  return [
    ...[verdict.sentence, ...verdict.details],
    ...told
      .flatMap(request => requestEndLines(request, names[request.request] ?? '', dryRun, steps))
      .map(text => `  ${text}`),
    ...(untold.size === 0
      ? []
      : [`  ${formatCount(untold.size)} mailboxes were not begun: see requests.csv`]),
    ...noteLines(snapshot, names).map(text => `  ${text}`),
    ...(reports === undefined ? [] : [`Report: ${reports}`]),
  ].map(text => cleanText(text, longestLine));
}

function noteLines({notes = [], requests}: Snapshot, names: readonly string[]): readonly string[] {
  const all = notesOf(
    notes,
    requests.map(request => ({
      ...{who: names[request.request] ?? '', notes: request.notes},
      folders: request.folders.filter(folder => folder.selected),
    })),
    'first',
  );
  const left = all.length - mostNotes;
  return [
    ...all.slice(0, mostNotes).map(({who, said}) => `note: ${who === '' ? '' : `${who}: `}${said}`),
    ...(left > 0 ? [`and ${countOf(left, 'more note')}: see report.html`] : []),
  ];
}
