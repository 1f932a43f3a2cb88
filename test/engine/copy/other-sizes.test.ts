// What has the Message-ID, date and sender of a message and another size, in a folder too small for its other mail to tell
// whether the destination writes mail anew.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
const head =
  'From: a@example.org\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <h.1@example.org>\r\n';
const text = (body: string, more = '') => Buffer.from(`${head}${more}\r\n${body}\r\n`);
const forwarded = (body: string) =>
  text(`Subject: inside\r\n\r\n${body}`, 'Content-Type: message/rfc822\r\n');

/** One message, and what is at the destination; nothing is remembered. */
async function carry(bytes: Buffer, there: Buffer) {
  const source = await startHostile(user, {INBOX: [{bytes}]}, () => undefined);
  const destination = await startHostile(user, {Data17012018: [], [name]: [{bytes: there}]}, () => undefined);
  stopAfterwards(source, destination);
  const done = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1},
  });
  const notes = eventsOf(done, 'note').map(({problem}) => problem.code);
  return {
    ...done.totals,
    unlike: notes.includes('present-unlike'),
    arrived: destination.mailbox.find(name)?.messages.length,
  };
}

const present = {copied: 0, alreadyPresent: 1, arrived: 1};

it('where it says another thing it is another message: the one of the source is copied', async () => {
  const told = await carry(text('The meeting is on Monday.'), text('The meeting is on Tuesday, at ten.'));
  expect(told).toMatchObject({copied: 1, alreadyPresent: 0, arrived: 2, unlike: false});
});

it.each([
  ['with a header more', text('Hello', 'X-Seen-By: scanner\r\n')],
  ['in another encoding', text('H=65llo', 'Content-Transfer-Encoding: quoted-printable\r\n')],
])('where it is the same %s, it is there already', async (_, there) => {
  expect(await carry(text('Hello'), there)).toMatchObject({...present, unlike: false});
});

it('where it cannot be told what it says, it counts as there, and that is said', async () => {
  expect(await carry(forwarded('One'), forwarded('Another'))).toMatchObject({...present, unlike: true});
});
