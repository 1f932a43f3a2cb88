// The last table, and the page that keeps it.
import {tableText} from '../../bench/table.ts';
import {isClean, type Score} from './score.ts';

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
  const {part, about, tried, passed, compared, lost, doubled, seconds} = score;
  return [part, about, ...[tried, passed, compared, lost, doubled].map(count), minutes(seconds)];
}

/** The table as Markdown; with more than one part their sum last. */
export function scoresTable(scores: readonly Score[]): string {
  const sum = (of: (score: Score) => number) => scores.reduce((all, score) => all + of(score), 0);
  const total = [
    'all',
    '',
    ...[
      sum(score => score.tried),
      sum(score => score.passed),
      sum(score => score.compared),
      sum(score => score.lost),
      sum(score => score.doubled),
    ].map(count),
    minutes(sum(score => score.seconds)),
  ];
  return tableText(header, [...scores.map(row), ...(scores.length > 1 ? [total] : [])], 2);
}

/** One sentence: how it went. */
export function verdict(scores: readonly Score[]): string {
  const bad = scores.filter(score => !isClean(score)).map(score => score.part);
  return bad.length === 0
    ? 'Every try passed: nothing lost, nothing twice.'
    : `BROKEN: ${bad.join(', ')}. Each line above says what broke and what runs it again.`;
}

/**
 * The whole page.
 * @param facts day: YYYY-MM-DD; command: what makes this page again
 */
export function evidencePage(
  scores: readonly Score[],
  facts: {
    readonly day: string;
    readonly command: string;
    readonly seed: number;
    readonly versions: Versions;
  },
): string {
  const {versions} = facts;
  const details = scores.map(score => {
    const kinds = [...score.tries].map(([kind, tries]) => `- ${kind}: ${count(tries)}`);
    const notes = [...score.notes].map(([name, value]) => `- ${name}: ${value}`);
    const broken = score.broken.map(
      ({what, replay}) => `- BROKEN: ${what}${replay === undefined ? '' : ` (again: \`${replay}\`)`}`,
    );
    return `## ${score.part}\n\n${[...kinds, ...notes, ...broken].join('\n')}\n`;
  });
  return `# Evidence

What was broken on purpose, and what became of the mail. Made by \`${facts.command}\` on ${facts.day}, seed ${facts.seed}, with mailferry
${versions.mailferry}, Node ${versions.node}, Dovecot ${versions.dovecot}, imapflow ${versions.imapflow}. Below the table: the tries of each part by kind, and what was noted.

${scoresTable(scores)}
${verdict(scores)}

${details.join('\n')}`;
}
