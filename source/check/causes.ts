// What stands in the way of many mailboxes, put together by cause: twelve of three hundred stand out, and what mends
// them is read once. Pure.
import type {Problem} from '../engine/problems/problems.ts';
import type {CheckRow} from './row.ts';

export type Cause = {
  readonly code: string;
  /** verdict stop: the mailbox cannot be copied as it is. */
  readonly stops: boolean;
  /** The first mailbox's words; those of the others may differ in addresses and numbers. */
  readonly problem: Problem;
  /** In the order of the list. */
  readonly mailboxes: readonly {readonly row: CheckRow; readonly problem: Problem}[];
};

/** Each --include and --exclude that names no folder is mended for itself. */
const choiceOf = ({code, sentence}: Problem) => (code === 'choice-not-found' ? sentence : '');

/** What stops a mailbox first, then by how many it concerns. */
export function causesOf(rows: readonly CheckRow[]): readonly Cause[] {
  const causes = new Map<string, {problem: Problem; mailboxes: {row: CheckRow; problem: Problem}[]}>();
  for (const row of rows)
    for (const problem of row.problems) {
      const key = JSON.stringify([problem.code, problem.verdict === 'stop', choiceOf(problem)]);
      const cause = causes.get(key) ?? {problem, mailboxes: []};
      causes.set(key, cause);
      // A mailbox at both ends of whose request the same is wrong counts once.
      if (
        cause.mailboxes.at(-1)?.row !== row ||
        cause.mailboxes.at(-1)?.problem.sentence !== problem.sentence
      )
        cause.mailboxes.push({row, problem});
    }
  return [...causes.values()]
    .map(({problem, mailboxes}) => ({
      code: problem.code,
      stops: problem.verdict === 'stop',
      problem,
      mailboxes,
    }))
    .sort(
      (one, other) =>
        Number(other.stops) - Number(one.stops) || other.mailboxes.length - one.mailboxes.length,
    );
}
