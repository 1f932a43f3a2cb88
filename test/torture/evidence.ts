// The last table, and the page that keeps it.
import {tableText} from '../../bench/table.ts';
import type {PartEntry} from './parts.ts';
import {isClean, isCutShort, type Score} from './score.ts';

/** A part's place on the page, and its word in the line below the table. */
export type Named = Pick<PartEntry, 'name' | 'counts'>;

export type Versions = {
  readonly mailferry: string;
  readonly node: string;
  readonly dovecot: string;
  readonly imapflow: string;
};

const header = [
  'part',
  'what was tried',
  'tried',
  'passed',
  'messages compared',
  'lost',
  'doubled',
  'time',
] as const;

const count = (value: number) => value.toLocaleString('en');
const minutes = (seconds: number) =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;

function row(score: Score): string[] {
  const {part, about, tried, planned = 0, passed, compared, lost, doubled, seconds} = score;
  const cells = [tried, passed, compared, lost, doubled].map(count);
  if (isCutShort(score)) cells[0] += ` of ${count(planned)}`;
  return [part, about, ...cells, minutes(seconds)];
}

/** What a part tried and noted, a line each, as a list. */
export function notesOf(score: Score): string[] {
  const kinds = [...score.tries].map(([kind, tries]) => `- ${kind}: ${count(tries)}`);
  return [...kinds, ...[...score.notes].map(([name, value]) => `- ${name}: ${value}`)];
}

/** The table as Markdown; with more than one part their sum last. */
export function scoresTable(scores: readonly Score[]): string {
  return table(scores.map(row));
}

function table(rows: readonly (readonly string[])[]): string {
  const sum = (column: number) => rows.reduce((all, cells) => all + amountOf(cells[column] ?? ''), 0);
  const total = ['all', '', ...[2, 3, 4, 5, 6].map(sum).map(count), minutes(sum(7))];
  return tableText(header, [...rows, ...(rows.length > 1 ? [total] : [])], 2);
}

/** What a cell counts; seconds where it is a time. */
function amountOf(cell: string): number {
  const value = Number.parseFloat(cell.replaceAll(',', ''));
  return cell.endsWith(' min') ? value * 60 : value;
}

/**
 * What is below the final table: how many of what the parts count, in their own words.
 * @param order all parts, those that have not run too
 */
export const scoresLine = (order: readonly Named[], scores: readonly Score[]): string =>
  countsLine(
    order,
    new Map(scores.map(score => [score.part, row(score)])),
    new Map(scores.map(score => [score.part, notesOf(score).join('\n')])),
  );

/** `Points killed at: 33 of 33. Scenarios: 208.`; empty where no part of these has a word. */
function countsLine(
  order: readonly Named[],
  rows: ReadonlyMap<string, readonly string[]>,
  sections: ReadonlyMap<string, string>,
): string {
  return order
    .flatMap(({name, counts}) => {
      const tried = rows.get(name)?.[2];
      if (counts === undefined || tried === undefined) return [];
      const begin = `- ${counts}: `;
      const noted = sections
        .get(name)
        ?.split('\n')
        .find(line => line.startsWith(begin));
      const word = counts.charAt(0).toUpperCase() + counts.slice(1);
      return [`${word}: ${noted?.slice(begin.length) ?? tried}.`];
    })
    .join(' ');
}

/** One sentence: how it went. */
export function verdict(scores: readonly Score[]): string {
  const unclean = scores.filter(score => !isClean(score));
  const untried = unclean.filter(({tried, broken}) => tried === 0 && broken.length === 0);
  const bad = unclean.filter(score => !untried.includes(score));
  const lines = bad.length === 0 && untried.length > 0 ? [] : [verdictOf(bad.map(({part}) => part))];
  // What did not come to anything proves nothing.
  for (const {part} of untried) lines.push(`Nothing was tried: ${part}. It takes more --minutes.`);
  return [...lines, ...shortOf(scores.filter(score => !untried.includes(score)).map(row))].join('\n');
}

/** Sentences on the rows whose part did not come to all that it knows. */
function shortOf(rows: readonly (readonly string[])[]): string[] {
  return rows
    .filter(([, , tried]) => tried?.includes(' of '))
    .map(([part, , tried]) => `Not all was come to: ${part} (${tried}). It takes more --minutes.`);
}

/** @param mended tries that were broken at first */
function verdictOf(bad: readonly string[], mended = 0): string {
  const later = mended === 0 ? '' : `, ${count(mended)} of them after what was wrong with it had been mended`;
  return bad.length === 0
    ? `Every try passed${later}: nothing lost, nothing twice.`
    : `BROKEN: ${bad.join(', ')}. Each line that says so tells what broke and what runs it again.`;
}

export type Recording = {
  /** YYYY-MM-DD */
  readonly day: string;
  /** What makes this again. */
  readonly command: string;
  /** Of the source, where it is known. */
  readonly commit: string | undefined;
  readonly versions: Versions;
  /** Processors, memory and system. */
  readonly machine: string;
};

/**
 * The whole page. Parts that were not run now stay as `before` has them: the long ones are run on another day.
 * @param before the page so far
 * @param order all parts, as the page is to have them
 */
export function evidencePage(
  before: string,
  scores: readonly Score[],
  order: readonly Named[],
  {day, command, commit, versions, machine}: Recording,
): string {
  const {rows, sections} = readEvidence(before);
  const made = `Made by \`${command}\` on ${day}, with mailferry ${versions.mailferry}${commit === undefined ? '' : ` (${commit})`}, Node ${versions.node}, Dovecot ${versions.dovecot},\nimapflow ${versions.imapflow}; on ${machine}.`;
  for (const score of scores) {
    const broken = score.broken.map(
      ({what, replay}) => `- BROKEN: ${what}${replay === undefined ? '' : ` (again: \`${replay}\`)`}`,
    );
    if (broken.length === 0 && !isClean(score)) broken.push('- BROKEN: nothing was tried');
    rows.set(score.part, row(score));
    sections.set(score.part, `${made}\n\n${[...notesOf(score), ...broken].join('\n')}`);
  }
  return pageOf(rows, sections, order);
}

/**
 * The page after one broken try has been run again, alone. Where it passes now the page says since when; the part's other
 * tries and what they were made with stay as they were.
 * @param which as `--case` has it
 */
export function mendedPage(
  before: string,
  score: Score,
  which: string,
  order: readonly Named[],
  recording: Recording,
): string {
  const {rows, sections} = readEvidence(before);
  const [line, cells] = [brokenLine(before, score.part, which), rows.get(score.part)];
  if (line === undefined || cells === undefined || !isClean(score)) return before;
  const {day, commit, versions} = recording;
  const since = `${day}, mailferry ${versions.mailferry}${commit === undefined ? '' : ` (${commit})`}`;
  const mended = `${mendedSign}passed alone on ${since}: ${line.slice('- BROKEN: '.length)}`;
  const section = sections.get(score.part) ?? '';
  const passed = count(amountOf(cells[3] ?? '') + 1);
  return pageOf(
    rows.set(score.part, cells.with(3, passed)),
    sections.set(
      score.part,
      section.replace(line, () => mended),
    ),
    order,
  );
}

const mendedSign = '- mended, and ';

/** What the page says of a try that it calls broken; undefined where it calls it nothing of the kind. */
export const brokenLine = (page: string, part: string, which: string): string | undefined =>
  readEvidence(page)
    .sections.get(part)
    ?.split('\n')
    .find(line => line.startsWith('- BROKEN: ') && line.endsWith(` --case ${which}\`)`));

function pageOf(
  rows: ReadonlyMap<string, string[]>,
  sections: ReadonlyMap<string, string>,
  order: readonly Named[],
): string {
  const parts = order.map(({name}) => name).filter(part => rows.has(part));
  const bad = parts.filter(part => sections.get(part)?.includes('\n- BROKEN: '));
  const all = parts.map(part => rows.get(part) ?? []);
  const lines = parts.flatMap(part => sections.get(part)?.split('\n') ?? []);
  const mended = lines.filter(line => line.startsWith(mendedSign)).length;
  return `# Evidence

What was broken on purpose, and what became of the mail. Below the table: for each part the command that makes it again,
when and with what it was made, its tries by kind, and what was noted.

${table(all)}
${[countsLine(order, rows, sections), verdictOf(bad, mended), ...shortOf(all)].filter(line => line !== '').join('\n\n')}

${parts.map(part => `## ${part}\n\n${sections.get(part) ?? ''}\n`).join('\n')}`;
}

/** The rows of a page's table and the texts below its headings, by part. */
function readEvidence(page: string): {rows: Map<string, string[]>; sections: Map<string, string>} {
  const rows = new Map<string, string[]>();
  const sections = new Map<string, string>();
  for (const section of page.split(/^## /m).slice(1)) {
    const end = section.indexOf('\n');
    sections.set(section.slice(0, end), section.slice(end).trim());
  }
  for (const [line] of page.matchAll(/^\| .* \|$/gm)) {
    const cells = line
      .slice(2, -2)
      .split(' | ')
      .map(cell => cell.trim());
    if (sections.has(cells[0] ?? '')) rows.set(cells[0] ?? '', cells);
  }
  return {rows, sections};
}
