// What is asked of the destination when all has moved, and what is made of its answers.
import type {Defence} from '../../helpers/defence.ts';

const verified =
  (test: string) =>
  (about: string, file: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `${file}.ts`, code, instead},
    test: `engine/copy/${test}.test.ts`,
    title,
  });
const finished = verified('finished');

export const verifying: readonly Defence[] = [
  finished(
    'a run that was stopped before the destination was asked is not done',
    'engine/copy/mailbox',
    "(stage === 'copied' && !stopped)",
    "stage === 'copied'",
    'a run that is stopped before the destination was asked whether it holds what it took has not carried it out',
  ),
];
