import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {answersIn} from '../../../source/request/csv/answers.ts';
import {createChecker} from '../../../source/request/csv/check.ts';
import {applyEdits} from '../../../source/request/csv/edit.ts';
import {mendSheet} from '../../../source/request/csv/mend.ts';
import {sheetBytes} from '../../../source/request/csv/save.ts';
import {placesOf, readSheet, type Sheet} from '../../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';
import type {Answers} from '../../../source/request/fields.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
const utf8 = (text: string) => new TextEncoder().encode(text);

function sheetOf(text: string | Uint8Array): Sheet {
  const read = readSheet(typeof text === 'string' ? utf8(text) : text, 'users.csv');
  if (!read.ok) throw new Error(read.problems[0]?.sentence);
  return read.sheet;
}

function mended(text: string | Uint8Array, fill: Answers = {}) {
  const {sheet, changes, reading} = mendSheet(sheetOf(text), createChecker(rules, {fill}), fill);
  return {
    text: new TextDecoder('utf-8', {ignoreBOM: true}).decode(sheetBytes(sheet)),
    changes: changes.map(({line, sentence}) => `${line ?? ''} ${sentence}`),
    left: reading.problems.filter(problem => problem.severity === 'error').map(problem => problem.line),
  };
}

const header =
  'Source user id,Source domain,Source user password,Destination user id,Destination server,Destination folder,Request type';

describe('what can be meant one way only is mended', () => {
  test('addresses, blanks, names, types, days, servers, empty rows and columns; and each is said', () => {
    const text = [
      'source_user_id,src domain,Source user password,Destination user id,Destinaton server,Destination folder,Request type,Since,',
      'john@baya.com,, pw ,vault,imap.example.com,Data1,o365 imap,2019/1/2,',
      ',,,,,,,,',
      ' ann ,baya.com,"p,w",blank,imaps://imap.example.com:993/,Data2/,O365-IMAP,blank,',
    ].join('\r\n');
    const {text: out, changes, left} = mended(text);
    expect(out).toBe(
      [
        'Source user id,Source domain,Source user password,Destination user id,Destination server,Destination folder,Request type,Since,Destination Server Port',
        'john,baya.com," pw ",vault,imap.example.com,Data1,O365-IMAP,2019-01-02,',
        'ann,baya.com,"p,w",,imap.example.com,Data2,O365-IMAP,,993',
        '',
      ].join('\r\n'),
    );
    expect(changes).toEqual([
      '1 column "source_user_id" is now "Source user id"',
      '1 column "src domain" is now "Source domain"',
      '1 Destinaton server: use Destination server',
      '2 source_user_id: "john@baya.com": use john, baya.com',
      '2 Since: "2019/1/2": use 2019-01-02',
      '4 Destination folder: "Data2/": use Data2',
      '4 Destination server: "imaps://imap.example.com:993/": use imap.example.com, port 993',
      '2 Request type: "o365 imap" is now "O365-IMAP"',
      ' blanks around 1 value removed',
      ' "blank" is now empty in 2 cells',
      ' 1 empty column removed',
      ' 1 empty row removed',
    ]);
    // A user id that is not there cannot be made up.
    expect(left).toEqual([4]);
  });

  test('what could be meant otherwise is left as it was', () => {
    const rows = [
      'john@else.com,baya.com,pw,v,imap.example.com,Data,O365-IMAP',
      'ann,baya.com,"p"w,v2,imap.example.com,Data,O365-IMAP',
      'bob,baya.com,p,w,v3,imap.example.com,Data,O365-IMAP',
      'eve,baya.com',
      'fay,baya.com,pw,v4,imap.example.com,Archive,O365-IMAP',
    ];
    const text = `${[header, ...rows].join('\n')}\n`;
    expect(mended(text)).toEqual({text, changes: [], left: [2, 3, 4, 5, 6]});
    const open = `${header}\nfay,baya.com,"pw,v4,imap.example.com,Data,O365-IMAP\n`;
    expect(mended(open)).toEqual({text: open, changes: [], left: [2]});
  });

  test('separator, line ends and mark stay; UTF-16 becomes UTF-8 with a mark', () => {
    const semicolons =
      `\ufeff${header}\r\njohn,baya.com,pw,v,imap.example.com,Größe,O365-IMAP\r\n`.replaceAll(',', ';');
    expect(mended(semicolons)).toEqual({text: semicolons, changes: [], left: []});
    expect(mended(new Uint8Array(Buffer.from(semicolons, 'utf16le'))).text).toBe(semicolons);
  });

  test('the first line in which Excel says the separator stays', () => {
    const text = `sep=;\r\n${header}\r\njohn@baya.com,,pw,v,imap.example.com,Data,O365-IMAP\r\n`.replaceAll(
      ',',
      ';',
    );
    const out = mended(text);
    expect(out.text).toBe(text.replace('john@baya.com;;', 'john;baya.com;'));
    expect(mended(out.text)).toEqual({text: out.text, changes: [], left: []});
    expect(out.left).toEqual([]);
  });

  test('a file that is read by a guess is written as it was, until a person has taken the guess', () => {
    const rows = ['john@baya.com,,p\u00fcw,v,imap.example.com,Größe 5\u20ac,O365-IMAP'];
    // What Windows-1252 has for € is not what Latin-1 has.
    const bytes = (text: string) =>
      new Uint8Array(Buffer.from(text.replaceAll('\u20ac', '\u0080'), 'latin1'));
    const read = readSheet(bytes(`${[header, ...rows].join('\n')}\n`), 'users.csv');
    if (!read.ok) throw new Error('not read');
    const {sheet, changes, reading} = mendSheet(read.sheet, createChecker(rules, {}), {});
    const now = `${header}\njohn,baya.com,p\u00fcw,v,imap.example.com,Größe 5\u20ac,O365-IMAP\n`;
    expect(Buffer.from(sheetBytes(sheet))).toEqual(Buffer.from(bytes(now)));
    expect(changes.map(({line}) => line)).toEqual([2]);
    const doubts = reading.problems.filter(({severity}) => severity === 'error');
    expect(doubts).toMatchObject([{line: 2}, {line: 2, value: 'Größe 5\u20ac'}]);

    const taken = applyEdits(sheet, doubts[0]?.fix?.edits ?? []);
    expect(Buffer.from(sheetBytes(taken)).toString()).toBe(`\ufeff${now}`);
    const folder = [{kind: 'answers', line: 2, answers: {destinationFolder: 'Łódź'}}] as const;
    expect(() => sheetBytes(applyEdits(sheet, folder))).toThrow(/which has no "Ł"/);
    expect(Buffer.from(sheetBytes(applyEdits(taken, folder))).toString()).toContain('Łódź');
  });

  test('Microsoft’s list becomes ours, with what is given for all rows in the rows', () => {
    const {text, left} = mended(
      'EmailAddress,UserName,Password\njohn@contoso.com,john@old.example,s3cret\n',
      {
        sourceServer: 'imap.old.example',
        destinationFolder: 'Old',
      },
    );
    expect(text).toBe(
      'Request type,Destination user id,Destination domain,Source user id,Source domain,Source user password,Source Server,Destination folder\n' +
        'IMAP-O365,john,contoso.com,john,old.example,s3cret,imap.old.example,Old\n',
    );
    expect(left).toEqual([]);
  });

  test('a type that the server makes clear is written so, and left as it is where no server does', () => {
    const mithi = (server: string) => `ann,baya.com,pw,v,${server},Data,O365-MITHI-IMAP`;
    const typeOf = (server: string) => {
      const {text} = mended(`${header}\n${mithi(server)}\n`);
      return text.trimEnd().split(',').at(-1);
    };
    expect(typeOf('imap.vaultastic.com')).toBe('O365-VAULTASTIC');
    expect(typeOf('baya.mithiskyconnect.com')).toBe('O365-SKYCONNECT');
    // A server that is given for all rows later still decides.
    expect(typeOf('')).toBe('O365-MITHI-IMAP');
  });

  test('what could not be read is written as it stood, in the columns it was written for', () => {
    const open = Array.from(
      {length: 51},
      (_, at) => `u${at},baya.com,"pw,v${at},imap.example.com,Data,O365-IMAP,`,
    );
    const right = 'ann@baya.com,,pw, v ,imap.example.com,Data,O365-IMAP,\r\n\nbob,,;é';
    const text = `${header},\n${[...open, right].join('\n')}`;
    expect(mended(text)).toEqual({text, changes: [], left: [...open.keys()].map(at => at + 2)});
    const [told] = createChecker(rules, {})(sheetOf(text)).problems.filter(({line}) => line === 52);
    expect(told).toMatchObject({
      severity: 'error',
      sentence: expect.stringContaining('stands there unchanged'),
    });
    // Nor is a column offered to be left out once the rows that could be read are right.
    const doubled = sheetOf(text.replace(`${header},`, `${header},source_domain`));
    const edits = [...open.keys()].map(at => ({kind: 'accept-quotes', line: at + 2}) as const);
    const [first] = createChecker(rules, {})(applyEdits(doubled, edits)).problems;
    expect(first).toMatchObject({line: 1, field: 'sourceDomain'});
    expect(first?.fix).toBeUndefined();
  });

  test('a column without a name stays where a row has something in it', () => {
    const text = `${header},\nann,baya.com,pw,v,imap.example.com,Data,O365-IMAP,more\n`;
    expect(mended(text).text).toBe(text);
  });

  test('what stands in a row that is not understood is left as it is, blanks and all', () => {
    const rows = [
      // Too short; and a separator too many, which the empty cells at the end take in.
      '" ann ",baya.com',
      'john,baya.com,s3c,ret,v,imap.example.com,Data,O365-IMAP,,',
    ];
    const text = `${[`${header},Since`, ...rows].join('\n')}\n`;
    expect(mended(text)).toEqual({text, changes: [], left: [2, 3]});
  });

  test('nor are columns that nobody knows, or that are there twice', () => {
    const row = 'ann,baya.com,pw,v,imap.example.com,Data,O365-IMAP';
    for (const more of ['Favourite colour," red "', 'source_domain,else.com'])
      expect(mended(`${header},${more.split(',')[0]}\n${row},${more.split(',')[1]}\n`).text).toBe(
        `${header},${more.split(',')[0]}\n${row},${more.split(',')[1]}\n`,
      );
  });

  test('blanks around a folder are its own', () => {
    const text = `${header},Source folder\nann,baya.com,pw,v,imap.example.com,Data,O365-IMAP," Old "\n`;
    expect(mended(text).text).toBe(text);
  });

  test('empty cells behind the last column go', () => {
    const text = `${header}\nann,baya.com,pw,v,imap.example.com,Data,O365-IMAP`;
    expect(mended(`${text},,\n`).text).toBe(`${text}\n`);
  });

  test('no change says a secret', () => {
    const {changes} = mended(`${header}\njohn@baya.com,,hunter2,v,imap.example.com,D,O365-IMAP\n`);
    expect(changes).toHaveLength(1);
    expect(changes.join('')).not.toContain('hunter2');
  });
});

test('what is written reads back as the same cells, and there is nothing left to mend', () => {
  const cell = fc.oneof(
    fc.string({unit: 'grapheme', maxLength: 8}),
    fc.constantFrom(
      ' a ',
      'a,b',
      'a;b',
      '"',
      'x\ny',
      'x\r\ny',
      'x\ry',
      'x\ty',
      '=1',
      'blank',
      'a@b.com',
      '2019/1/1',
      '',
    ),
  );
  const rows = fc.array(fc.array(cell, {minLength: 5, maxLength: 9}), {minLength: 1, maxLength: 6});
  fc.assert(
    fc.property(rows, fc.constantFrom(',', ';', '\t'), fc.boolean(), (list, delimiter, mark) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const text = [header.split(','), ...list].map(cells => cells.map(quote).join(delimiter)).join('\n');
      const sheet = sheetOf((mark ? '\ufeff' : '') + text);
      const again = sheetOf(sheetBytes(sheet));
      expect(again.rows.map(row => row.cells)).toEqual(sheet.rows.map(row => row.cells));
      expect(again.columns).toEqual(sheet.columns);
      const check = createChecker(rules, {});
      const first = mendSheet(sheet, check);
      const second = mendSheet(sheetOf(sheetBytes(first.sheet)), check);
      expect(sheetBytes(second.sheet)).toEqual(sheetBytes(first.sheet));
      expect(second.changes).toEqual([]);
    }),
    {numRuns: 300},
  );
});

describe('an edit', () => {
  const sheet = sheetOf(`${header}\na,b.com,pw,v,s,D,O365-IMAP\na,b.com\nc,b.com,pw,w,s,,O365-IMAP\n`);
  const cellsOf = (edited: Sheet) => edited.rows.map(row => row.cells.join('|'));

  test('leaves the other rows as they are', () => {
    const edited = applyEdits(sheet, [{kind: 'answers', line: 2, answers: {sourceUserId: 'x'}}]);
    expect(edited.rows[0]?.cells[0]).toBe('x');
    expect(edited.rows[1]).toBe(sheet.rows[1]);
    expect(edited.rows[2]).toBe(sheet.rows[2]);
  });

  test.each([
    ['', false, false],
    ['blank', false, false],
    ['Blank', false, false],
    [' BLANK ', false, false],
    ['  ', true, false],
    ['blanks', true, true],
    [' x ', true, true],
  ])('what is not given is the same to who reads a list and to who fills it: %j', (cell, secret, text) => {
    const of = sheetOf(`${header}\na,b.com,"${cell}",v,"${cell}",D,O365-IMAP\n`);
    expect(answersIn(of.rows[0]?.cells ?? [], placesOf(of))).toEqual({
      ...{
        sourceUserId: 'a',
        sourceDomain: 'b.com',
        destinationUserId: 'v',
        destinationFolder: 'D',
        type: 'O365-IMAP',
      },
      ...(secret ? {sourceSecret: cell} : {}),
      ...(text ? {destinationServer: cell.trim()} : {}),
    });
    const fill = {sourceSecret: 'env:P', destinationServer: 's.example'};
    const [row] = applyEdits(of, [{kind: 'fill', answers: fill}]).rows;
    expect([row?.cells[2], row?.cells[4]]).toEqual([secret ? cell : 'env:P', text ? cell : 's.example']);
  });

  test('adds a column where there is none; a row that is too short stays so', () => {
    const edited = applyEdits(sheet, [
      {kind: 'fill', answers: {since: '2019-01-01', destinationFolder: 'E'}},
    ]);
    expect(edited.columns.at(-1)).toMatchObject({key: 'since', number: 8});
    expect(cellsOf(edited)).toEqual([
      'a|b.com|pw|v|s|D|O365-IMAP|2019-01-01',
      'a|b.com|',
      'c|b.com|pw|w|s|E|O365-IMAP|2019-01-01',
    ]);
  });

  test('writes no answer where a row has no cell for it', () => {
    const edited = applyEdits(sheet, [
      {kind: 'answers', line: 3, answers: {sourceUserId: 'x', destinationServer: 'y'}},
    ]);
    expect(edited.rows[1]?.cells).toEqual(['x', 'b.com']);
  });

  test('adds a column once, for however many rows, and takes it for none that was there', () => {
    const wide = applyEdits(sheet, [
      {kind: 'answers', line: 2, answers: {since: '2019-01-01'}},
      {kind: 'answers', line: 4, answers: {since: '2019-02-01'}},
    ]);
    expect(cellsOf(wide)).toEqual([
      'a|b.com|pw|v|s|D|O365-IMAP|2019-01-01',
      'a|b.com|',
      'c|b.com|pw|w|s||O365-IMAP|2019-02-01',
    ]);
    const narrow = applyEdits(wide, [{kind: 'remove-column', column: sheet.columns[0]?.id ?? -1}]);
    const again = applyEdits(narrow, [{kind: 'fill', answers: {before: '2020-01-01'}}]);
    expect(new Set(again.columns.map(({id}) => id)).size).toBe(8);
  });

  test('puts a column before what a row has too much', () => {
    const long = sheetOf(`${header}\na,b.com,pw,v,s,D,O365-IMAP,more\n`);
    const edited = applyEdits(long, [{kind: 'fill', answers: {since: '2019-01-01'}}]);
    expect(cellsOf(edited)).toEqual(['a|b.com|pw|v|s|D|O365-IMAP||more']);
  });

  test('takes no other column for one that has gone', () => {
    const edit = {kind: 'remove-column', column: sheet.columns[2]?.id ?? -1} as const;
    expect(applyEdits(sheet, [edit, edit]).columns).toHaveLength(6);
  });

  test('of a row leaves no other of it out', () => {
    const edited = applyEdits(sheet, [
      {kind: 'answers', line: 2, answers: {sourceUserId: 'x'}},
      {kind: 'answers', line: 2, answers: {destinationUserId: 'y'}},
    ]);
    expect(cellsOf(edited)[0]).toBe('x|b.com|pw|y|s|D|O365-IMAP');
  });

  test('of a row’s cells is what is written of it, whatever was wrong before', () => {
    const cells = ['x', 'b.com', '', 'v', 's', 'D', 'O365-IMAP'];
    const wrong = [`"a"b,b.com,pw,v,s,D,O365-IMAP`, `a,b.com,pw,v,s,D,O365-IMAP,,`];
    const edited = applyEdits(sheetOf([header, ...wrong].join('\n')), [
      {kind: 'cells', line: 2, cells},
      {kind: 'cells', line: 3, cells},
    ]);
    const text = new TextDecoder().decode(sheetBytes(edited));
    expect(text).toBe(`${[header, cells, cells].join('\n')}\n`);
  });

  test('that takes the quotes as they stand writes them so that they are read so', () => {
    const open = sheetOf(`${header}\n"a"b,b.com,pw,v,s,D,O365-IMAP\n`);
    const edited = applyEdits(open, [{kind: 'accept-quotes', line: 2}]);
    const again = sheetOf(sheetBytes(edited));
    expect(again.rows.map(({cells, fault}) => [cells[0], fault])).toEqual([['"a"b', undefined]]);
  });

  test('removes rows and columns, fills up what is missing', () => {
    const password = sheet.columns[2]?.id ?? -1;
    const edited = applyEdits(sheet, [
      {kind: 'remove-row', line: 2},
      {kind: 'pad', line: 3},
      {kind: 'remove-column', column: password},
    ]);
    expect(cellsOf(edited)).toEqual(['a|b.com||||', 'c|b.com|w|s||O365-IMAP']);
  });
});

test('ten thousand rows with one edited are checked again for that row alone', () => {
  const rows = Array.from({length: 10_000}, (_, at) => `u${at},b.com,pw,v${at},imap.example.com,D,O365-IMAP`);
  const sheet = sheetOf([header, ...rows].join('\n'));
  const check = createChecker(rules, {});
  const before = check(sheet);
  const after = check(applyEdits(sheet, [{kind: 'answers', line: 5000, answers: {sourceUserId: 'a b'}}]));
  expect(before.ok).toBe(true);
  expect(after.ok).toBe(false);
  expect(after.rows.filter((row, index) => row !== before.rows[index])).toHaveLength(1);
});
