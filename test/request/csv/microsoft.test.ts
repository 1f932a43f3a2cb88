// Rows of Microsoft's own list that are no whole rows: what is missing, where, and what becomes of them.
import {expect, test} from 'vitest';
import {createChecker} from '../../../source/request/csv/check.ts';
import {applyEdits} from '../../../source/request/csv/edit.ts';
import {mendSheet} from '../../../source/request/csv/mend.ts';
import {sheetBytes} from '../../../source/request/csv/save.ts';
import {readSheet, type Sheet} from '../../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';

const rules: FieldRules = {
  passwordPolicy: 'off',
  allowPlaintext: true,
  microsoft: {clientId: '00000000-0000-0000-0000-000000000000', tenant: 'baya.com', hasProof: true},
};
const fill = {sourceServer: 'imap.old.example', destinationFolder: 'Old'};
const check = () => createChecker(rules, {fill});
const withRoot = 'EmailAddress,UserName,Password,UserRoot\nann@baya.com,ann@old.example,pw1,/\n';

function sheetOf(text: string): Sheet {
  const read = readSheet(new TextEncoder().encode(text), 'ms.csv');
  if (!read.ok) throw new Error('It cannot be read');
  return read.sheet;
}

const errorsOf = (sheet: Sheet) => check()(sheet).problems.filter(({severity}) => severity === 'error');

test('a row without its last cell is without that one, not without its request type', () => {
  const sheet = sheetOf(`${withRoot}cid@baya.com,cid@old.example,pw3\n`);
  const [error] = errorsOf(sheet);
  expect(error?.sentence).toMatch(/^The row has 3 cells, but the header has 4\./);
  expect(error?.fix?.label).toBe('leave UserRoot empty');
  const {ok, rows} = check()(applyEdits(sheet, error?.fix?.edits ?? []));
  expect(ok).toBe(true);
  const built = rows[1]?.built;
  const request = built?.ok ? built.request : undefined;
  expect(request).toMatchObject({type: 'IMAP-O365', source: {userId: 'cid'}, destination: {userId: 'cid'}});
  expect(request?.sourceFolder).toBe(rows[0]?.built.ok ? rows[0].built.request.sourceFolder : '');
});

test('a password that is missing is not taken for empty, nor anything else for a password', () => {
  const sheet = sheetOf('EmailAddress,UserName,Password\nann@baya.com,ann@old.example\n');
  const [error, ...others] = errorsOf(sheet);
  expect(error?.sentence).toMatch(/^The row has 2 cells, but the header has 3\./);
  expect([error?.fix, others]).toEqual([undefined, []]);
});

test('cells too many are counted as they stand', () => {
  const [error] = errorsOf(sheetOf(`${withRoot}cid@baya.com,cid@old.example,pw,1,/\n`));
  expect(error?.sentence).toMatch(/^The row has 5 cells, but the header has 4\./);
});

test('a wrong quote is told in its own column', () => {
  const sheet = sheetOf(`${withRoot}cid@baya.com,"cid"x,pw3,\n`);
  expect(errorsOf(sheet)).toMatchObject([{line: 3, column: {number: 2, name: 'UserName'}}]);
});

test('a row whose quotes are wrong is not written below other columns than its own', () => {
  const words = /the quotes in line 3 are wrong, and its columns are Microsoft's still/;
  const wrong = sheetOf(`${withRoot}cid@baya.com,"cid"x,pw3,\n`);
  expect(() => sheetBytes(wrong)).toThrow(words);
  expect(() => sheetBytes(mendSheet(wrong, check(), fill).sheet)).toThrow(words);
  const short = mendSheet(sheetOf(`${withRoot}cid@baya.com,cid@old.example,pw3\n`), check(), fill);
  const written = new TextDecoder().decode(sheetBytes(short.sheet));
  expect(written.split('\n').slice(0, 3)).toEqual([
    'Request type,Destination user id,Destination domain,Source user id,Source domain,Source user password,Source folder,Source Server,Destination folder',
    'IMAP-O365,ann,baya.com,ann,old.example,pw1,,imap.old.example,Old',
    expect.stringMatching(/^IMAP-O365,cid,baya.com,cid,old.example,pw3(,|$)/),
  ]);
  // Read again, it is short of the cells that it was short of.
  const [again] = createChecker(rules, {})(sheetOf(written)).problems.filter(({line}) => line === 3);
  expect(again?.sentence).toMatch(/^The row has \d cells, but the header has 9\./);
});
