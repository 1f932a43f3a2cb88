// What comes along with a copy and nobody sees: said with its name and its place, and taken away where that is sure.
import {describe, expect, test} from 'vitest';
import {buildRequest} from '../../source/request/build-request.ts';
import {checkField} from '../../source/request/check-field.ts';
import {createChecker} from '../../source/request/csv/check.ts';
import {readRequestsCsv} from '../../source/request/csv/csv.ts';
import {mendSheet} from '../../source/request/csv/mend.ts';
import {sheetBytes} from '../../source/request/csv/save.ts';
import {readSheet} from '../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../source/request/field-rules.ts';
import type {Answers, FieldKey} from '../../source/request/fields.ts';
import {destinationFolderRule} from '../../source/request/folder-rules.ts';
import {signInUserRule} from '../../source/request/microsoft-rules.ts';
import {domainRule, serverRule, userIdRule} from '../../source/request/rules.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};
const toImap: Answers = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  sourceServer: 'gateway.example',
  destinationUserId: 'vault',
  destinationServer: 'imap.example.com',
};
const check = (key: FieldKey, text: string, more: Partial<FieldRules> = {}) =>
  checkField(key, {...toImap, [key]: text}, {...rules, ...more});

const utf8 = (text: string) => new TextEncoder().encode(text);
const header =
  'Source user id,Source domain,Source Server,Source user password,Destination user id,Destination server,Destination folder,Request type';
const good = [
  'zwsp',
  'baya.com',
  'gateway.example',
  'env:PW',
  'vault',
  'imap.example.com',
  'Old',
  'O365-IMAP',
];

describe('in a list', () => {
  test.each([
    [0, 'zw\u200bsp', 'U+200B ZERO WIDTH SPACE'],
    [0, '\u2060zwsp', 'U+2060 WORD JOINER'],
    [0, 'zw\ufeffsp', 'U+FEFF ZERO WIDTH NO-BREAK SPACE'],
    [0, 'zw\u{e0041}sp', 'U+E0041'],
    [1, 'ba\u200bya.com', 'U+200B ZERO WIDTH SPACE'],
    [1, 'ba\u200dya.com', 'U+200D ZERO WIDTH JOINER'],
    [5, 'imap\u00ad.example.com', 'U+00AD SOFT HYPHEN'],
    [6, 'Old\u200b', 'U+200B ZERO WIDTH SPACE'],
    [6, 'O\u200bld', 'U+200B ZERO WIDTH SPACE'],
    [6, 'O\u00adld', 'U+00AD SOFT HYPHEN'],
    [7, 'O365-\u200cIMAP', 'U+200C ZERO WIDTH NON-JOINER'],
  ])('in cell %i %j is said with its place and its name, and taken away', (place, text, name) => {
    const bytes = utf8(`${header}\n${good.with(place, text).join(',')}\n`);
    const errors = readRequestsCsv(bytes, 'users.csv', rules).problems.filter(
      ({severity}) => severity === 'error',
    );
    expect(errors).toMatchObject([{line: 2, column: {number: place + 1}, fix: {sure: true}}]);
    expect(errors[0]?.sentence).toContain(name);
    const read = readSheet(bytes, 'users.csv');
    const out = read.ok ? sheetBytes(mendSheet(read.sheet, createChecker(rules, {})).sheet) : utf8('');
    expect(new TextDecoder().decode(out)).toBe(`${header}\n${good.join(',')}\n`);
  });

  test('quotes of a word processor around a cell are taken away, also from where a password is', () => {
    const cells = ['“zwsp”', '„baya.com“', '‘gateway.example’', '“env:PW”', '«vault»', '»imap.example.com«'];
    const bytes = utf8(`${header}\n${[...cells, ...good.slice(6)].join(',')}\n`);
    const errors = readRequestsCsv(bytes, 'users.csv', rules).problems.filter(
      ({severity}) => severity === 'error',
    );
    expect(errors.map(({column, fix}) => [column?.number, fix?.sure])).toEqual(
      [1, 2, 3, 4, 5, 6].map(number => [number, true]),
    );
    const read = readSheet(bytes, 'users.csv');
    const mended = read.ok ? mendSheet(read.sheet, createChecker(rules, {})) : undefined;
    expect(mended && new TextDecoder().decode(sheetBytes(mended.sheet))).toBe(
      `${header}\n${good.join(',')}\n`,
    );
    expect(mended?.changes.map(({sentence}) => sentence)).toContain(
      'Source user password: leave the quotes out',
    );
  });
});

describe('a name at a server', () => {
  test('is refused by the rules too, so that no request is built with it otherwise', () => {
    expect([
      userIdRule('zw\u200bsp'),
      userIdRule('“john”'),
      domainRule('ba\u200bya.com', {
        domainNeeded: true,
        example: {domain: 'baya.com', userId: '', server: ''},
      }),
      serverRule('imap\u00ad.example.com'),
      serverRule('“imap.example.com”'),
      destinationFolderRule('Old\u200b', false),
      signInUserRule('ad\u200bmin@baya.com'),
    ]).not.toContain(undefined);
  });

  test('that is wrong otherwise too is mended at once where that is sure', () => {
    expect(check('sourceUserId', '“john@ba\u200bya.com”')?.fix).toEqual({
      label: 'use john, baya.com',
      sure: true,
      answers: {sourceUserId: 'john', sourceDomain: 'baya.com'},
    });
    expect(check('sourceUserId', 'jo hn\u200b')).toEqual({severity: 'error', sentence: expect.any(String)});
    expect(check('sourcePort', '99\u200b3')?.fix).toMatchObject({sure: true, answers: {sourcePort: '993'}});
    expect(check('since', '“2019-01-31”')?.fix).toMatchObject({sure: true, answers: {since: '2019-01-31'}});
    // One quote alone may be left from something longer.
    expect(check('sourceUserId', '“john')?.fix).toMatchObject({sure: false, answers: {sourceUserId: 'john'}});
    expect(check('sourceUserId', '\u200b')?.fix).toBeUndefined();
  });

  test('has joiners where its script needs them, and an apostrophe within', () => {
    // Persian and Hindi; IDNA takes them for other names without.
    for (const domain of ['نامه\u200cای.com', 'क्\u200dष.com'])
      expect([domain, check('sourceDomain', domain), check('sourceServer', domain)]).toEqual([
        domain,
        undefined,
        undefined,
      ]);
    expect(check('sourceUserId', 'o’brien')).toBeUndefined();
    expect(check('sourceDomain', 'نامه\u200cا\u200bی.com')?.fix?.answers).toEqual({
      sourceDomain: 'نامه\u200cای.com',
    });
  });
});

describe('a folder', () => {
  test.each([
    'نامه\u200cها',
    'क्\u200dष',
    '👩\u200d💻 Team',
    '❤\ufe0f Mail',
    '1\ufe0f\u20e3 First',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'សំបុត្រ\u200bចាស់',
    'សំបុត្រ\u200b2019',
    'ᠮᠣᠩᠭᠣᠯ\u180e',
    'O’Brien “2019”',
  ])('%j is a name like any other', folder => {
    expect(check('destinationFolder', folder)).toBeUndefined();
    expect(check('sourceFolder', folder)).toBeUndefined();
  });

  test.each(['Old\u200d', '\u200cOld', '2019\ufe0f', '“Old”'])('%j is pointed at, and taken', folder => {
    const finding = check('destinationFolder', folder);
    expect(finding).toMatchObject({severity: 'advice'});
    expect(finding?.fix?.sure).not.toBe(true);
    expect(['Old', '2019']).toContain(finding?.fix?.answers.destinationFolder);
    expect(buildRequest({...toImap, destinationFolder: folder}, rules).ok).toBe(true);
  });

  test('of which nothing could be seen has no name', () => {
    expect(check('destinationFolder', '\u200b')).toMatchObject({severity: 'error'});
    expect(check('destinationFolder', '\u200b')?.fix).toBeUndefined();
    expect(check('destinationFolder', '\u200bInbox')?.fix).toMatchObject({
      sure: false,
      answers: {destinationFolder: 'Migrated/Inbox'},
    });
  });

  test('has a zero width space between the words of a script without blanks only', () => {
    for (const folder of ['日本\u200b', '\u200b日本', '日本\u200b/2019', 'Old\u200b日本\u200b'])
      expect([folder, check('destinationFolder', folder)?.severity]).toEqual([folder, 'error']);
  });

  test('of the source may be called so, and is told', () => {
    expect(check('sourceFolder', 'Old\u200b')).toEqual({
      severity: 'advice',
      sentence: "Check the folder's name. It holds a character that nobody can see, U+200B ZERO WIDTH SPACE.",
      fix: {label: 'use Old without U+200B', answers: {sourceFolder: 'Old'}},
    });
  });
});

test('a cell of megabytes is looked through once', () => {
  for (const text of [`“${' '.repeat(300_000)}x`, '\u200b'.repeat(300_000), `“${'ä\u200d'.repeat(100_000)}`])
    for (const key of ['sourceUserId', 'sourceServer', 'destinationFolder', 'sourceSecret'] as const) {
      const finding = check(key, text);
      expect(JSON.stringify(finding?.sentence ?? '').length).toBeLessThan(300);
    }
});

describe('a password', () => {
  const secret = (text: string, policy: FieldRules['passwordPolicy'] = 'off') =>
    check('sourceSecret', text, {passwordPolicy: policy});

  test('may hold anything: it is only pointed at, without a word of what it is', () => {
    for (const text of ['hun\u200bter2', '“hunter2”', '\ufeffhunter2'])
      for (const policy of ['off', 'advise', 'strict'] as const) {
        const finding = secret(text, policy);
        expect([text, finding?.severity]).toEqual([
          text,
          text.trim() === text || policy !== 'strict' ? 'advice' : 'error',
        ]);
        expect(JSON.stringify(finding)).not.toMatch(/hun|U\+|fix/);
      }
    expect(secret('O’Brien“9')).toBeUndefined();
    expect(buildRequest({...toImap, sourceSecret: 'hun\u200bter2'}, rules).ok).toBe(true);
  });

  test.each(['“env:PW”', '“env:PW', '\u200benv:PW', 'env\u200b:PW', ' ‘env:PW’ ', 'env:P\u200bW'])(
    '%j is a place and no password',
    text => {
      expect(secret(text)).toMatchObject({
        severity: 'error',
        fix: {sure: true, answers: {sourceSecret: 'env:PW'}},
      });
      expect(buildRequest({...toImap, sourceSecret: text}, rules).ok).toBe(false);
    },
  );

  test('in a place of which the name may hold it, it is pointed at', () => {
    expect(secret('file:~/p\u200bw')).toEqual({
      severity: 'advice',
      sentence:
        'The place of the password holds a character that nobody can see, U+200B ZERO WIDTH SPACE. Check that it is a part of it.',
      fix: {label: 'leave what cannot be seen out', sure: false, answers: {sourceSecret: 'file:~/pw'}},
    });
    expect(secret('“ENV:PW”')).toEqual({
      severity: 'error',
      sentence: expect.stringContaining('typographic quote'),
    });
  });
});
