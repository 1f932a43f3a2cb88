import {afterAll, beforeAll, expect, it} from 'vitest';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {ImapConnection} from './imap.ts';
import {countMessages, expectSameMail, fill, instantOf, readMailbox} from './mail.ts';
import {corpus} from './mail-corpus.ts';
import {exchangeTree, fillTree, germanTree, oddNames} from './mail-folders.ts';

it('makes the same mail for the same seed, with every kind in it', () => {
  const one = corpus(60, {seed: 7});
  expect(one).toEqual(corpus(60, {seed: 7}));
  expect(one).not.toEqual(corpus(60, {seed: 8}));
  expect(new Set(one.map(message => message.kind)).size).toBe(19);
  expect(one.every(message => !message.bytes.includes(0))).toBe(true);
});

it('reads dates as instants', () => {
  expect(instantOf(' 7-Jul-1998 02:44:25 -0730')).toBe(Date.UTC(1998, 6, 7, 10, 14, 25));
});

describeDovecot('filling and reading back', () => {
  let plain: Dovecot;
  let dotted: Dovecot;

  beforeAll(async () => {
    [plain, dotted] = await Promise.all([
      startDovecot(),
      startDovecot({format: 'maildir', separator: '.', prefix: 'INBOX.', hide: ['MULTIAPPEND', 'LITERAL+']}),
    ]);
  });
  afterAll(() => Promise.all([plain?.stop(), dotted?.stop()]));

  it('brings every kind of mail back byte for byte, with flags and date', async () => {
    const german = germanTree.filter(([top]) => top !== 'INBOX' && top !== 'Journal');
    const folders = fillTree([...exchangeTree, ...german, ...oddNames], {
      seed: 1,
      messages: 600,
      bigBytes: 20_000_000,
    });
    await fill(plain, 'john@baya.com', folders);
    const mailbox = await readMailbox(plain, 'john@baya.com', {wholeBytes: true});
    expect([...mailbox.keys()].sort()).toEqual(folders.map(({path}) => path.join('/')).sort());
    for (const {path, messages} of folders) {
      const stored = mailbox.get(path.join('/'));
      expect(stored?.length).toBe(messages.length);
      messages.forEach((message, index) => {
        const found = stored?.[index];
        // Dovecot hands bare line feeds out as CRLF.
        const bytes = Buffer.from(message.bytes.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1');
        expect(found?.bytes.equals(bytes), `${path.join('/')} ${index} ${message.kind}`).toBe(true);
        expect(found?.flags).toEqual([...message.flags].sort());
        expect(instantOf(found?.internalDate ?? '')).toBe(instantOf(message.date));
      });
    }
  });

  it('compares two mailboxes and sees what is missing, twice or changed', async () => {
    const folders = fillTree([['INBOX'], ['Sent Items'], ['Sent Items', 'Ä']], {seed: 2, messages: 60});
    await fill(plain, 'ann', folders);
    await fill(dotted, 'ann', folders);
    const [from, to] = await Promise.all([readMailbox(plain, 'ann'), readMailbox(dotted, 'ann')]);
    expect([...to.keys()]).toEqual(['INBOX', 'INBOX.Sent Items', 'INBOX.Sent Items.Ä']);
    expect(countMessages(to)).toBe(countMessages(from));
    const mapping = (path: string) => (path === 'INBOX' ? path : `INBOX.${path.replaceAll('/', '.')}`);
    expectSameMail(from, to, mapping);

    const inbox = to.get('INBOX') ?? [];
    for (const broken of [inbox.slice(1), [...inbox, ...inbox.slice(0, 1)]])
      expect(() => expectSameMail(from, new Map(to).set('INBOX', broken), mapping)).toThrow();
    const changes = [{flags: ['\\Odd']}, {internalDate: '01-Jan-2001 00:00:00 +0000'}, {sha256: ''}];
    for (const change of changes) {
      const changed = inbox.map((message, index) => (index === 3 ? {...message, ...change} : message));
      expect(() => expectSameMail(from, new Map(to).set('INBOX', changed), mapping)).toThrow();
    }
  });

  it('signs in over TLS and says why it is refused', async () => {
    const connection = await ImapConnection.open(plain, 'john', {tls: true});
    expect(connection.capabilities).toContain('MULTIAPPEND');
    await connection.close();
    await expect(ImapConnection.open(plain, 'john', {password: 'wrong'})).rejects.toThrow(
      'AUTHENTICATIONFAILED',
    );
  });
});
