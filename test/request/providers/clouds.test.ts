import {expect, test} from 'vitest';
import {registrationOf} from '../../../source/engine/auth/sign-ins.ts';
import {cloudOf, tenantOfDomain} from '../../../source/request/providers/clouds.ts';
import {officeEnd} from '../../servers/identity/place.ts';

test.each([
  ['outlook.office365.com', 'https://login.microsoftonline.com', 'https://outlook.office365.com/.default'],
  ['imap.gateway.example', 'https://login.microsoftonline.com', 'https://outlook.office365.com/.default'],
  ['Outlook.Office365.US', 'https://login.microsoftonline.us', 'https://outlook.office365.us/.default'],
  [
    'outlook-dod.office365.us',
    'https://login.microsoftonline.us',
    'https://outlook-dod.office365.us/.default',
  ],
  ['partner.outlook.cn.', 'https://login.partner.microsoftonline.cn', 'https://partner.outlook.cn/.default'],
  ['notoutlook.office365.us', 'https://login.microsoftonline.com', 'https://outlook.office365.com/.default'],
])('%s belongs to the cloud of %s', (server, authority, appScope) => {
  expect(cloudOf(server)).toMatchObject({authority, appScope});
});

test('the tenant of a mailbox is its domain, personal accounts have one of their own', () => {
  expect(
    ['baya.com', 'hotmail.com', 'live.co.uk', 'outlook.de', 'liverpool.com', ''].map(tenantOfDomain),
  ).toEqual(['baya.com', 'consumers', 'consumers', 'consumers', 'liverpool.com', 'organizations']);
});

test("the authority is the cloud's or the one that was set; the end's own tenant counts before the general one", () => {
  const at = (end: Parameters<typeof officeEnd>[0], defaults = {}) =>
    registrationOf(officeEnd(end), defaults).authority;
  expect(at({})).toBe('https://login.microsoftonline.com/baya.com');
  expect(at({server: 'partner.outlook.cn'})).toBe('https://login.partner.microsoftonline.cn/baya.com');
  expect(at({}, {tenant: 'contoso.com'})).toBe('https://login.microsoftonline.com/contoso.com');
  expect(at({tenant: 'own.example'}, {tenant: 'contoso.com'})).toBe(
    'https://login.microsoftonline.com/own.example',
  );
  expect(at({signInUser: 'admin@contoso.com'})).toBe('https://login.microsoftonline.com/contoso.com');
  expect(at({}, {authority: 'https://localhost:5000'})).toBe('https://localhost:5000/baya.com');
  expect(at({}, {authority: 'https://localhost:5000/test/'})).toBe('https://localhost:5000/test');
});
