// How a mailbox must be, and where one is not so.
import {fingerprint, type Mailbox} from '../helpers/mail.ts';

export type Difference = {
  /** Messages that must be there, as often as they must. */
  readonly compared: number;
  readonly lost: readonly string[];
  /** There once more than they must be. */
  readonly doubled: readonly string[];
  /** Mail that nobody sent so: other bytes, another date, other flags; and folders that nobody asked for. */
  readonly foreign: readonly string[];
};

type Counts = ReadonlyMap<string, number>;

function countsOf(prints: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  return counts;
}

const printsOf = (mailbox: Mailbox): string[] =>
  [...mailbox].flatMap(([folder, messages]) =>
    messages.map(message => `${folder} | ${fingerprint(message)}`),
  );

/** Each print of `some`, as often as it is there more often than in `others`. */
function beyond(some: Counts, others: Counts): string[] {
  return [...some].flatMap(([print, count]) =>
    Array.from({length: Math.max(0, count - (others.get(print) ?? 0))}, () => print),
  );
}

/**
 * What must be there and what is there, each as often as it is: one that is missing is not made up for by another that
 * came twice.
 */
export function compareCounts(wanted: readonly string[], there: readonly string[]): Difference {
  const must = countsOf(wanted);
  const found = countsOf(there);
  const more = beyond(found, must);
  return {
    compared: wanted.length,
    lost: beyond(must, found),
    doubled: more.filter(print => must.has(print)),
    foreign: more.filter(print => !must.has(print)),
  };
}

/** Content, INTERNALDATE, flags and number of every message, and every folder. */
export function compareMail(golden: Mailbox, found: Mailbox): Difference {
  const {foreign, ...counted} = compareCounts(printsOf(golden), printsOf(found));
  const folders = [...found.keys()].filter(folder => !golden.has(folder));
  const missing = [...golden.keys()].filter(folder => !found.has(folder) && golden.get(folder)?.length === 0);
  return {
    ...counted,
    foreign: [
      ...foreign,
      ...folders.map(folder => `the folder ${folder}`),
      ...missing.map(folder => `no folder ${folder}`),
    ],
  };
}

/** What was wrong at first, and what has changed since. */
export const bothOf = (first: Difference, since: Difference): Difference => ({
  compared: first.compared,
  lost: [...first.lost, ...since.lost],
  doubled: [...first.doubled, ...since.doubled],
  foreign: [...first.foreign, ...since.foreign],
});
