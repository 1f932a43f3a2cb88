// The last table, and the page that keeps it.
import {tableText} from '../../bench/table.ts';
import {isClean, isCutShort, type Score} from './score.ts';

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

function verdictOf(bad: readonly string[]): string {
  return bad.length === 0
    ? 'Every try passed: nothing lost, nothing twice.'
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
};

/**
 * The whole page. Parts that were not run now stay as `before` has them: the long ones are run on another day.
 * @param before the page so far
 * @param order all parts, as the page is to have them
 */
export function evidencePage(
  before: string,
  scores: readonly Score[],
  order: readonly string[],
  {day, command, commit, versions}: Recording,
): string {
  const {rows, sections} = readEvidence(before);
  const made = `Made by \`${command}\` on ${day}, with mailferry ${versions.mailferry}${commit === undefined ? '' : ` (${commit})`}, Node ${versions.node}, Dovecot ${versions.dovecot},\nimapflow ${versions.imapflow}.`;
  for (const score of scores) {
    const broken = score.broken.map(
      ({what, replay}) => `- BROKEN: ${what}${replay === undefined ? '' : ` (again: \`${replay}\`)`}`,
    );
    if (broken.length === 0 && !isClean(score)) broken.push('- BROKEN: nothing was tried');
    rows.set(score.part, row(score));
    sections.set(score.part, `${made}\n\n${[...notesOf(score), ...broken].join('\n')}`);
  }
  const parts = order.filter(part => rows.has(part));
  const bad = parts.filter(part => sections.get(part)?.includes('\n- BROKEN: '));
  const all = parts.map(part => rows.get(part) ?? []);
  return `# Evidence

What was broken on purpose, and what became of the mail. Below the table: for each part the command that makes it again,
when and with what it was made, its tries by kind, and what was noted.

${table(all)}
${[verdictOf(bad), ...shortOf(all)].join('\n')}

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
