import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {readRequestsCsv} from '../../../source/request/csv/csv.ts';
import {type CsvGiven, problemLine} from '../../../source/request/csv/problem.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';
import {anyCharacter} from '../../helpers/any-character.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, given: CsvGiven = {}) =>
  readRequestsCsv(typeof text === 'string' ? utf8(text) : text, 'users.csv', rules, given);
const told = (text: string | Uint8Array, given?: CsvGiven) =>
  read(text, given).problems.filter(problem => problem.severity !== 'advice');

const names = [
  'Source user id',
  'Source domain',
  'Source user password',
  'Destination user id',
  'Destination domain',
  'Destination server',
  'Destination folder',
];
const header = names.join(',');
const row = (user: string, to = `v${user}`, folder = 'Data') =>
  `${user},baya.com,pw,${to},vault.example,imap.example.com,${folder}`;

describe('rows that get in each other’s way', () => {
  test('two into one folder, the same request twice, the same source to two places', () => {
    const text = [header, row('john', 'v'), row('ann', 'v', 'data'), row('john', 'v'), row('john', 'w')];
    expect(told(text.join('\n'))).toMatchObject([
      {
        severity: 'warning',
        line: 3,
        column: {number: 7},
        value: 'data',
        fix: {label: 'use data/ann', sure: false},
      },
      {severity: 'warning', line: 4, fix: {label: 'remove this line'}},
      {severity: 'warning', line: 5, column: {number: 1}, value: 'john'},
    ]);
    expect(read(text.join('\n')).ok).toBe(true);
  });

  test('the same source with another filter is two halves of one mailbox', () => {
    const text = [
      `${header},Since,Before`,
      `${row('john', 'v', 'A')},,2019-01-01`,
      `${row('john', 'v', 'B')},2019-01-01,`,
    ];
    expect(told(text.join('\n'))).toEqual([]);
  });

  test('mail that is carried to and fro, and a mailbox that is carried into itself', () => {
    const both =
      'Source user id,Source domain,Destination user id,Destination domain,Request type,Destination folder';
    const text = [
      both,
      'john,a.com,john,b.com,O365-O365,Data',
      'john,b.com,john,a.com,O365-O365,Data',
      'ann,a.com,ANN,a.com,O365-O365,Data',
    ];
    expect(told(text.join('\n'))).toMatchObject([
      {severity: 'warning', line: 3, field: 'destinationUserId'},
      {severity: 'error', line: 4, field: 'destinationUserId', value: 'ANN'},
    ]);
    expect(told(text.join('\n'))[0]?.sentence).toContain('line 2 carries mail the other way');
  });
});

describe('Microsoft’s own list', () => {
  const list = 'EmailAddress,UserName,Password,UserRoot\njohn@contoso.com,john@old.example,s3cret,/Mail/\n';

  test('is recognised and mapped; what it lacks is said once, with the way to give it', () => {
    const reading = read(`${list}ann@contoso.com,ann,pw,\n`);
    expect(reading.problems.map(({severity, line, field}) => [severity, line, field])).toEqual([
      ['advice', 1, undefined],
      ['error', 1, 'sourceServer'],
      ['error', 1, 'destinationFolder'],
      ['advice', 2, 'destinationAuth'],
    ]);
    expect(reading.problems[1]?.sentence).toContain('--set "Source Server=VALUE"');
  });

  test('becomes requests with what is given for all rows', () => {
    const fill = {sourceServer: 'imap.old.example', destinationFolder: 'Old'};
    const [first] = read(list, {fill}).rows;
    expect(first?.built.ok && first.built.request).toMatchObject({
      type: 'IMAP-O365',
      source: {userId: 'john', domain: 'old.example', server: 'imap.old.example'},
      destination: {userId: 'john', domain: 'contoso.com', server: 'outlook.office365.com'},
      destinationFolder: 'Old',
      sourceFolder: 'Mail',
    });
    expect(first?.built.ok && first.built.request.source.secret.kind).toBe('value');
  });

  test('keeps the places of its own columns', () => {
    const text = 'emailaddress;username;password\nno address;a b@old.example;pw\n';
    expect(told(text, {fill: {sourceServer: 'x.example', destinationFolder: 'Old'}})).toMatchObject([
      {line: 2, column: {number: 1, name: 'emailaddress'}, value: 'no address', field: 'destinationUserId'},
      {line: 2, column: {number: 1, name: 'emailaddress'}, field: 'destinationDomain'},
      {line: 2, column: {number: 2, name: 'username'}, value: 'a b@old.example', field: 'sourceUserId'},
    ]);
  });
});

test('what is given for all rows fills gaps only, and is wrong once', () => {
  const text = [header, row('john', 'v', ''), row('ann', 'w', 'Own')].join('\n');
  const {rows} = read(text, {fill: {destinationFolder: 'Data'}});
  expect(rows.map(({answers}) => answers.destinationFolder)).toEqual(['Data', 'Own']);
  expect(told(text, {fill: {since: 'soon'}})).toMatchObject([
    {
      severity: 'error',
      line: 1,
      field: 'since',
      value: 'soon',
      sentence: expect.stringMatching(/^For all rows:/),
    },
  ]);
});

test('a password with a blank at an end keeps it, and is told without being shown; also what is likely the cause', () => {
  const advice = (line: string) =>
    read(`${header}\n${line}`).problems.filter(({field}) => field === 'sourceSecret');
  const spaced = row('john').replaceAll(',', ', ');
  const [first] = read(`${header}\n${row('john').replace('pw', ' pw')}`).rows;
  const secret = first?.built.ok ? first.built.request.source.secret : undefined;
  expect(secret?.kind === 'value' && secret.secret.reveal()).toBe(' pw');
  expect(advice(spaced)).toMatchObject([
    {severity: 'advice', sentence: expect.stringContaining('likely none')},
  ]);
  const [alone] = advice(row('john').replace('pw', 's3cret '));
  expect(alone).toMatchObject({severity: 'advice', sentence: expect.not.stringContaining('likely')});
  expect(JSON.stringify(alone)).not.toContain('s3cret');
  expect(advice(row('john').replace('pw', 'env:PW '))).toEqual([]);
  expect(advice(row('john'))).toEqual([]);
});

test('a day that Excel has written its own way is told with what it will do again', () => {
  const days = ['31.01.2019', '3/4/2019', '43496', 'soon', '2019-02-30'];
  const text = [`${header},Since`, ...days.map((day, at) => `${row('john', `v${at}`)},${day}`)].join('\n');
  const told = read(text).problems.filter(({field}) => field === 'since');
  const hint = /YYYY-MM-DD, .* format their column as text first\.$/;
  expect(told.map(({sentence, fix}) => [hint.test(sentence), fix?.label])).toEqual([
    [true, 'use 2019-01-31'],
    [true, undefined],
    [true, undefined],
    [false, undefined],
    [false, undefined],
  ]);
});

test('two days that are none are two problems, a period that is none is one', () => {
  const told = (since: string, before: string) =>
    read(`${header},Since,Before\n${row('john')},${since},${before}`)
      .problems.filter(({severity}) => severity === 'error')
      .map(({field}) => field);
  expect(told('soon', 'later')).toEqual(['since', 'before']);
  expect(told('31.01.2019', '28.02.2019')).toEqual(['since', 'before']);
  expect(told('2019-02-30', '2019-02-30')).toEqual(['since', 'before']);
  expect(told('2019-02-01', '2019-01-01')).toEqual(['since']);
});

test('a request type that is none tells of nothing that hangs on it', () => {
  const names =
    'Source user id,Source domain,Destination user id,Destination server,Destination folder,Source auth,Request type';
  const right = 'ann,baya.com,ann,imap.example.com,Old,,O365-IMAP';
  const wrong = 'bob,baya.com,bob,imap.example.com,Old,oauth-browser,O365-IMPA';
  const fieldsOf = (...lines: readonly string[]) =>
    told([names, ...lines].join('\n')).map(({line, field}) => [line, field]);
  expect(fieldsOf(right, wrong.replace('oauth-browser', ''))).toEqual([[3, 'type']]);
  // What every type needs, and what its own way to sign in does, is told.
  expect(fieldsOf(right, wrong)).toEqual([
    [1, 'sourceClientId'],
    [3, 'type'],
  ]);
  expect(fieldsOf(wrong.replace('bob,baya.com,bob', ',baya.com,').replace('oauth-browser', ''))).toEqual([
    [2, 'sourceUserId'],
    [2, 'destinationUserId'],
    [2, 'type'],
  ]);
});

test('Windows-1252 is read and shown, but not taken without a word', () => {
  const bytes = new Uint8Array(
    Buffer.from(`${header}\n${row('john', 'v', 'Größe')}\n${row('ann@x.com', 'w')}\n`, 'latin1'),
  );
  expect(told(bytes)).toMatchObject([
    {severity: 'error', line: 2, column: {number: 7}, value: 'Größe', fix: {sure: false}},
    // Everything else is told at once.
    {severity: 'error', line: 3, column: {number: 1}, value: 'ann@x.com'},
  ]);
});

test('an address brings its domain along; one that contradicts the domain is for a person to decide', () => {
  const text = [header, 'john@baya.com,,pw,v,b.com,imap.example.com,D', row('ann@else.com', 'w')].join('\n');
  expect(told(text)).toMatchObject([
    {line: 2, field: 'sourceUserId', fix: {label: 'use john, baya.com', sure: true}},
    {line: 3, field: 'sourceUserId', fix: {label: 'use ann, else.com', sure: false}},
  ]);
});

test('a column without a name is told where it holds something', () => {
  expect(told(`${header},\n${row('john')},\n`)).toEqual([]);
  expect(told(`${header},\n${row('john')},x\n`)).toMatchObject([
    {severity: 'warning', line: 1, column: {number: 8}},
  ]);
});

test('a separator too many in the header alone is none in the rows', () => {
  for (const end of [',', ',,', ', ']) {
    expect(told(`${header}${end}\n${row('john')}\n\n${row('ann')}\n`)).toEqual([]);
    // What goes further, or not so far, may have moved.
    expect(told(`${header}${end}\n${row('john')}\n${row('ann').replace(',Data', '')}\n`)).toMatchObject([
      {line: 3},
    ]);
    expect(told(`${header}${end}\n${row('john')},\n${row('ann')}\n`).map(({line}) => line)).toContain(3);
  }
  const [short] = told(`${header},\n${row('john')},x\n${row('ann')}\n`).filter(({line}) => line === 3);
  expect(short?.fix?.label).toBe('leave column 8 empty');
});

test('a row of one cell is told in good words', () => {
  expect(told(`${header}\nann\n`)).toMatchObject([
    {sentence: expect.stringMatching(/^The row has 1 cell, /)},
  ]);
});

test('what Excel writes in place of a password that it took for a formula is told, and not shown', () => {
  const strict: FieldRules = {...rules, passwordPolicy: 'strict'};
  for (const cell of ['#NAME?', ' #NOM? ', '#VALUE!']) {
    const text = utf8(`${header}\n${row('john').replace('pw', cell)}\n`);
    const said = (of: FieldRules) =>
      readRequestsCsv(text, 'users.csv', of).problems.filter(({field}) => field === 'sourceSecret');
    const sentence = expect.stringMatching(
      /^Excel writes this in place of a cell that begins with =, \+ or -/,
    );
    expect(said(rules)).toMatchObject([{severity: 'advice', sentence}]);
    expect(said(strict)).toMatchObject([{severity: 'error', sentence}]);
    expect(JSON.stringify(said(rules))).not.toContain(cell.trim());
  }
});

test('a field that has no column is named, with the word that a cell takes', () => {
  const names =
    'Source user id,Source domain,Destination user id,Destination domain,Destination folder,Request type';
  const {problems} = read(`${names}\nann,baya.com,ann,vault.example,Old,O365-O365\n`);
  const lines = problems.map(each => problemLine('users.csv', each));
  expect(lines).toHaveLength(2);
  for (const [index, name] of ['Source', 'Destination'].entries()) {
    expect(lines[index]).toMatch(new RegExp(`^users\\.csv:2: advice: ${name} auth: Microsoft has refused`));
    expect(lines[index]).toMatch(/Fix: use oauth-browser\.$/);
  }
  const all = read(`${names}\nann,baya.com,ann,vault.example,Old,O365-O365\n`, {
    fill: {since: 'soon'},
  }).problems;
  const since = all.find(({field}) => field === 'since');
  expect(since && problemLine('users.csv', since)).toMatch(
    /^users\.csv:1: error: Since "soon": For all rows: /,
  );
  const missing = read(
    `${names.replace('Source user id,', '')}\nbaya.com,ann,vault.example,Old,O365-O365\n`,
  ).problems;
  expect(missing[0] && problemLine('users.csv', missing[0])).toMatch(
    /^users\.csv:1: error: There is no column "Source/,
  );
  expect(missing[0]?.sentence).toMatch(/^[\x20-\x7e]*$/);
});

test('a doubled column may go where it says the same', () => {
  expect(told(`${header},source_domain\n${row('john')},baya.com\n`)).toMatchObject([{fix: {sure: true}}]);
  expect(told(`${header},source_domain\n${row('john')},x.com\n`)).toMatchObject([{fix: {sure: false}}]);
});

test('that nothing could be read behind too many open quotes is an error', () => {
  const text = `${header}\n${`${row('john').replace('pw', '"pw')}\n`.repeat(101)}${row('ann')}\n`;
  const lost = told(text).find(({sentence}) => sentence.startsWith('From this line on nothing'));
  expect(lost).toMatchObject({severity: 'error', line: 102});
});

test('of lines that nobody can read the first are told, and how many there are', () => {
  const bytes = Buffer.from(`${header}\n${'\u00fc\u0081\n'.repeat(25)}`, 'latin1');
  const lines = told(new Uint8Array(bytes));
  expect([lines.length, lines.at(-1)?.more]).toEqual([20, 5]);
});

test('NUL bytes are found in their cell', () => {
  expect(told(`${header}\n${row('jo\0hn', 'w')}\n`)).toMatchObject([
    {line: 2, column: {number: 1}, field: 'sourceUserId'},
  ]);
  expect(told(`${header}\n${row('john', 'v', 'Da\0ta')}\n`)).toMatchObject([
    {line: 2, column: {number: 7}, fix: {label: 'use Da ta', sure: false}},
  ]);
});

test('a separator in a password shows no part of it, even where empty cells behind the row take the shift in', () => {
  const wide = `${header},Since`;
  for (const password of ['s3c@ret,hunter@2', 's3c,hun ter2,x']) {
    const text = `${wide}\n${row('john').replace('pw', password)},,,,\n`;
    const problems = JSON.stringify(told(text));
    expect(problems).toContain('cells');
    expect(problems).not.toMatch(/s3c|hun/);
  }
});

test('a cell of many megabytes is one problem', () => {
  const text = `${header}\n${row('j'.repeat(5_000_000), 'w')}\n`;
  expect(told(text)).toMatchObject([{line: 2, column: {number: 1}}]);
  expect(JSON.stringify(told(text)).length).toBeLessThan(1000);
});

describe('any file', () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const delimiter = fc.constantFrom(',', ';', '\t');
  const filler = fc.constantFrom(
    'plain',
    'with, comma',
    'semi;colon',
    'two\nlines',
    'two\r\nlines',
    'say "x"',
    'tab\there',
  );

  test('has its problems where they are', () => {
    const columns = [...names.slice(0, 6), 'Since', 'Nonsense column'];
    const good = ['john', 'baya.com', 'pw', 'v', 'vault.example', 'imap.example.com', '2019-01-01'];
    const mistake = fc.constantFrom<[number, string]>(
      [0, 'a@b'],
      [1, 'no domain'],
      [3, 'x y'],
      [5, 'http://'],
      [6, 'yesterday'],
    );
    const rowsOf = fc.array(fc.record({filler, mistake: fc.option(mistake), blank: fc.boolean()}), {
      minLength: 1,
      maxLength: 8,
    });
    const order = fc.shuffledSubarray([...columns.keys()], {minLength: columns.length});
    fc.assert(
      fc.property(rowsOf, order, end, delimiter, fc.boolean(), (rows, places, eol, separator, mark) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const write = (cells: readonly string[]) => places.map(at => quote(cells[at] ?? '')).join(separator);
        const expected: [number, number][] = [];
        const lines = [write(columns)];
        let line = 2;
        for (const [index, each] of rows.entries()) {
          if (each.blank) {
            lines.push('');
            line++;
          }
          // Each row its own source and destination, so that none is the twin of another.
          const cells = [
            ...good.map((cell, at) => (at === 0 || at === 3 ? `${cell}${index}` : cell)),
            each.filler,
          ];
          if (each.mistake !== null) {
            cells[each.mistake[0]] = each.mistake[1];
            expected.push([line, places.indexOf(each.mistake[0]) + 1]);
          }
          lines.push(write(cells));
          line += 1 + (each.filler.match(/\r\n|\n/g)?.length ?? 0);
        }
        const bytes = utf8((mark ? '\ufeff' : '') + lines.join(eol));
        const found = told(bytes).filter(problem => problem.line > 1 && problem.severity === 'error');
        expect(found.map(problem => [problem.line, problem.column?.number])).toEqual(expected);
        expect(told(bytes)[0]).toMatchObject({line: 1, column: {number: places.indexOf(7) + 1}});
      }),
      {numRuns: 200},
    );
  });

  test('is read without a crash, and never without a word', () => {
    const letters = fc.constantFrom('"', ',', ';', '\n', '\r', '\0', 'a', '@', '.', ' ', 'blank', 'é');
    const bodies = fc.oneof(
      fc.uint8Array({maxLength: 300}),
      fc.string({unit: letters, maxLength: 300}).map(each => utf8(`${header}\n${each}`)),
      fc.string({unit: letters, maxLength: 80}).map(each => utf8(`${each}${header}\n${row('a')}\n`)),
      fc
        .string({unit: anyCharacter, maxLength: 100})
        .map(each => new Uint8Array(Buffer.from(`\ufeff${header}\n${each}`, 'utf16le'))),
    );
    fc.assert(
      fc.property(bodies, bytes => {
        const reading = read(bytes);
        expect(reading.ok || reading.problems.length > 0).toBe(true);
        for (const {line, column} of reading.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column?.number ?? 1).toBeGreaterThan(0);
        }
      }),
      {numRuns: 300},
    );
  });
});
