// What is told below a list about the selected row, and about a mailbox or folder as a whole.
import {detailWords} from '../engine/problems/detail.ts';
import type {Problem} from '../engine/problems/problems.ts';
import {countOf} from '../format/count.ts';
import {cellWidth} from '../format/fit.ts';
import type {Failure, FolderSnapshot, RequestSnapshot} from '../progress/snapshot.ts';
import {foreign, type Line, short, span, wrapText} from '../ui/cells.ts';
import {type Role, symbols} from '../ui/theme.ts';
import {messageTitle} from './folder-line.ts';

/** What is wrong, what to do, and the server's own words, in at most `most` lines. */
export function problemLines(problem: Problem, role: Role, width: number, most: number): readonly Line[] {
  const glyph = role === 'fail' ? symbols.cross : symbols.warning;
  const parts: [string, string, Role | undefined][] = [
    [`${glyph} `, problem.sentence, role],
    ...(problem.nextStep === undefined
      ? []
      : [[`${symbols.arrow} `, problem.nextStep, undefined] as [string, string, undefined]]),
    ...(problem.detail === undefined
      ? []
      : [['  ', detailWords(problem) ?? '', 'dim'] as [string, string, Role]]),
    ...(problem.link === undefined ? [] : [['  ', problem.link, 'dim'] as [string, string, Role]]),
  ];
  const lines: Line[] = [];
  for (const [index, [mark, text, as]] of parts.entries()) {
    // One line is kept for each part that follows: the next step matters more than the end of a long sentence.
    const room = Math.max(1, most - lines.length - (parts.length - index - 1));
    const indent = ' '.repeat(mark.length);
    for (const [row, part] of wrapText(foreign(text), Math.max(1, width - mark.length), room).entries()) {
      lines.push([span((row === 0 ? mark : indent) + part, as)]);
    }
  }
  return lines.slice(0, Math.max(0, most));
}

/**
 * 'john@baya.com at outlook.office365.com → john@vault.example at vault.example, below Data17012018'; without the
 * servers where that is too long.
 */
export function routeLine(request: RequestSnapshot, width: number): Line {
  const [from, to] = [foreign(request.source), foreign(request.destination)];
  const below = request.destinationFolder === '' ? '' : `, below ${foreign(request.destinationFolder)}`;
  const fromServer = `${from} at ${foreign(request.sourceServer)}`;
  const toServer = `${to} at ${foreign(request.destinationServer)}`;
  const full = `${fromServer} ${symbols.arrow} ${toServer}${below}`;
  const text = cellWidth(full) <= width ? full : `${from} ${symbols.arrow} ${to}${below}`;
  return [span(short(text, width), 'dim')];
}

/** About the selected folder: where it goes, what was changed, what is wrong. */
export function folderDetails(folder: FolderSnapshot, width: number, most: number): readonly Line[] {
  const route = `${foreign(folder.source)} ${symbols.arrow} ${foreign(folder.destination)}`;
  const first: Line = folder.selected
    ? [span(short(route, width), 'dim')]
    : [span(short(`Left out: ${foreign(folder.reason ?? 'not selected')}`, width), 'dim')];
  const lines: Line[] = [first];
  if (folder.problem) lines.push(...problemLines(folder.problem, 'fail', width, most - lines.length));
  const {failed, skipped} = folder.counts;
  if (failed + skipped > 0) {
    const what = [
      ...(failed > 0 ? [`${countOf(failed, 'message')} failed`] : []),
      ...(skipped > 0 ? [`${countOf(skipped, 'message')} skipped`] : []),
    ];
    lines.push([span(short(`${what.join(', ')}; ${symbols.arrow}: which and why`, width), 'warn')]);
  }
  for (const note of folder.notes) lines.push(...noteLines(note, width, most - lines.length));
  return lines.slice(0, Math.max(0, most));
}

/** A note is not cut after a line: it ends with what to do. */
export function noteLines(note: string, width: number, most: number): readonly Line[] {
  return wrapText(foreign(note), Math.max(1, width - 2), most).map((text, row) => [
    span(`${row === 0 ? symbols.warning : ' '} ${text}`, 'warn'),
  ]);
}

/** About the selected message: its name in full, then why and what to do. */
export function failureDetails(failure: Failure, width: number, most: number): readonly Line[] {
  const {message, problem, kind} = failure;
  const id = message.messageId === undefined ? '' : `  ${foreign(message.messageId)}`;
  const name: Line = [span(short(`${messageTitle(message)}   UID ${message.uid}${id}`, width), 'dim')];
  const why = problemLines(problem, kind === 'failed' ? 'fail' : 'warn', width, most - 1);
  return most > why.length ? [name, ...why] : why;
}
