import {describe, expect, test} from 'vitest';
import {checkField} from '../../source/request/check-field.ts';
import {findType, requestTypes, typeFromServers} from '../../source/request/types.ts';

const rules = {passwordPolicy: 'off', allowPlaintext: false} as const;

test('every type has Office 365 at one end, and a code of its own', () => {
  expect(requestTypes.every(type => type.source === 'o365' || type.destination === 'o365')).toBe(true);
  expect(new Set(requestTypes.map(type => type.code)).size).toBe(9);
});

test.each([
  ['O365-IMAP', 'O365-IMAP'],
  ['o365 imap', 'O365-IMAP'],
  ['O365IMAP', 'O365-IMAP'],
  ['M365 -> IMAP', 'O365-IMAP'],
  ['office365_o365', 'O365-O365'],
  ['O365-MITHI-IMAP', 'O365-SKYCONNECT'],
  ['O365-GMAIL-IMAP', 'O365-GMAIL'],
  ['GMAIL-O365-IMAP', 'GMAIL-O365'],
])('%s is %s', (text, code) => expect(findType(text)?.code).toBe(code));

test("LegacyFlo's MITHI is the one of its two servers that is named", () => {
  expect(findType('O365-MITHI-IMAP', '', 'baya-com.vaultastic.com')?.code).toBe('O365-VAULTASTIC');
  expect(findType('O365-MITHI-IMAP', '', 'baya.mithiskyconnect.com')?.code).toBe('O365-SKYCONNECT');
});

describe('without a type it follows from the servers', () => {
  test.each([
    ['outlook.office365.com', 'imap.example.com', 'O365-IMAP'],
    ['imap.example.com', 'OUTLOOK.office365.com.', 'IMAP-O365'],
    ['outlook.office365.us', 'partner.outlook.cn', 'O365-O365'],
    ['imap.gmail.com', 'outlook.office365.com', 'GMAIL-O365'],
    ['outlook.office365.com', 'baya-com.vaultastic.com', 'O365-VAULTASTIC'],
    ['', 'imap.example.com', 'O365-IMAP'],
    ['imap.example.com', '', 'IMAP-O365'],
    ['imap.example.com', 'imap.example.org', undefined],
    ['imap.gmail.com', 'baya-com.vaultastic.com', undefined],
    ['outlook.office365.com.example.org', 'imap.example.com', undefined],
    ['', '', undefined],
  ])('%j and %j: %j', (source, destination, code) => {
    expect(typeFromServers(source, destination)?.code).toBe(code);
  });
});

test('neither end Office 365 is an error; an unknown type gets the nearest', () => {
  expect(
    checkField('type', {sourceServer: 'imap.example.com', destinationServer: 'imap.example.org'}, rules)
      ?.sentence,
  ).toMatch(/Neither end is Office 365/);
  expect(checkField('type', {type: 'IMAP-MITHI-IMAP'}, rules)?.severity).toBe('error');
  expect(checkField('type', {type: 'O356-IMAP'}, rules)?.fix?.answers).toEqual({type: 'O365-IMAP'});
});

test('a type says what an end is, whatever its host; swapped ends are pointed out', () => {
  const local = {type: 'O365-IMAP', sourceServer: '127.0.0.1', destinationServer: '127.0.0.1'};
  expect(checkField('type', local, rules)).toBeUndefined();
  expect(
    checkField('type', {type: 'IMAP-O365', sourceServer: 'outlook.office365.com'}, rules)?.severity,
  ).toBe('advice');
});
