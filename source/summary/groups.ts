// What was not carried, put together by reason: ten thousand messages too large are one reason and one next step.
import type {Problem} from '../engine/problems/problems.ts';
import {countOf} from '../format/count.ts';
import {hasUnnamed} from '../progress/fold-folder.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {foreign, type Line, short, span, wrapLink, wrapText} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';

export type Group = {
  readonly problem: Problem;
  readonly kind: 'failed' | 'skipped' | 'note';
  /** True where the single sentences differ, so that the one of `problem` is an example. */
  readonly varied: boolean;
  /** There may be more messages: only so many of a folder are named. */
  readonly atLeast: boolean;
  readonly mailboxes: number;
  readonly folders: number;
  readonly messages: number;
  /** Where it happened, the first few: 'john@baya.com INBOX'. */
  readonly where: readonly string[];
  readonly places: number;
};

const mostPlaces = 5;

type Draft = {-readonly [Key in keyof Group]: Group[Key]} & {where: string[]; seen: Set<string>};
type Unit = 'mailboxes' | 'folders' | 'messages' | 'none';

/** Failed mailboxes first, then failed folders and messages, skipped ones, and notes about the whole run. */
export function failureGroups(snapshot: Snapshot): readonly Group[] {
  const groups = new Map<string, Draft>();
  const add = (
    kind: Group['kind'],
    problem: Problem,
    unit: Unit,
    {place = '', more = false}: {readonly place?: string; readonly more?: boolean} = {},
  ) => {
    const key = `${kind} ${unit === 'mailboxes' ? unit : ''} ${problem.code}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = {
        problem,
        kind,
        varied: false,
        atLeast: false,
        mailboxes: 0,
        folders: 0,
        messages: 0,
        where: [],
        places: 0,
        seen: new Set(),
      };
      groups.set(key, group);
    }
    if (unit !== 'none') group[unit] += 1;
    if (problem.sentence !== group.problem.sentence) group.varied = true;
    if (more) group.atLeast = true;
    if (place === '' || group.seen.has(place)) return;
    group.seen.add(place);
    group.places += 1;
    if (group.where.length < mostPlaces) group.where.push(place);
  };
  for (const request of snapshot.requests) {
    if (request.problem) add('failed', request.problem, 'mailboxes', {place: request.source});
    for (const folder of request.folders) {
      const place = `${request.source} ${folder.source}`;
      if (folder.problem) add('failed', folder.problem, 'folders', {place});
      const more = hasUnnamed(folder);
      for (const failure of folder.failures) add(failure.kind, failure.problem, 'messages', {place, more});
    }
  }
  for (const note of snapshot.notes ?? []) add('note', note, 'none');
  const rank = (group: Draft) =>
    group.kind === 'note' ? 3 : group.kind === 'skipped' ? 2 : group.mailboxes > 0 ? 0 : 1;
  return [...groups.values()]
    .sort((one, other) => rank(one) - rank(other) || size(other) - size(one))
    .map(({seen: _seen, ...group}) => group);
}

function size(group: Draft): number {
  return group.mailboxes + group.folders + group.messages;
}

/** Failed and skipped messages that the snapshot no longer lists by name; the report has them all. */
export function unlisted(snapshot: Snapshot): number {
  let rest = 0;
  for (const {folders} of snapshot.requests) {
    for (const {counts, failures} of folders) {
      rest += Math.max(0, counts.failed + counts.skipped - failures.length);
    }
  }
  return rest;
}

/** The groups as lines: how many and why, what to do, where. */
export function groupLines(groups: readonly Group[], more: number, width: number): readonly Line[] {
  const lines = groups.flatMap(group => linesOf(group, width));
  if (more > 0) {
    lines.push([
      span(
        short(`  ${countOf(more, 'more message')} of these or other reasons: see the report`, width),
        'dim',
      ),
    ]);
  }
  return lines;
}

function linesOf(group: Group, width: number): Line[] {
  const {problem, kind, varied, atLeast, mailboxes, folders, messages, where, places} = group;
  const amount = [
    ...(mailboxes > 0 ? [countOf(mailboxes, 'mailbox', 'mailboxes')] : []),
    ...(folders > 0 ? [countOf(folders, 'folder')] : []),
    ...(messages > 0 ? [`${atLeast ? 'at least ' : ''}${countOf(messages, 'message')}`] : []),
    ...(varied ? ['such as'] : []),
  ].join(', ');
  const role = kind === 'failed' ? 'fail' : 'warn';
  const glyph = {failed: symbols.cross, skipped: symbols.dash, note: symbols.warning}[kind];
  const head = `${amount === '' ? '' : `${amount}: `}${foreign(problem.sentence)}`;
  const lines: Line[] = wrapText(head, Math.max(1, width - 2), Number.POSITIVE_INFINITY).map((text, row) => [
    span(row === 0 ? `${glyph} ` : '  ', role),
    span(text),
  ]);
  if (problem.nextStep !== undefined) {
    const arrow = `  ${symbols.arrow} `;
    for (const [row, text] of wrapText(
      foreign(problem.nextStep),
      Math.max(1, width - 4),
      Number.POSITIVE_INFINITY,
    ).entries()) {
      lines.push([span(row === 0 ? arrow : ' '.repeat(arrow.length), 'accent'), span(text)]);
    }
  }
  if (problem.link !== undefined)
    for (const text of wrapLink(problem.link, width - 4)) lines.push([span(`    ${text}`, 'dim')]);
  if (where.length > 0) {
    const rest = places > where.length ? ` and ${countOf(places - where.length, 'more', 'more')}` : '';
    lines.push([span(short(`    in ${where.map(foreign).join(', ')}${rest}`, width), 'dim')]);
  }
  return lines;
}
