// What is to be known of a CSV is told to programs where nothing can begin, too.
import {expect, test} from 'vitest';
import {checkLineSchema} from '../../source/lines/check-schema.ts';
import {newPlace, requestRow} from '../cli/place.ts';

const nobody = {host: '127.0.0.1', imapPort: 9};

test.each([
  ['a password is missing', 'run', {'Destination user password': ''}, ['--yes']],
  ['a password is missing', 'check', {'Destination user password': ''}, []],
  ['nobody has said that it may start', 'run', {}, []],
  ['the report has no place', 'run', {}, ['--yes', '--reports', 'users.csv/reports']],
] as const)('where %s (%s)', async (_, command, changes, more) => {
  const place = newPlace();
  const file = place.csv([requestRow(nobody, nobody, 'ann', {...changes, 'Source user password': 'p;w'})]);
  const {code, stdout} = await place.here([command, file, '--no-input', '--output', 'jsonl', ...more]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map(line => checkLineSchema.parse(JSON.parse(line)))).toMatchObject([
    {type: 'input-problem', severity: 'advice', file, field: 'sourceSecret'},
    {type: 'refused', exitCode: 2},
  ]);
  expect(code).toBe(2);
});
