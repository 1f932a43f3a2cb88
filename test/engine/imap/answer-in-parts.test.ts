// A server may tell the parts of its answer to a FETCH one by one (RFC 9051 section 7.5.2).
import {expect, it} from 'vitest';
import {connection} from '../../helpers/hand-played.ts';

const about = '* 1 FETCH (UID 7 FLAGS (\\Seen $Label1) INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n';
const body = '* 1 FETCH (UID 7 BODY[] {5}\r\nhello)\r\n';

it.each([
  ['before its body', about + body],
  ['behind its body', body + about],
])('a message whose flags and date come %s keeps them', async (_, answer) => {
  const {session, say, heard} = connection();
  const messages = session.messages([7], 5);
  await heard('UID FETCH 7');
  say(`${answer}F1 OK\r\n`);
  const [message] = await messages;
  expect([message?.flags, message?.internalDate, message?.body?.bytes.toString()]).toEqual([
    ['\\Seen', '$Label1'],
    '17-Jul-1996 02:44:25 -0700',
    'hello',
  ]);
});
