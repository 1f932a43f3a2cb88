import {expect, test} from 'vitest';
import {readStub} from '../../../source/engine/messages/stub.ts';

const prefix = 'Retrieval using the IMAP4 protocol failed for the following message: 367';

function note(
  marker: string,
  headers: readonly string[] = [],
  subject = prefix,
  from = 'Microsoft Exchange Server',
) {
  return Buffer.from(
    [
      `From: ${from}`,
      `Subject: ${subject}`,
      ...headers,
      '',
      marker,
      '',
      'Subject: "Juneteenth, "quoted""',
      'From: "Ann Example" ("/O=EXCHANGELABS/CN=X")',
      '',
    ].join('\r\n'),
  );
}

test.each([
  ["The server couldn't retrieve the following message:"],
  ['The server couldn\u2019t retrieve the following message:'],
  ['The server could not retrieve the following message:'],
])('%s', marker => {
  const utf8 = ['Content-Type: text/plain; charset="utf-8"', 'Content-Transfer-Encoding: 8bit'];
  expect(readStub(note(marker, utf8))).toEqual({subject: 'Juneteenth, "quoted"', from: 'Ann Example'});
});

test('encoded bodies and subjects are read too', () => {
  const body = Buffer.from('The server couldn\'t retrieve the following message:\r\n\r\nSubject: "Ü"\r\n');
  const bytes = `From: "Microsoft Exchange Server"\r\nSubject: =?utf-8?B?${Buffer.from(prefix).toString('base64')}?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${body.toString('base64')}`;
  expect(readStub(Buffer.from(bytes))).toEqual({subject: 'Ü'});
});

test('all three signs are needed: mail about such a note is mail', () => {
  const marker = "The server couldn't retrieve the following message:";
  expect(readStub(note('Look at this.'))).toBeUndefined();
  expect(readStub(note(marker, [], `Re: ${prefix}`))).toBeUndefined();
  expect(readStub(note(marker, [], prefix, 'Ann <ann@contoso.example>'))).toBeUndefined();
  expect(readStub(Buffer.concat([note(marker), Buffer.alloc(20_000, 'x')]))).toBeUndefined();
});
