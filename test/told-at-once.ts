// Where mail is carried, what an assertion found is told at once and never asked again: a message that is lost or doubled
// in one try of three is lost. What was waited for in vain may be asked again there too, as the configuration has it.
import {beforeAll, type RunnerTask} from 'vitest';

/** Tests that count mail. */
const ofMail =
  /\/test\/(?:engine\/(?:copy\/|exchange\/|batch|outage)|torture\/|cli\/(?:kill|batch|stop|other-reader|failures))/;

function tellAtOnce(task: RunnerTask): void {
  if (task.type === 'suite') {
    for (const each of task.tasks) tellAtOnce(each);
    return;
  }
  const {retry} = task;
  if (typeof retry !== 'number' || retry === 0) return;
  const asserted = () => (task.result?.errors ?? []).some(({name}) => name === 'AssertionError');
  task.retry = {count: retry, condition: () => !asserted()};
}

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures are wanted.
beforeAll(({}, {file}) => {
  if (ofMail.test(file.filepath)) for (const task of file.tasks) tellAtOnce(task);
});
