// A machine whose clock is set back all the while, as the program's process sees it.
import {expect, it} from 'vitest';
import {jsonLines, lastSummary, newPlace, requestRow} from './place.ts';

/** Each look at the clock finds it an hour earlier. */
const setBack = `
const hour = 3_600_000;
let now = Date.now();
Date.now = () => (now -= hour);
`;

it('a run never ends before it began, however often the clock is set back', async () => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: 1};
  const file = place.csv([requestRow(nobody, nobody, 'ann')]);
  const {code, stdout} = await place.run(['run', file, '--yes', '--no-input', '--output', 'jsonl'], {
    env: {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(setBack)}`},
  });
  expect(code).toBe(4);
  const times = jsonLines(stdout).map(line => ('at' in line ? line.at : 0));
  expect(times.length).toBeGreaterThan(2);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  const {startedAt, endedAt} = lastSummary(place);
  expect(Date.parse(endedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
});
