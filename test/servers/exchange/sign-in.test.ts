import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {makeCertificates} from '../certificates.ts';
import {address, application, simulation, xoauth2} from './simulated.ts';
import {Talk} from './talk.ts';

const start = simulation();

describe('the greeting and the capabilities', () => {
  it('are those of 2026, without a CAPABILITY code, and others after the sign-in', async () => {
    const {server, appToken} = await start({quirks: {password: 'refused-new'}});
    const talk = await Talk.open(server);
    expect(await talk.ask('1 CAPABILITY')).toBe(
      '* CAPABILITY IMAP4 IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+\r\n1 OK CAPABILITY completed.\r\n',
    );
    expect(await talk.ask(`2 AUTHENTICATE XOAUTH2 ${xoauth2(address, appToken())}`)).toBe(
      '2 OK AUTHENTICATE completed.\r\n',
    );
    expect(await talk.ask('3 CAPABILITY')).toBe(
      '* CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+\r\n3 OK CAPABILITY completed.\r\n',
    );
    expect(await talk.ask('4 ID NIL')).toBe(
      '* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")\r\n4 OK ID completed.\r\n',
    );
    expect(await talk.ask('5 NAMESPACE')).toBe(
      '* NAMESPACE (("" "/")) NIL NIL\r\n5 OK NAMESPACE completed.\r\n',
    );
    talk.send('6 LOGOUT\r\n');
    expect(await talk.rest()).toBe(
      '* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n6 OK LOGOUT completed.\r\n',
    );
  });

  it('may be the older ones, or offer IMAP4rev2', async () => {
    const {server} = await start({
      quirks: {greeting: 'old', capabilityBefore: 'classic', capabilityAfter: 'rev2', saslIr: false},
    });
    const talk = await Talk.open(server);
    expect(await talk.ask('1 CAPABILITY')).toContain('AUTH=PLAIN AUTH=XOAUTH2 UIDPLUS ID UNSELECT');
    await talk.ask(`2 LOGIN ${address} pass`);
    expect(await talk.ask('3 CAPABILITY')).toContain('UNSELECT ENABLE IMAP4rev2 CLIENTACCESSRULES');
    talk.close();
  });
});

describe('a password', () => {
  it('is refused for good by the new front end', async () => {
    const {server} = await start({quirks: {password: 'refused-new'}});
    const talk = await Talk.open(server);
    talk.send(`a1 LOGIN ${address} pass\r\n`);
    expect(await talk.rest()).toBe(
      'a1 NO Basic authentication is disabled.\r\n* BYE Microsoft Exchange Server IMAP4 server signing off.\r\n',
    );
  });

  it('is refused as wrong by the old one', async () => {
    const {server} = await start({quirks: {password: 'refused-old'}});
    const talk = await Talk.open(server);
    expect(await talk.ask(`A1 LOGIN ${address} pass`)).toBe('A1 NO LOGIN failed.\r\n');
    const plain = Buffer.from(`\0${address}\0pass`).toString('base64');
    expect(await talk.ask(`A2 AUTHENTICATE PLAIN ${plain}`)).toBe('A2 NO AUTHENTICATE failed.\r\n');
    expect(await talk.ask('A3 SELECT INBOX')).toBe('A3 BAD Command received in Invalid state.\r\n');
    talk.close();
  });

  it('is taken where the switch says so, in every form, and is not in the log', async () => {
    const {server, mailbox} = await start({account: {password: 'se"cret'}});
    const talk = await Talk.open(server);
    expect(await talk.ask(`1 LOGIN ${address} wrong`)).toBe('1 NO LOGIN failed.\r\n');
    expect(await talk.ask(`2 LOGIN ${address} "se\\"cret"`)).toBe('2 OK LOGIN completed.\r\n');
    const other = await Talk.open(server);
    other.send('1 AUTHENTICATE PLAIN\r\n');
    await other.hear(/^\+ \r\n/);
    other.send(`${Buffer.from(`\0${address}\0se"cret`).toString('base64')}\r\n`);
    await other.hear(/1 OK AUTHENTICATE completed\.\r\n/);
    expect(JSON.stringify(server.log.commands)).not.toContain('cret');
    expect(mailbox.signIns).toBe(2);
    talk.close();
    other.close();
  });
});

describe('XOAUTH2', () => {
  it('works with its answer in the command and behind a +', async () => {
    const {server, userToken} = await start({quirks: {password: 'refused-new'}});
    const one = await Talk.open(server);
    const answer = xoauth2(address, userToken(address));
    expect(await one.ask(`1 AUTHENTICATE XOAUTH2 ${answer}`)).toBe('1 OK AUTHENTICATE completed.\r\n');
    server.quirks.saslIr = false;
    const two = await Talk.open(server);
    expect(await two.ask(`1 AUTHENTICATE XOAUTH2 ${answer}`)).toMatch(/^1 BAD/);
    two.send('2 AUTHENTICATE XOAUTH2\r\n');
    await two.hear(/^\+ \r\n/);
    two.send(`${answer}\r\n`);
    await two.hear(/^2 OK AUTHENTICATE completed\.\r\n/);
    one.close();
    two.close();
  });

  it('refuses in one line, whatever is wrong', async () => {
    const {server, appToken, userToken, clock} = await start({servicePrincipals: [application]});
    server.mailbox('off@contoso.example', {state: 'imap-off'});
    const expired = appToken(60);
    clock.advance(60_000);
    const wrong: readonly (readonly [string, string])[] = [
      [address, 'never issued'],
      [address, expired],
      [address, appToken(3900, {audience: 'https://graph.microsoft.com'})],
      [address, userToken(address, 3900, 'https://graph.microsoft.com')],
      [address, appToken(3900, {audience: 'https://outlook.office.com'})],
      [address, appToken(3900, {permission: 'Mail.Read'})],
      [address, appToken(3900, {subject: 'an application without a service principal'})],
      ['john', appToken()],
      ['nobody@contoso.example', appToken()],
      ['off@contoso.example', appToken()],
    ];
    for (const [user, token] of wrong) {
      const talk = await Talk.open(server);
      expect(await talk.ask(`1 AUTHENTICATE XOAUTH2 ${xoauth2(user, token)}`)).toBe(
        '1 NO AUTHENTICATE failed.\r\n',
      );
      talk.close();
    }
    const talk = await Talk.open(server);
    expect(await talk.ask('1 AUTHENTICATE XOAUTH2 bm9uc2Vuc2U=')).toBe('1 NO AUTHENTICATE failed.\r\n');
    talk.close();
  });
});

describe('authenticated but not connected', () => {
  it('comes without licence, without mailbox, and without FullAccess', async () => {
    const {server, appToken, userToken} = await start();
    server.mailbox('plain@contoso.example', {state: 'no-licence'});
    server.mailbox('none@contoso.example', {state: 'no-mailbox'});
    server.mailbox('closed@contoso.example', {fullAccess: []});
    const unconnected: readonly (readonly [string, string])[] = [
      ['plain@contoso.example', appToken()],
      ['none@contoso.example', appToken()],
      ['closed@contoso.example', appToken()],
      [address, userToken('ann@contoso.example')],
    ];
    for (const [user, token] of unconnected) {
      const talk = await Talk.open(server);
      expect(await talk.ask(`1 AUTHENTICATE XOAUTH2 ${xoauth2(user, token)}`)).toBe(
        '1 OK AUTHENTICATE completed.\r\n',
      );
      expect(await talk.ask('2 CAPABILITY')).toContain('2 OK');
      expect(await talk.ask('3 NAMESPACE')).toBe('3 BAD User is authenticated but not connected.\r\n');
      talk.send('4 LIST "" "*"\r\n');
      expect(await talk.rest()).toBe(
        '4 BAD User is authenticated but not connected.\r\n* BYE Connection closed. 14\r\n',
      );
    }
  });

  it('lets a delegate into a shared mailbox, by token and by password', async () => {
    const {server, userToken} = await start();
    const shared = 'info@contoso.example';
    server.mailbox(shared, {fullAccess: [address]});
    const talk = await Talk.open(server);
    await talk.ask(`1 AUTHENTICATE XOAUTH2 ${xoauth2(shared, userToken(address))}`);
    expect(await talk.ask('2 NAMESPACE')).toContain('2 OK');
    const other = await Talk.open(server);
    await other.ask(`1 LOGIN "${address}\\\\${shared}" pass`);
    expect(await other.ask('2 NAMESPACE')).toContain('2 OK');
    expect(server.sessions(shared)).toBe(2);
    talk.close();
    other.close();
  });

  it('passes where it was transient', async () => {
    const {server} = await start({account: {state: 'transient'}});
    const answers: string[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const talk = await Talk.signedIn(server, address);
      answers.push(await talk.ask('1 NAMESPACE'));
      talk.close();
    }
    expect(answers.map(answer => answer.includes('1 OK'))).toEqual([false, false, true]);
  });
});

it('speaks TLS with a certificate of the tests', async () => {
  const certificates = makeCertificates(mkdtempSync(join(tmpdir(), 'exchange-')));
  const {server} = await start({certificates});
  const talk = await Talk.open(server, {tls: true});
  expect(await talk.ask(`1 LOGIN ${address} pass`)).toBe('1 OK LOGIN completed.\r\n');
  talk.close();
});
