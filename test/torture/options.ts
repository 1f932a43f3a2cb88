// What the command line of the torture rig says.
import {parseArgs} from 'node:util';

export type TortureOptions = {
  /** Names of parts; all where empty. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Undefined: as long as the parts need. */
  readonly minutes: number | undefined;
  /** Writes test/EVIDENCE.md. */
  readonly record: boolean;
  /** The one try of the one part to run. */
  readonly case?: string;
};

export const usage = (names: readonly string[]) => `npm run torture -- [options]
  --only PART[,PART]  ${names.join(', ')}; all of them where not given
  --seed N            all chance follows from it (1)
  --minutes N         1 to 1440, shared among the parts; without it as long as they need
  --record            writes the parts that ran into test/EVIDENCE.md; of a --case, that it passes again
  --case TEXT         with one part: only the try that a failing one printed
`;

/** Reads the command line. @throws Error with a sentence for a person */
export function readOptions(args: readonly string[], names: readonly string[]): TortureOptions {
  const {values} = parseArgs({
    args: [...args],
    options: {
      only: {type: 'string'},
      seed: {type: 'string', default: '1'},
      minutes: {type: 'string'},
      record: {type: 'boolean', default: false},
      case: {type: 'string'},
    },
  });
  const only = (values.only ?? '').split(',').filter(name => name !== '');
  const unknown = only.find(name => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--only knows ${names.join(', ')}, not "${unknown}".`);
  if (values.case !== undefined && only.length !== 1)
    throw new Error('--case runs one try of one part: name the part with --only.');
  return {
    only,
    seed: whole('--seed', values.seed, 0, 2 ** 31 - 1),
    minutes: values.minutes === undefined ? undefined : whole('--minutes', values.minutes, 1, 1440),
    record: values.record,
    ...(values.case === undefined ? {} : {case: values.case}),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Error(`${name} takes whole numbers from ${least} to ${most}, not "${text}".`);
  return number;
}
