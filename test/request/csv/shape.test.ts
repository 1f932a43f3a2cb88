// No password is shown, whatever is wrong with the row it stands in.
import {expect, test} from 'vitest';
import {createChecker} from '../../../source/request/csv/check.ts';
import {applyEdits} from '../../../source/request/csv/edit.ts';
import {hiddenCells} from '../../../source/request/csv/shape.ts';
import {readSheet, type Sheet} from '../../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};

function sheetOf(bytes: Uint8Array): Sheet {
  const read = readSheet(bytes, 'users.csv');
  if (!read.ok) throw new Error(read.problems[0]?.sentence);
  return read.sheet;
}

const sheet = (...lines: readonly string[]) => sheetOf(new TextEncoder().encode(lines.join('\n')));
const problems = (of: Sheet) => createChecker(rules, {})(of).problems;

const header = 'Source user id,Source domain,Source user password,Source Server,Destination user id';

test('of a file that is read by a guess every doubtful cell is shown but a password', () => {
  const text = `${header}\njürgen,baya.com,geheimnüs,imap.example.com,ann\n`;
  const guessed = problems(sheetOf(new Uint8Array(Buffer.from(text, 'latin1')))).filter(({sentence}) =>
    sentence.includes('Windows-1252'),
  );
  expect(guessed.map(({column, value}) => [column?.number, value])).toEqual([
    [1, 'jürgen'],
    [3, undefined],
  ]);
  expect(JSON.stringify(guessed)).not.toContain('geheim');
});

test('a row that is too short is not filled up where a password may have moved', () => {
  const short = (...names: readonly string[]) =>
    problems(sheet(names.join(','), 'ann,hunter2')).find(({sentence}) => sentence.includes('cells'));
  expect(short('Source user id', 'Source domain', 'Source Server')?.fix).toMatchObject({sure: false});
  expect(short('Source user id', 'Source domain', 'Source user password')?.fix).toBeUndefined();
});

test('a password is hidden also where every cell is surely in its place', () => {
  const whole = sheet(header, 'ann,baya.com,hunter2,imap.example.com,ann');
  const [row] = whole.rows;
  expect(row && [...hiddenCells(row, whole)]).toEqual([2]);
});

/** Of the first row, from 0. */
const hiddenIn = (...lines: readonly string[]) => {
  const of = sheet(...lines);
  const [row] = of.rows;
  return row && [...hiddenCells(row, of)].sort();
};

test.each([
  ['an unknown name', 'Source user id,Source domain,Kennwort,Source Server'],
  ['no name', 'Source user id,Source domain,,Source Server'],
  ['the name of another one', 'Source user id,Source domain,Source domain,Source Server'],
])('what stands in a column with %s may be a password, also where it has moved', (_, names) => {
  expect(hiddenIn(names, 'ann,baya.com,hunter2,imap.example.com')).toEqual([2]);
  // The last cell that is surely in place is the domain.
  expect(hiddenIn(names, 'ann,baya.com,hun,ter2,imap.example.com')).toEqual([2, 3]);
  expect(hiddenIn(names, 'ann,hunter2,imap.example.com')).toEqual([1, 2]);
});

test.each(['Source pass', 'source_pwd', 'Dest passwd', 'Target User Pass', 'Src user pwd'])(
  'a column "%s" holds passwords, and no server or port that is mistyped',
  name => {
    const of = sheet(`Source user id,Source domain,${name}`, 'ann,baya.com,hunter2!');
    expect(of.columns[2]).toMatchObject({state: 'known', key: expect.stringMatching(/Secret$/)});
    expect(JSON.stringify(problems(of))).not.toContain('hunter2');
  },
);

test('a password that looks like a domain is hidden where a cell before it is missing', () => {
  expect(hiddenIn(header, 'john,Sommer.Regen7,imap.example.com,bob')).toEqual([1, 2]);
});

test.each([
  ['Source path', 'sourceFolder'],
  ['Dest path', 'destinationFolder'],
])('a column "%s" holds folders, and no password that is mistyped', (name, key) => {
  expect(sheet(`Source user id,${name}`, 'ann,INBOX/Old').columns[1]).toMatchObject({state: 'known', key});
});

test('no column is taken for one of passwords unasked', () => {
  const all = problems(sheet('Source user id,Source domain,Source user passwort', 'ann,baya.com,Old'));
  expect(all.filter(({field}) => field === 'sourceSecret')).toMatchObject([{line: 1, fix: {sure: false}}]);
});

test('nothing else of a row is hidden', () => {
  expect(hiddenIn('Source user id,Source domain', 'ann,baya.com,more')).toEqual([]);
});

test('a password in a column that nobody knows is not told where a separator too many has moved it', () => {
  const moved = problems(
    sheet('Source user id,Kennwort,Source Server,Source Server Port', 'ann,,hunter2,imap.example.com,'),
  );
  expect(moved.filter(({line}) => line === 2)).toMatchObject([
    {sentence: expect.stringContaining('5 cells')},
  ]);
  expect(JSON.stringify(moved)).not.toContain('hunter2');
});

test('rows are checked again when a column has got another meaning', () => {
  const check = createChecker(rules, {});
  const before = sheet('Source user id,Source domain,Destination usr', 'ann,baya.com,bob');
  check(before);
  const column = before.columns[2]?.id ?? -1;
  const after = check(applyEdits(before, [{kind: 'name-column', column, key: 'destinationServer'}]));
  expect(after.rows[0]?.answers).toMatchObject({destinationServer: 'bob'});
});
