// What stays in the terminal after the screens are gone.
import type {Snapshot} from '../progress/snapshot.ts';
import {verdictOf} from '../report/verdict.ts';
import {wrapText} from '../ui/cells.ts';
import {countWords, paceWords, scopeWords} from './totals.ts';

const widest = 80;
const narrowest = 40;
const files = ['report.html', 'summary.json', 'requests.csv', 'folders.csv', 'messages.csv'];

/**
 * The verdict, the totals and where the report is; lines of at most 80 columns, fewer in a narrow terminal; only the path
 * of the report is never broken. `reports`: the folder of the reports; without it no report was written.
 * @param columns of the terminal, where it is one
 */
export function summaryText(snapshot: Snapshot, reports?: string, columns = widest): string {
  const width = Math.max(narrowest, Math.min(widest, columns));
  const totals = [...countWords(snapshot), paceWords(snapshot)].join(', ');
  const verdict = verdictOf(snapshot);
  // The last of them says how to go on; the others are the totals again.
  const next = verdict.kind === 'stopped' ? verdict.details.slice(-1) : [];
  const lines = [
    ...wrapText(verdict.sentence, width, 4),
    ...wrapText(`${scopeWords(snapshot)}: ${totals}.`, width, 4),
    ...next.flatMap(text => wrapText(text, width, 4)),
    ...(reports === undefined
      ? ['No report was written.']
      : [`Report: ${reports}`, ...wrapText(files.join('  '), width - 2, 4).map(line => `  ${line}`)]),
  ];
  return lines.join('\n');
}
