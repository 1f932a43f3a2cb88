// A column whose name is near to a field's is offered for it; until a person says so, nothing in it is read.
import {describe, expect, test} from 'vitest';
import {createChecker} from '../../../source/request/csv/check.ts';
import {applyEdits} from '../../../source/request/csv/edit.ts';
import {mendSheet} from '../../../source/request/csv/mend.ts';
import {problemLine} from '../../../source/request/csv/problem.ts';
import {sheetBytes} from '../../../source/request/csv/save.ts';
import {readSheet, type Sheet} from '../../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';
import type {Answers} from '../../../source/request/fields.ts';
import {csvColumns, csvLine, csvLines, csvProblemLines} from '../../../source/wizard/csv/view.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};

function sheetOf(lines: readonly string[], encoding: BufferEncoding = 'utf8'): Sheet {
  const read = readSheet(new Uint8Array(Buffer.from(`${lines.join('\n')}\n`, encoding)), 'users.csv');
  if (!read.ok) throw new Error(read.problems[0]?.sentence);
  return read.sheet;
}

const errors = (of: Sheet, fill: Answers = {}) =>
  createChecker(rules, {fill})(of).problems.filter(({severity}) => severity === 'error');
const textOf = (of: Sheet) => new TextDecoder().decode(sheetBytes(of));

const header = 'Source user id,Source domain,Destination user id,Destination folder,Request type';
const row = 'ann,baya.com,bob,Old,O365-IMAP';

/** Everything that is said or drawn of a sheet. */
function shown(of: Sheet): string {
  const reading = createChecker(rules, {})(of);
  const lines = csvLines(reading);
  const drawn = lines.flatMap(line => [
    csvLine(line, true, csvColumns(200)),
    ...csvProblemLines(line, 200, 50),
  ]);
  const {problems, rows} = reading;
  return JSON.stringify([problems, problems.map(each => problemLine('users.csv', each)), rows, drawn]);
}

describe('a password in a column of a name that is no field’s', () => {
  test('comes not to light by filling up a short row that may lack it', () => {
    const fixOf = (last: string, cell: string) =>
      errors(sheetOf([`${header},${last}`, `${row},${cell}`, row])).find(({line}) => line === 3)?.fix;
    for (const name of ['Kennwort', 'Source clave']) {
      expect(fixOf(name, 'x')).toBeUndefined();
      // Where nobody has one, none has moved.
      expect(fixOf(name, '')?.label).toBe(`leave ${name} empty`);
      const all = errors(sheetOf([`${header},${name}`, row, row]));
      expect(all.filter(({line, fix}) => line > 1 && fix !== undefined)).toEqual([]);
    }
    expect(fixOf('Since', '2019-01-01')?.label).toBe('leave Since empty');
  });

  const words = ['App PW', 'Key', 'App key', 'Token', 'Credentials', 'Contraseña', 'Senha', 'clave', 'heslo'];
  const more = [
    'client secret',
    'login PW',
    'user PW',
    'app secret',
    'PW',
    'PIN',
    'user PIN',
    'pat',
    'Kennwort',
  ];
  // A word more is no slip of the finger.
  const fields = ['mailbox', 'client', 'server', 'domain', 'folder', 'username', 'address', 'tenant', 'host'];
  const behind = [...fields.map(word => `${word} PW`), 'domain PN'];
  const names = [...words, ...more, ...behind].flatMap(word => [`Source ${word}`, `Destination ${word}`]);

  test.each(names)('is neither shown nor sent, nor is it mended: %s', name => {
    for (const secret of ['hunter2-canary', 'hunter2.canary', 'Hunter2#canary', 'hunter2@canary.example']) {
      for (const auth of ['', 'oauth-app'])
        for (const encoding of ['utf8', 'latin1'] as const) {
          const auths = 'Source auth,Destination auth';
          const line = `${row},${auth},${auth},${secret}${encoding === 'latin1' ? 'é' : ''}`;
          const before = sheetOf([`${header},${auths},${name}`, line], encoding);
          const {sheet, changes, reading} = mendSheet(before, createChecker(rules, {}));
          for (const each of [before, sheet]) expect(shown(each)).not.toMatch(/canary/i);
          expect(JSON.stringify(changes)).not.toMatch(/canary/i);
          // It goes to no server, as its name or as anything else but a password.
          for (const {built} of reading.rows)
            expect(built.ok && reading.ok).toBe(isSecret(sheet) && built.ok);
          if (!isSecret(before)) expect(sheet.columns.at(-1)?.written).toBe(name);
        }
    }
  });

  const isSecret = ({columns}: Sheet) => columns.at(-1)?.key?.endsWith('Secret') === true;

  test.each(['client secret', 'app secret', 'PW', 'user PW', 'login PW'])(
    'is one where it is called %s',
    word => {
      const [first] = createChecker(rules, {})(sheetOf([`${header},Source ${word}`, `${row},pw`])).rows;
      expect(sheetOf([`${header},Source ${word}`, row]).columns.at(-1)).toMatchObject({
        state: 'known',
        key: 'sourceSecret',
      });
      expect(first?.answers).not.toHaveProperty('sourceSecret');
    },
  );
});

describe('a name is put right unasked', () => {
  const sure = (name: string, ...cells: readonly string[]) => {
    const of = sheetOf([`${header},${name}`, ...cells.map(cell => `${row},${cell}`)]);
    return errors(of).find(({line, column}) => line === 1 && column?.number === 6)?.fix?.sure;
  };

  test.each([
    ['Destinaton server', 'imap.example.com'],
    ['Destinaton server', 'imaps://imap.example.com:993/'],
    ['Destinaton server', ''],
    ['Sincee', '2019-01-31'],
    ['Source prot', '993'],
    ['Source foldre', 'Old//'],
  ])('where it is %s above %j', (name, cell) => {
    expect(sure(name, cell)).toBe(true);
  });

  test.each([
    ['more letters are wrong', 'Old Server name', 'imap.example.com'],
    ['a password’s name is near too', 'Source pat', 'anything'],
    ['another field’s name is near too', 'Source hort', 'imap.example.com'],
    ['a cell is wrong for the field', 'Source prot', 'hunter2'],
    ['a cell could be any word', 'Destinaton server', 'hunter2'],
    ['it is a password’s', 'Source user passwort', 'hunter2'],
  ])('not where %s', (_, name, cell) => {
    expect(sure(name, '', cell)).toBe(false);
  });
});

test('what a column may be that is not read yet is not said to be missing, nor what follows from it', () => {
  const told = (names: string, cells: string) =>
    errors(sheetOf([names, cells])).map(({line, field}) => [line, field]);
  const ends = 'Source user id,Source domain,Destination user id,Destination folder';
  expect(
    told(`${ends},Destinaton serve,Request type`, 'ann,baya.com,bob,Old,imap.example.com,O365-IMAP'),
  ).toEqual([[1, 'destinationServer']]);
  // Without a type it follows from the servers.
  expect(told(`${ends},Destination servr`, 'ann,,bob,Old,imap.example.com')).toEqual([
    [1, 'destinationServer'],
  ]);
  expect(told(`${ends},Rquest typee`, ',,bob,,O365-IMAP')).toEqual([
    [1, 'type'],
    [2, 'sourceUserId'],
  ]);
});

test('an address takes the place of no domain that is not read yet', () => {
  const of = sheetOf(['Source user id,Sorce domian,Title', 'john@else.example,baya.com,x']);
  const {sheet} = mendSheet(of, createChecker(rules, {}));
  expect(textOf(sheet)).toBe('Source user id,Source domain,Title\njohn@else.example,baya.com,x\n');
});

test('a column that is not read keeps its cells as they are', () => {
  const of = sheetOf([`${header},Request tpye XY,source_domain`, `${row}, o365 imap , blank `]);
  const {sheet} = mendSheet(of, createChecker(rules, {}));
  expect(sheet.rows[0]?.cells.slice(5)).toEqual([' o365 imap ', ' blank ']);
});

test('a column that is given beside it takes the offer away', () => {
  const of = sheetOf([`${header},Source clave`, `${row},hunter2`]);
  expect(of.columns.at(-1)?.key).toBe('sourceServer');
  const wide = applyEdits(of, [{kind: 'fill', answers: {sourceServer: 'imap.example.com'}}]);
  expect(wide.columns.slice(-2).map(({key, state}) => [key, state])).toEqual([
    [undefined, 'unknown'],
    ['sourceServer', 'known'],
  ]);
});
