import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {buildRequest} from '../../../source/request/build-request.ts';
import {columnOrder, columnsOf} from '../../../source/request/csv/columns.ts';
import {readRequestsCsv} from '../../../source/request/csv/csv.ts';
import {problemLine} from '../../../source/request/csv/problem.ts';
import {templateCsv, writeRequestsCsv} from '../../../source/request/csv/write.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';
import type {FieldKey} from '../../../source/request/fields.ts';
import {requestTypes} from '../../../source/request/types.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string, overrides = {}) => readRequestsCsv(utf8(text), 'users.csv', rules, {overrides});
const said = (text: string) =>
  read(text)
    .problems.filter(problem => problem.severity !== 'advice')
    .map(({severity, line, column, field}) => ({severity, line, column: column?.number, field}));

/** Six columns, Office 365 at a gateway (no advice), generic IMAP. */
const header =
  'Source user id,Source domain,Source user password,Destination user id,Destination server,Destination folder,Request type';
const row = (changes: Partial<Record<'user' | 'password' | 'folder' | 'destination', string>> = {}) =>
  [
    changes.user ?? 'john',
    'baya.com',
    changes.password ?? 'secret',
    changes.destination ?? 'vault',
    'imap.example.com',
    changes.folder ?? 'Data17012018',
    'O365-IMAP',
  ].join(',');

describe('what is read', () => {
  test('the request form’s own header, in any order and spelling', () => {
    const {rows, ok} = read(
      'DESTINATION_SERVER;destination-user-id;sourceuserid;Source Domain;request type;Source Password;src_port\n' +
        'imap.example.com;vault;john;baya.com;o365-imap;pw;1993\n',
    );
    expect(ok).toBe(true);
    const built = rows[0]?.built;
    expect(built?.ok && built.request).toMatchObject({
      type: 'O365-IMAP',
      source: {userId: 'john', domain: 'baya.com', server: 'outlook.office365.com', port: 1993},
      destination: {userId: 'vault', server: 'imap.example.com', port: 993},
    });
  });

  test.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('separated by %s, lines ended by LF, CR LF or CR, with or without byte order mark', (_, separator) => {
    for (const end of ['\n', '\r\n', '\r']) {
      for (const mark of ['', '\ufeff']) {
        const text = [header, row(), '', row({user: 'ann', folder: '"a ""b"" c"'})]
          .join(end)
          .replaceAll(',', separator);
        const reading = read(mark + text);
        expect(reading.problems.filter(problem => problem.severity !== 'advice')).toEqual([]);
        expect(reading.rows.map(each => each.line)).toEqual([2, 4]);
      }
    }
  });

  test('UTF-16, and Excel’s sep= line', () => {
    const text = `sep=;\r\n${header.replaceAll(',', ';')}\r\n${row({folder: 'Größe'}).replaceAll(',', ';')}\r\n`;
    const utf16 = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
    for (const bytes of [utf16, utf16.subarray(2), utf8(text)]) {
      const {rows, ok} = readRequestsCsv(bytes, 'users.csv', rules);
      expect(ok).toBe(true);
      expect(rows[0]).toMatchObject({line: 3, answers: {destinationFolder: 'Größe'}});
    }
  });

  test('an empty cell and the word blank both mean not given', () => {
    const {rows} = read(
      `${header}\n${row({folder: 'blank', password: 'blank'})}\n${row({user: 'ann', folder: ' Blank '})}\n`,
    );
    for (const {built} of rows) expect(built.ok && built.request.destinationFolder).toBe('');
    const built = rows[0]?.built;
    expect(built?.ok && built.request.source.secret).toEqual({kind: 'ask'});
  });

  test('a secret keeps every character, and is only in the request', () => {
    const {rows} = read(`${header}\n${row({password: '" a""b,;|$ "'})}\n`);
    const built = rows[0]?.built;
    const secret = built?.ok ? built.request.source.secret : undefined;
    expect(secret?.kind === 'value' && secret.secret.reveal()).toBe(' a"b,;|$ ');
    expect(JSON.stringify(rows)).not.toContain('|$');
  });

  test('a line break in quotes keeps the lines of later rows right', () => {
    const text = `${header},Title\r\n${row()},"two\r\nlines"\r\n${row({user: 'a@b'})},x\r\n`;
    expect(said(text).map(({line, field}) => [line, field])).toEqual([
      [2, 'title'],
      [4, 'sourceUserId'],
    ]);
  });

  test('overrides count for every row', () => {
    const {rows} = read(`${header}\n${row()}\n`, {since: '2020-01-01'});
    expect(rows[0]?.built).toMatchObject({ok: true, request: {since: '2020-01-01'}});
  });

  test('10,000 rows are all read', () => {
    const many = Array.from({length: 10_000}, (_, index) =>
      row({user: `u${index}`, destination: `v${index}`}),
    );
    const {rows, ok, problems} = read([header, ...many].join('\n'));
    expect(rows).toHaveLength(10_000);
    expect(ok).toBe(true);
    // Microsoft refuses passwords: said once, not ten thousand times.
    expect(problems).toMatchObject([{severity: 'advice', line: 2, more: 9999}]);
  });
});

describe('what is wrong, and where', () => {
  test('every problem at once, by line and column', () => {
    const text = [
      header,
      row({user: 'john@baya.com', folder: 'archive'}),
      '',
      row({user: ''}),
      'john,baya.com',
      `${row()},extra`,
      row({password: '"p"q'}),
      row({user: 'ok'}),
    ].join('\n');
    const error = {severity: 'error'};
    expect(said(text)).toEqual([
      {...error, line: 2, column: 1, field: 'sourceUserId'},
      {...error, line: 2, column: 6, field: 'destinationFolder'},
      {...error, line: 4, column: 1, field: 'sourceUserId'},
      {...error, line: 5, column: undefined, field: undefined},
      {...error, line: 6, column: undefined, field: undefined},
      {...error, line: 7, column: 3, field: undefined},
    ]);
    const first = read(text).problems.find(problem => problem.field === 'sourceUserId');
    expect(first).toMatchObject({
      column: {number: 1, name: 'Source user id'},
      value: 'john@baya.com',
      fix: {label: 'use john, baya.com', sure: true},
    });
    expect(read(text).ok).toBe(false);
  });

  test('a problem is printed as one line with its place', () => {
    const [advice, problem] = read(`${header}\n${row({user: 'john@baya.com'})}\n${row()}\n`).problems;
    expect(problem && problemLine('users.csv', problem)).toBe(
      'users.csv:2: error: column 1 (Source user id) "john@baya.com": The user id must not contain the domain. ' +
        'Type only the part before the @. Fix: use john, baya.com.',
    );
    expect(advice && problemLine('a\u0007b.csv', advice)).toMatch(
      /^ab\.csv:2: advice: Source auth: Microsoft .*\(and 1 more line\)$/,
    );
  });

  test('a misspelled column gets the nearest name, and nothing else is said of it', () => {
    const {problems} = read(`${header.replace('Source domain', 'Sorce domian')}\n${row()}\n`);
    expect(problems.filter(problem => problem.severity === 'error')).toMatchObject([
      {line: 1, column: {number: 2, name: 'Sorce domian'}, fix: {label: 'use Source domain'}},
    ]);
  });

  test('a header of half a million names that are none is read, the first of them for what they may mean', () => {
    const columns = columnsOf([...Array.from({length: 500_000}, () => '(('), 'Sorce domian', 'Title']);
    expect(columns.at(-1)).toMatchObject({key: 'title', state: 'known'});
    expect(columnsOf(['Sorce domian', 'Title'])[0]).toMatchObject({key: 'sourceDomain', state: 'unknown'});
    expect(columns.at(-2)).not.toHaveProperty('key');
    expect(columns[0]).toMatchObject({state: 'unknown'});
  });

  test('an unknown column, a doubled one', () => {
    expect(said(`${header},Favourite colour,source_user_id\n${row()},red,x\n`)).toEqual([
      {severity: 'error', line: 1, column: 8, field: undefined},
      {severity: 'error', line: 1, column: 9, field: 'sourceUserId'},
    ]);
  });

  test('a missing column is said once, at the header', () => {
    const text = `Source user id,Source domain,Destination server\njohn,baya.com,imap.example.com\nann,baya.com,imap.example.com\n`;
    expect(said(text)).toEqual([{severity: 'error', line: 1, column: undefined, field: 'destinationUserId'}]);
    expect(read(text).problems.find(each => each.severity === 'error')?.sentence).toMatch(
      /no column "Destination user id"/,
    );
  });

  test('a quote that is never closed is found where it is opened; the rows before and behind it are read', () => {
    const reading = read(`${header}\n${row()}\n${row({user: 'a', folder: '"Data'})}\n${row({user: 'b'})}\n`);
    expect(reading.problems.filter(each => each.severity === 'error')).toMatchObject([
      {line: 3, column: {number: 6, name: 'Destination folder'}},
    ]);
    expect(reading.rows.map(each => each.line)).toEqual([2, 4]);
  });

  test.each([
    ['an empty file', '', 1],
    ['empty lines only', '\n\n\n', 1],
    ['no header', `${row()}\n`, 1],
    ['a header alone', `\n${header}\n`, 2],
    ['a header with a quote inside a name', `"Source"${header}\n${row()}\n`, 1],
  ])('%s is an error', (_, text, line) => {
    const reading = read(text);
    expect(reading.ok).toBe(false);
    expect(reading.problems).toMatchObject([{severity: 'error', line}]);
  });

  test('no problem ever shows a secret, nor text that could be one or could move the cursor', () => {
    const text = [
      header,
      row({user: '\u001b[2Jjohn', password: 'hunter2\u0007'}),
      // An unquoted separator in the password moves its second half into another column.
      row({password: 'hun,ter2@x'}),
      row({password: '"hunter2"x'}),
      row({password: '"hunter2'}),
    ].join('\n');
    const shown = JSON.stringify(
      readRequestsCsv(utf8(text), 'users.csv', {...rules, passwordPolicy: 'strict'}).problems,
    );
    expect(shown).not.toMatch(/hun|ter2|\\u001b/);
  });
});

describe('what is written', () => {
  const text = fc
    .string({unit: 'grapheme', minLength: 1, maxLength: 12})
    .filter(each => each.trim() === each && each.toLowerCase() !== 'blank');
  const tricky = fc.constantFrom(
    'a,b',
    'say "hi"',
    '"',
    'a;b',
    'line\r\nbreak',
    '=1+1',
    'ü\tx',
    "'",
    'env:X',
  );
  const reference = fc.constantFrom('env:PW', 'file:/a,b', 'cmd:pass show "x"');
  const answer = (key: FieldKey) => (key.endsWith('Secret') ? reference : fc.oneof(text, tricky));
  const answers = fc
    .record(Object.fromEntries(columnOrder.map(key => [key, fc.option(answer(key), {nil: undefined})])))
    .map(record => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)))
    .filter(record => Object.keys(record).length > 0);

  test('is read back to the same answers', () => {
    fc.assert(
      fc.property(fc.array(answers, {minLength: 1, maxLength: 5}), list => {
        expect(read(writeRequestsCsv(list)).rows.map(each => each.answers)).toEqual(list);
      }),
      {numRuns: 300},
    );
  });

  test('a clear secret is not written', () => {
    expect(writeRequestsCsv([{sourceUserId: 'john', sourceSecret: 'hunter2'}])).toBe(
      'Source user id\njohn\n',
    );
  });

  test.each(requestTypes)('the template of $code is a valid request of that type', type => {
    const reading = readRequestsCsv(utf8(templateCsv(type)), 'template.csv', rules);
    expect(reading.problems.filter(problem => problem.severity !== 'advice')).toEqual([]);
    const [first] = reading.rows;
    expect(first?.built.ok && first.built.request.type).toBe(type.code);
    expect(buildRequest(first?.answers ?? {}, rules).ok).toBe(true);
  });

  test('the template begins with the names of the request form', () => {
    const type = requestTypes[1];
    expect(type && templateCsv(type).split('\n')[0]).toBe(
      'Title,Request type,Source user id,Source domain,Source user password,Source Server,Source Server Port,' +
        'Destination user id,Destination domain,Destination user password,Destination server,Destination Server Port,' +
        'Destination folder,Since,Before,Source folder,Destination auth,Destination tenant,Destination client id',
    );
  });
});
