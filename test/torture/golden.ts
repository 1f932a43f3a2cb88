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

type Counts = Map<string, number>;

function countsOf(mailbox: Mailbox): Counts {
  const counts: Counts = new Map();
  for (const [folder, messages] of mailbox)
    for (const message of messages) {
      const print = `${folder} | ${fingerprint(message)}`;
      counts.set(print, (counts.get(print) ?? 0) + 1);
    }
  return counts;
}

/** Each print of `some`, as often as it is there more often than in `others`. */
function beyond(some: Counts, others: Counts): string[] {
  return [...some].flatMap(([print, count]) =>
    Array.from({length: Math.max(0, count - (others.get(print) ?? 0))}, () => print),
  );
}

/** Content, INTERNALDATE, flags and number of every message, and every folder. */
export function compareMail(golden: Mailbox, found: Mailbox): Difference {
  const wanted = countsOf(golden);
  const there = countsOf(found);
  const more = beyond(there, wanted);
  const folders = [...found.keys()].filter(folder => !golden.has(folder));
  const missing = [...golden.keys()].filter(folder => !found.has(folder) && golden.get(folder)?.length === 0);
  return {
    compared: [...wanted.values()].reduce((all, count) => all + count, 0),
    lost: beyond(wanted, there),
    doubled: more.filter(print => wanted.has(print)),
    foreign: [
      ...more.filter(print => !wanted.has(print)),
      ...folders.map(folder => `the folder ${folder}`),
      ...missing.map(folder => `no folder ${folder}`),
    ],
  };
}
