// A list that was filled in with Excel, which writes sixteen rows at a time, each lot without the last columns that none
// of its rows has anything in.
import {expect, test} from 'vitest';
import {createChecker} from '../../../source/request/csv/check.ts';
import {readRequestsCsv} from '../../../source/request/csv/csv.ts';
import {applyEdits} from '../../../source/request/csv/edit.ts';
import {mendSheet} from '../../../source/request/csv/mend.ts';
import {sheetBytes} from '../../../source/request/csv/save.ts';
import {readSheet, type Sheet} from '../../../source/request/csv/sheet.ts';
import {templateCsv} from '../../../source/request/csv/write.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';
import {requestTypes} from '../../../source/request/types.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
const utf8 = (text: string) => new TextEncoder().encode(text);

const type = requestTypes.find(({code}) => code === 'IMAP-O365');
const [header = []] = (type === undefined ? '' : templateCsv(type))
  .split('\n')
  .map(line => line.replace(/,Destination auth.*/, '').split(','));
const at = (name: string) => header.indexOf(name);

type Changes = Readonly<Record<string, string>>;

/** A row of the template's columns, the optional ones at the end empty. */
function row(number: number, changes: Changes = {}): string[] {
  const cells: Changes = {
    'Source user id': `u${number}`,
    'Source domain': 'old.example',
    'Source user password': 'env:PW',
    'Source Server': 'imap.old.example',
    'Source Server Port': '993',
    'Destination user id': `v${number}`,
    'Destination domain': 'baya.com',
    'Destination user password': 'hunter2',
    'Destination folder': `Data${number}`,
    ...changes,
  };
  return header.map(name => cells[name] ?? '');
}

/** The rows of a sheet as Excel writes them: the header, then these. */
function written(rows: readonly (readonly string[])[], separator = ','): string {
  const all = [header, ...rows];
  const lines = all.map((cells, index) => {
    const lot = all.slice(index - (index % 16), index - (index % 16) + 16);
    const width = Math.max(...lot.map(each => each.findLastIndex(cell => cell !== '') + 1));
    return cells.slice(0, width).join(separator);
  });
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** Forty rows, of which each change is made to the one of its number. */
const forty = (changes: Readonly<Record<number, Changes>> = {}) =>
  Array.from({length: 39}, (_, index) => row(index + 2, changes[index + 2]));

const read = (text: string) => readRequestsCsv(utf8(text), 'users.csv', rules);
const errors = (text: string) => read(text).problems.filter(({severity}) => severity === 'error');

function sheetOf(text: string): Sheet {
  const found = readSheet(utf8(text), 'users.csv');
  if (!found.ok) throw new Error(found.problems[0]?.sentence);
  return found.sheet;
}

/** The lines of a text, that of one number changed. */
const withLine = (text: string, number: number, change: (line: string) => string) =>
  text
    .split('\r\n')
    .map((line, index) => (index === number - 1 ? change(line) : line))
    .join('\r\n');

test.each([',', ';'])('a list as Excel writes it is read as it was meant, separated by %s', separator => {
  const text = written(forty({5: {Before: '2019-02-01'}, 20: {Since: '2019-01-01'}}), separator);
  const widths = text.split('\r\n').map(line => line.split(separator).length);
  expect([widths[15], widths[16], widths[32]]).toEqual([header.length, at('Since') + 1, at('Since')]);
  const reading = read(text);
  expect(reading.ok).toBe(true);
  expect(reading.rows.map(({answers}) => answers.destinationFolder)).toEqual(
    Array.from({length: 39}, (_, index) => `Data${index + 2}`),
  );
  expect(reading.rows[18]?.built).toMatchObject({ok: true, request: {since: '2019-01-01'}});
  // One word for the whole file, beside the advice about the passwords.
  const notes = reading.problems.filter(({sentence}) => sentence.includes('shorter than the header'));
  expect(notes).toMatchObject([{severity: 'advice', line: 17, more: 23}]);
});

test('what is saved has every cell, whether by --fix or from the screens, and is read without a note', () => {
  const text = written(forty({3: {'Source user id': 'u3@old.example', 'Source domain': ''}}));
  const sheet = sheetOf(text);
  const {sheet: mended, changes} = mendSheet(sheet, createChecker(rules, {}));
  expect(changes.map(({sentence}) => sentence)).toEqual([
    'Source user id: "u3@old.example": use u3, old.example',
    'the last cells, which are empty, written out in 24 rows',
  ]);
  const edited = applyEdits(sheet, [{kind: 'answers', line: 30, answers: {since: '2019-01-01'}}]);
  for (const each of [mended, edited]) {
    const out = new TextDecoder('utf-8', {ignoreBOM: true}).decode(sheetBytes(each));
    const lines = out.trimEnd().split('\r\n');
    expect(new Set(lines.map(line => line.split(',').length))).toEqual(new Set([header.length]));
    expect(JSON.stringify(read(out).problems)).not.toContain('shorter');
  }
  expect(mendSheet(mended, createChecker(rules, {})).changes).toEqual([]);
});

test('a short row that the rows around it do not bear out has lost a separator', () => {
  const text = written(forty());
  // The folder is gone with its separator; nothing that is left looks wrong.
  const since = written(forty({20: {Since: '2019-01-01', Before: '2019-02-01'}}));
  for (const [changed, line] of [
    [withLine(text, 20, each => each.replace(',Data20', '')), 20],
    [withLine(since, 20, each => each.replace('Data20,', '')), 20],
    [withLine(text, 9, each => each.replace(/,+$/, '')), 9],
    [withLine(text, 20, each => `${each},`), 20],
  ] as const)
    expect(errors(changed)).toMatchObject([
      {line, sentence: expect.stringMatching(/^The row has \d+ cells/)},
    ]);
  // One or two in the last lot have nobody to bear them out: both may have lost the same separator.
  const withLast = (rows: number) => written(forty().slice(0, 15 + rows));
  for (const end of ['', '\r\n\r\n']) {
    expect(errors(withLast(1) + end)).toMatchObject([{line: 17}]);
    expect(errors(withLast(2) + end)).toMatchObject([{line: 17}, {line: 18}]);
    expect(errors(withLast(3) + end)).toEqual([]);
  }
});

test('a file that is short from its first row on was written by no Excel', () => {
  const lines = written(forty())
    .split('\r\n')
    .map((line, index) => (index === 0 ? line : line.replace(/,+$/, '')));
  expect(errors(lines.join('\r\n')).map(({line}) => line)).toEqual(
    Array.from({length: 39}, (_, index) => index + 2),
  );
});

test('in the rows that Excel left short nothing may have moved: what is there must be right in its column', () => {
  const wrong = (changes: Changes) => errors(written(forty({20: changes})));
  expect(wrong({Since: 'Old mail'})).toMatchObject([
    {
      line: 20,
      sentence:
        'The row has 14 cells, but the header has 16. "Since" is not right as it stands: is a separator missing? Excel leaves the last empty cells out: write "blank" into its last column.',
      fix: {label: 'leave Before, Source folder empty', sure: false},
    },
  ]);
  expect(
    JSON.stringify(wrong({'Destination domain': 'hunter2', 'Destination user password': ''})),
  ).not.toContain('hunter2"');
  // What is written in a way that is known in its column is in its column.
  expect(wrong({'Source user id': 'john@old.example', 'Source domain': ''})).toMatchObject([
    {line: 20, column: {name: 'Source user id'}, fix: {sure: true}},
  ]);
  expect(wrong({Since: '31.01.2019'})).toMatchObject([
    {line: 20, column: {name: 'Since'}, value: '31.01.2019'},
  ]);
  // Where the rows around it do not speak for it, it must be right as it stands.
  const alone = forty()
    .slice(0, 15)
    .concat([row(17, {'Source user id': 'john@old.example', 'Source domain': ''})]);
  expect(errors(written(alone))).toMatchObject([{line: 17, sentence: expect.stringContaining('cells')}]);
});

test('no cell that must be given may be missing, nor one with a secret', () => {
  const names = ['Source user id', 'Source domain', 'Destination user id', 'Destination server'];
  const lines = (last: string) =>
    Array.from({length: 39}, (_, index) => {
      const cells = [`u${index}`, 'baya.com', `v${index}`, 'imap.example.com'];
      return index < 15 ? [...cells, last].join(',') : cells.join(',');
    });
  const errorsWith = (name: string, last: string) =>
    errors([[...names, name].join(','), ...lines(last)].join('\n')).map(({line}) => line);
  const behind = Array.from({length: 24}, (_, index) => index + 17);
  expect(errorsWith('Since', '2019-01-01')).toEqual([]);
  expect(errorsWith('Destination folder', 'Data')).toEqual([]);
  expect(errorsWith('Destination user password', 'pw')).toEqual(behind);
  expect(errorsWith('Destination domain', 'vault.example')).toEqual(behind);
  // Office 365 as the destination needs a folder.
  const into = 'Source user id,Destination domain,Destination user id,Source Server,Destination folder';
  const told = errors([into, ...lines('Data')].join('\n'));
  expect(told.map(({line}) => line)).toEqual(behind);
  expect(told[0]?.sentence).toMatch(/^The row has 4 cells/);
});

test('Microsoft’s own list is short without the last of its columns, not without the last of ours', () => {
  const lines = Array.from({length: 39}, (_, index) => {
    const cells = [`u${index}@contoso.com`, `u${index}@old.example`, 'pw'];
    return index < 15 ? [...cells, '/Mail/'].join(',') : cells.join(',');
  });
  const text = ['EmailAddress,UserName,Password,UserRoot', ...lines].join('\r\n');
  const fill = {sourceServer: 'imap.old.example', destinationFolder: 'Old'};
  const {rows, ok} = readRequestsCsv(utf8(text), 'users.csv', rules, {fill});
  expect(ok).toBe(true);
  expect([rows[14]?.answers, rows[38]?.answers]).toMatchObject([
    {sourceFolder: 'Mail', type: 'IMAP-O365'},
    {sourceUserId: 'u38', type: 'IMAP-O365'},
  ]);
  expect(rows[38]?.answers).not.toHaveProperty('sourceFolder');
});

test('empty rows count in the lots of sixteen', () => {
  const rows = forty();
  rows.splice(3, 3, ...Array.from({length: 3}, () => header.map(() => '')));
  expect(errors(written(rows))).toEqual([]);
});
