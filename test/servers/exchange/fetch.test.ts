import {describe, expect, it} from 'vitest';
import {address, simulation} from './simulated.ts';
import {Talk} from './talk.ts';

const start = simulation();
const message = (id: number, more = '') =>
  `Message-ID: <${id}@example.org>\r\nFrom: Ann <ann@example.org>\r\nSubject: no ${id}\r\n${more}\r\nbody ${id}\r\n`;

/** A mailbox of so many messages, open in a session. */
async function opened(count: number, options?: Parameters<typeof start>[0], command = 'EXAMINE') {
  const simulated = await start(options);
  for (let id = 1; id <= count; id += 1) simulated.mailbox.add('INBOX', message(id), {flags: ['\\Seen']});
  const talk = await Talk.signedIn(simulated.server, address);
  await talk.ask(`op ${command} INBOX`);
  return {...simulated, talk};
}

describe('FETCH', () => {
  it('tells sizes that are not those of the literals, unless the administrator asked for exact ones', async () => {
    const {talk, server} = await opened(5);
    const text = await talk.ask('1 UID FETCH 1:* (RFC822.SIZE BODY.PEEK[])');
    const sizes = [...text.matchAll(/RFC822\.SIZE (\d+)/g)].map(([, size]) => Number(size));
    const literals = [...text.matchAll(/\{(\d+)\}/g)].map(([, size]) => Number(size));
    const ratios = sizes.map((size, index) => size / (literals[index] ?? 1));
    expect(ratios.every(ratio => ratio !== 1 && ratio >= 0.29 && ratio <= 3.1)).toBe(true);
    expect(Math.min(...ratios)).toBeLessThan(0.4);
    expect(Math.max(...ratios)).toBeGreaterThan(2.9);
    server.mailbox('exact@contoso.example', {exactSizes: true}).add('INBOX', message(1));
    const other = await Talk.signedIn(server, 'exact@contoso.example');
    await other.ask('1 EXAMINE INBOX');
    expect(await other.ask('2 FETCH 1 (RFC822.SIZE)')).toContain(`RFC822.SIZE ${message(1).length})`);
    talk.close();
    other.close();
  });

  it('sends its items in any order, and news in between', async () => {
    const {talk, mailbox} = await opened(6);
    const orders = (text: string) =>
      new Set([...text.matchAll(/FETCH \(([A-Z]+)/g)].map(([, first]) => first)).size;
    expect(orders(await talk.ask('1 UID FETCH 1:6 (UID FLAGS INTERNALDATE)'))).toBe(3);
    mailbox.own.shuffledFetch = false;
    mailbox.own.chatter = true;
    const text = await talk.ask('2 UID FETCH 1:6 (UID FLAGS INTERNALDATE)');
    expect(text).toContain('* 6 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen \\Recent))\r\n* 2 FETCH (UID 2 ');
    talk.close();
  });

  it('says OK and sends nothing for a message made silent', async () => {
    const {talk, mailbox} = await opened(0);
    const {uid} = mailbox.add('INBOX', message(1), {behaves: 'silent'});
    await talk.ask('1 NOOP');
    expect(await talk.ask('2 UID SEARCH ALL')).toContain(`* SEARCH ${uid}\r\n`);
    expect(await talk.ask(`3 UID FETCH ${uid} (BODY.PEEK[])`)).toBe('3 OK FETCH completed.\r\n');
    mailbox.own.silentFetch = false;
    expect(await talk.ask(`4 UID FETCH ${uid} (BODY.PEEK[])`)).toContain('body 1');
    talk.close();
  });

  it('delivers a note in place of a message made stub', async () => {
    const {talk, mailbox} = await opened(0, {quirks: {shuffledFetch: false}});
    mailbox.add('INBOX', message(1), {behaves: 'stub'});
    await talk.ask('1 NOOP');
    expect(await talk.ask('2 FETCH 1 (ENVELOPE)')).toContain(
      '(ENVELOPE (NIL "Retrieval using the IMAP4 protocol failed for the following message: 1" (("Microsoft Exchange Server" NIL NIL ".MISSING-HOST-NAME.")) NIL NIL (("john@contoso.example" NIL "john" "contoso.example")) NIL NIL NIL NIL))',
    );
    const text = await talk.ask('3 UID FETCH 1 (BODY.PEEK[])');
    expect(text).toContain('From: Microsoft Exchange Server\r\n');
    expect(text).toContain(
      '\r\nThe server couldn\'t retrieve the following message:\r\n\r\nSubject: "no 1"\r\nFrom: "Ann ann@example.org" ("/O=EXCHANGELABS/',
    );
    expect(text).not.toMatch(/^(Date|Message-ID):/im);
    talk.close();
  });

  it('gives envelopes, headers, parts and macros', async () => {
    const {talk} = await opened(1, {quirks: {shuffledFetch: false}});
    expect(await talk.ask('1 FETCH 1 ENVELOPE')).toContain(
      '(NIL "no 1" (("Ann" NIL "ann" "example.org")) (("Ann" NIL "ann" "example.org")) (("Ann" NIL "ann" "example.org")) NIL NIL NIL NIL "<1@example.org>")',
    );
    expect(await talk.ask('2 FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)])')).toContain(
      '{17}\r\nSubject: no 1\r\n\r\n',
    );
    expect(await talk.ask('3 FETCH 1 (BODY.PEEK[]<0.10>)')).toContain('BODY[]<0> {10}\r\nMessage-ID');
    expect(await talk.ask('4 FETCH 1 FAST')).toMatch(/FLAGS .* INTERNALDATE .* RFC822\.SIZE \d+\)/);
    expect(await talk.ask('5 FETCH 1 (BINARY[])')).toBe('5 BAD Command Argument Error. 11\r\n');
    expect(await talk.ask('6 FETCH x (FLAGS)')).toBe('6 BAD The specified message set is invalid.\r\n');
    talk.close();
  });

  it('marks as read without PEEK only, and may send a read receipt for a download', async () => {
    const {talk, mailbox} = await opened(0, undefined, 'SELECT');
    mailbox.add('INBOX', message(1, 'Disposition-Notification-To: ann@example.org\r\n'));
    await talk.ask('1 NOOP');
    await talk.ask('2 UID FETCH 1 (BODY.PEEK[HEADER])');
    expect(mailbox.receipts).toEqual([]);
    await talk.ask('3 UID FETCH 1 (BODY.PEEK[])');
    expect(mailbox.receipts).toEqual(['<1@example.org>']);
    expect(mailbox.messages('INBOX')[0]?.flags).toEqual([]);
    await talk.ask('4 UID FETCH 1 (BODY[])');
    expect(mailbox.messages('INBOX')[0]?.flags).toEqual(['\\Seen']);
    talk.close();
  });

  it('cannot fetch by number from an empty folder', async () => {
    const {talk} = await opened(0);
    expect(await talk.ask('1 FETCH * (FLAGS)')).toBe('1 BAD The specified message set is invalid.\r\n');
    expect(await talk.ask('2 UID FETCH 1:* (FLAGS)')).toBe('2 OK FETCH completed.\r\n');
    talk.close();
  });
});

describe('what changes meanwhile', () => {
  it('is told between commands: an edited message has a new UID', async () => {
    const {talk, mailbox} = await opened(3);
    expect(mailbox.edit('INBOX', 2, message(2, 'X-Edited: yes\r\n')).uid).toBe(4);
    expect(await talk.ask('1 NOOP')).toBe('* 2 EXPUNGE\r\n* 3 EXISTS\r\n1 OK NOOP completed.\r\n');
    expect(await talk.ask('2 UID SEARCH ALL')).toContain('* SEARCH 1 3 4\r\n');
    mailbox.own.editedUid = 'kept';
    expect(mailbox.edit('INBOX', 4, message(2)).uid).toBe(4);
    talk.close();
  });

  it('includes what STORE, COPY, MOVE and EXPUNGE did', async () => {
    const {talk, mailbox} = await opened(3, undefined, 'SELECT');
    expect(await talk.ask('1 UID STORE 1 +FLAGS (\\Deleted $Forwarded)')).toContain(
      '* 1 FETCH (FLAGS (\\Seen \\Deleted \\Recent) UID 1)',
    );
    expect(await talk.ask('2 EXPUNGE')).toBe('* 1 EXPUNGE\r\n2 OK EXPUNGE completed.\r\n');
    expect(await talk.ask('3 UID COPY 2 Drafts')).toMatch(/^3 OK \[COPYUID \d+ 2 1\] COPY completed\.\r\n$/);
    mailbox.own.copyUid = 'empty';
    expect(await talk.ask('4 UID MOVE 2 Drafts')).toMatch(
      /^\* OK \[COPYUID \d+ {2}\]\r\n\* 1 EXPUNGE\r\n4 OK MOVE completed\.\r\n$/,
    );
    expect(mailbox.messages('Drafts')).toHaveLength(2);
    talk.close();
  });
});

describe('SEARCH', () => {
  it('knows US-ASCII and $MDNSent only', async () => {
    const {talk} = await opened(3);
    expect(await talk.ask('1 SEARCH CHARSET UTF-8 ALL')).toBe(
      '1 NO [BADCHARSET (US-ASCII)] The specified charset is not supported.\r\n',
    );
    expect(await talk.ask('2 UID SEARCH KEYWORD $Forwarded')).toBe('2 BAD Command Argument Error. 11\r\n');
    expect(await talk.ask('3 UID SEARCH KEYWORD $MDNSent')).toBe('* SEARCH\r\n3 OK SEARCH completed.\r\n');
    expect(await talk.ask('4 UID SEARCH HEADER Message-ID <2@example.org>')).toContain('* SEARCH 2\r\n');
    expect(await talk.ask('5 UID SEARCH SINCE 1-Jan-2020 BEFORE 2-Jan-2020 NOT UNSEEN')).toContain(
      '* SEARCH 1 2 3\r\n',
    );
    expect(await talk.ask('6 UID SEARCH OR UID 1 SUBJECT "no 3"')).toContain('* SEARCH 1 3\r\n');
    expect(await talk.ask(`7 UID SEARCH UID ${'1,'.repeat(5200)}1`)).toBe('7 BAD Command Error. 10\r\n');
    talk.close();
  });

  it('finds nothing in IMAP4rev2, without an error', async () => {
    const {talk} = await opened(3, {quirks: {capabilityAfter: 'rev2'}});
    expect(await talk.ask('1 UID SEARCH ALL')).toContain('* SEARCH 1 2 3\r\n');
    expect(await talk.ask('2 UID SEARCH RETURN (ALL) ALL')).toContain('* ESEARCH (TAG "2") UID\r\n');
    await talk.ask('3 ENABLE IMAP4rev2');
    expect(await talk.ask('8 UID SEARCH UNSEEN')).toBe(
      '* ESEARCH (TAG "8") UID\r\n8 OK SEARCH completed.\r\n',
    );
    talk.close();
  });
});
