// What the command line of the benchmark says.
import {parseArgs} from 'node:util';

export const parts = [
  'small',
  'inbox',
  'tls',
  'mailboxes',
  'mixed',
  'folders',
  'nothing-new',
  'memory',
  'lesser',
  'screen',
] as const;
export type Part = (typeof parts)[number];

export type BenchOptions = {
  readonly parts: readonly Part[];
  /** Round-trip times in ms. */
  readonly rtts: readonly number[];
  readonly rounds: number;
  /** Messages of each corpus; of the one with many folders there are two in each. */
  readonly messages: {readonly small: number; readonly mixed: number; readonly folders: number};
  /** Mailboxes that are copied in one run, where it is not one. */
  readonly mailboxes: number;
  /** Sizes of the memory series, in messages. */
  readonly series: readonly number[];
  /** Contenders by name; all that are installed where empty. */
  readonly tools: readonly string[];
  /** Nothing runs longer than this. */
  readonly timeoutMs: number;
};

export const usage = `npm run bench -- [options]
  --only PART[,PART]  ${parts.join(', ')}; all of them where not given
  --rtt MS[,MS]       round-trip times, 0 to 1000 (0,20,60)
  --rounds N          1 to 9; medians are printed (3)
  --tools NAME[,NAME] only these contenders; mailferry always runs
  --quick             2,000 messages, one round, no series beyond 10,000
`;

/** Reads the command line. @throws Error with a sentence for the user */
export function readOptions(args: readonly string[]): BenchOptions {
  const {values} = parseArgs({
    args: [...args],
    options: {
      only: {type: 'string'},
      rtt: {type: 'string'},
      rounds: {type: 'string'},
      tools: {type: 'string'},
      quick: {type: 'boolean', default: false},
    },
  });
  const list = (text: string | undefined) => (text === undefined ? [] : text.split(',').filter(Boolean));
  const chosen = list(values.only).map(name => {
    const part = parts.find(each => each === name);
    if (part === undefined) throw new Error(`--only knows ${parts.join(', ')}, not "${name}".`);
    return part;
  });
  const {quick} = values;
  return {
    parts: chosen.length > 0 ? chosen : parts,
    rtts:
      values.rtt === undefined ? [0, 20, 60] : list(values.rtt).map(text => whole('--rtt', text, 0, 1000)),
    rounds: values.rounds === undefined ? (quick ? 1 : 3) : whole('--rounds', values.rounds, 1, 9),
    messages: quick
      ? {small: 2_000, mixed: 300, folders: 200}
      : {small: 10_000, mixed: 3_000, folders: 1_000},
    mailboxes: quick ? 10 : 40,
    series: quick ? [1_000, 10_000] : [1_000, 10_000, 100_000],
    tools: list(values.tools),
    timeoutMs: 5 * 60_000,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Error(`${name} takes whole numbers from ${least} to ${most}, not "${text}".`);
  return number;
}
