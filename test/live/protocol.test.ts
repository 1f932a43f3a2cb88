import {expect, test} from 'vitest';
import {readCommand} from '../../source/live/protocol.ts';

test.each([
  [{do: 'stop'}, {do: 'stop'}],
  [
    {do: 'first', about: 3, more: 'x'},
    {do: 'first', about: 3},
  ],
  [
    {do: 'changeMailboxes', about: -1},
    {do: 'changeMailboxes', about: -1},
  ],
  // Whatever else a run can do, or every object has.
  [{do: 'store'}, undefined],
  [{do: 'constructor'}, undefined],
  [{do: '__proto__'}, undefined],
  [{do: 'stop', about: '0'}, undefined],
  [{do: 'stop', about: 0.5}, undefined],
  [{do: 'stop', about: null}, undefined],
  [{}, undefined],
  [null, undefined],
  [7, undefined],
])('%j is read as the command %j', (said, command) => {
  expect(readCommand(said)).toEqual(command);
});
