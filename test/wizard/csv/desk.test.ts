import {expect, test} from 'vitest';
import type {CsvProblem} from '../../../source/request/csv/problem.ts';
import {sureFixes} from '../../../source/wizard/csv/desk.ts';

test('what is mended with one key is only what is sure', () => {
  const problem: CsvProblem = {severity: 'error', line: 2, sentence: 'wrong'};
  const fixed = (sure: boolean): CsvProblem => ({...problem, fix: {label: 'right', sure, edits: []}});
  const problems = [problem, fixed(false), fixed(true), fixed(true)];
  expect(sureFixes({fileName: 'users.csv', rows: [], problems, ok: false})).toBe(2);
});
