import {describe, expect, it} from 'vitest';
import {contentDigest} from '../../../source/engine/messages/content.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {mostParts} from './refusals.ts';
import {rewritten} from './rewriting.ts';
import {address, simulation} from './simulated.ts';
import {Talk} from './talk.ts';

const start = simulation();
const message = 'Message-ID: <1@example.org>\r\nSubject: one\r\nX-Mine: kept\r\n\r\nbody\r\n';

async function signedIn(options?: Parameters<typeof start>[0]) {
  const simulated = await start(options);
  return {...simulated, talk: await Talk.signedIn(simulated.server, address)};
}

describe('APPEND', () => {
  it('stores date and flags, drops keywords without a word, and tells the UID', async () => {
    const {talk, mailbox} = await signedIn();
    const answer = await talk.append(
      'INBOX',
      message,
      '(\\Seen \\flagged $MDNSent $Forwarded Projekt) "10-Feb-2022 10:45:34 -0500"',
    );
    expect(answer).toBe('ap OK [APPENDUID 14 1] APPEND completed.\r\n');
    const [stored] = mailbox.messages('INBOX');
    expect(stored).toMatchObject({
      uid: 1,
      flags: ['\\Seen', '\\Flagged', '$MDNSent'],
      date: '10-Feb-2022 10:45:34 -0500',
      flaggedInOutlook: false,
      categories: ['$MDNSent'],
    });
    await talk.ask('2 SELECT INBOX');
    await talk.ask('3 UID STORE 1 +FLAGS (\\Flagged)');
    expect(mailbox.messages('INBOX')[0]?.flaggedInOutlook).toBe(true);
    mailbox.own.appendUid = false;
    expect(await talk.append('INBOX', message)).toContain('ap OK APPEND completed.\r\n');
    talk.close();
  });

  it('takes a literal that does not wait', async () => {
    const {talk, mailbox} = await signedIn();
    talk.send(`1 APPEND INBOX (\\Seen) {${message.length}+}\r\n${message}\r\n2 NOOP\r\n`);
    await talk.hear(/^1 OK \[APPENDUID 14 1\] APPEND completed\.\r\n2 OK NOOP completed\.\r\n/);
    expect(mailbox.messages('INBOX')).toHaveLength(1);
    talk.close();
  });

  it('refuses what Exchange cannot convert, without a reason', async () => {
    const {talk, mailbox} = await signedIn({quirks: {errorBudget: 0}});
    const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n';
    const head = 'Subject: s\r\nMIME-Version: 1.0\r\n';
    const nested = (levels: number): string =>
      levels === 0 ? `${head}\r\nx\r\n` : `Content-Type: message/rfc822\r\n\r\n${nested(levels - 1)}`;
    const argument = 'ap BAD Command Argument Error. 11\r\n';
    const bodies: readonly (readonly [string, string, string])[] = [
      [`${head}\r\n${'x'.repeat(10_240)}\r\n`, 'ap BAD Command Error. 10\r\n', 'long line'],
      [
        `${head}Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n${part}--b--\r\n`,
        argument,
        'report',
      ],
      ['Subject: =?TELETEX?Q?abc?=\r\n\r\nx\r\n', argument, 'unknown charset'],
      [
        `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: =?x-none?B?YQ==?= <a@b.example>\r\n\r\nx\r\n--b--\r\n`,
        argument,
        'unknown charset',
      ],
      [
        `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(mostParts + 1)}--b--\r\n`,
        argument,
        'too many parts',
      ],
      [nested(32), argument, 'nested too deep'],
    ];
    for (const [body, answer, why] of bodies) {
      expect(await talk.append('INBOX', body)).toContain(answer);
      expect(mailbox.refusals.at(-1)).toBe(why);
    }
    expect(await talk.append('INBOX', `${head}\r\n${'x'.repeat(10_239)}\r\n`)).toContain('ap OK');
    const most = `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(mostParts)}--b--\r\n`;
    expect(await talk.append('INBOX', most)).toContain('ap OK');
    expect(await talk.append('INBOX', message, '() "today"')).toContain(argument);
    talk.close();
  });

  it('refuses what is too large before its bytes, or after them', async () => {
    const {talk, mailbox} = await signedIn({quirks: {largestMessage: 100}});
    const large = message + 'x'.repeat(100);
    expect(await talk.append('INBOX', large)).toBe(
      'ap NO Maximum size of appendable message has been exceeded\r\n',
    );
    talk.send(`2 APPEND INBOX {${large.length}+}\r\n${large}\r\n`);
    await talk.hear(/^2 NO Maximum size of appendable message has been exceeded\r\n/);
    mailbox.own.largestRefusal = 'BAD';
    expect(await talk.append('INBOX', large)).toMatch(/^\+ .*\r\n$|ap BAD Command Argument Error\. 11\r\n$/);
    expect(mailbox.messages('INBOX')).toEqual([]);
    talk.close();
  });

  it('tells of a full mailbox in two ways', async () => {
    const {talk, mailbox} = await signedIn({account: {quotaBytes: 50}});
    expect(await talk.append('INBOX', message)).toContain('ap NO Server Unavailable. 15\r\n');
    mailbox.own.quotaRefusal = 'BAD';
    expect(await talk.append('INBOX', message)).toContain('ap BAD Command Argument Error. 11\r\n');
    talk.close();
  });

  it('will have no command behind one that waits for its +', async () => {
    const {talk, mailbox} = await signedIn();
    talk.send(`1 APPEND INBOX {${message.length}}\r\n2 NOOP\r\n`);
    await talk.hear(/^2 BAD Command is not valid in this state\.\r\n\+ .*\r\n/);
    talk.send(`${message}\r\n`);
    await talk.hear(/^1 OK/);
    expect(mailbox.messages('INBOX')).toHaveLength(1);
    talk.close();
  });

  it('reads the bytes of a refused literal as commands, where it is out of step', async () => {
    const {talk} = await signedIn({quirks: {desync: true}});
    const html = '<br> hello\r\n<p> there\r\n';
    talk.send(`1 APPEND Nowhere {${html.length}+}\r\n${html}\r\n`);
    await talk.hear(
      /^1 NO Nowhere doesn't exist\.\r\n<br> BAD Command Error\. 10\r\n<p> BAD Command Error\. 10\r\n/,
    );
    talk.close();
  });

  it('may send a read receipt for mail that was read long ago', async () => {
    const {talk, mailbox} = await signedIn();
    const asking = `Disposition-Notification-To: a@example.org\r\n${message}`;
    await talk.append('INBOX', asking);
    expect(mailbox.receipts).toEqual([]);
    await talk.append('INBOX', asking, '(\\Seen)');
    expect(mailbox.receipts).toEqual(['<1@example.org>']);
    talk.close();
  });
});

describe('rewriting', () => {
  const original = [
    'X-Mine: kept as it is',
    'Bcc: hidden@example.org',
    'Message-ID: <2@example.org>',
    'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=',
    ' from Cologne',
    'Date: Mon, 2 Mar 1998 09:10:11 +0530',
    'From: "Ann" <ann@example.org>',
    'Content-Type: multipart/mixed; boundary="theirs"',
    '',
    '--theirs',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: 8bit',
    '',
    'gr\xfc\xdfe = all',
    '--theirs',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    '',
    'AAEC',
    '--theirs--',
    '',
  ].join('\r\n');

  it('gives other bytes, other headers, another boundary and encoding; content and names stay', async () => {
    const {talk, mailbox} = await signedIn();
    await talk.append('INBOX', original);
    const text = mailbox.messages('INBOX')[0]?.bytes.toString('latin1') ?? '';
    expect(text).toMatch(/^From: [\s\S]*\r\nBcc: hidden@example\.org\r\n[\s\S]*X-Mine: kept as it is\r\n/);
    expect(text).toContain('\r\nMessage-ID: <2@example.org>\r\n');
    expect(text).not.toContain('theirs');
    expect(text).toContain('Content-Transfer-Encoding: quoted-printable\r\n\r\ngr=FC=DFe =3D all');
    expect(text.length).not.toBe(original.length);
    expect(contentDigest(Buffer.from(text, 'latin1'))).toBe(contentDigest(Buffer.from(original, 'latin1')));
    talk.close();
  });

  it('by way of MAPI also writes Date in UTC and words in UTF-8, and adds what is missing', () => {
    const text = rewritten(Buffer.from(original, 'latin1'), 'mapi', '').toString('latin1');
    expect(text).toContain('\r\nDate: Mon, 02 Mar 1998 03:40:11 +0000\r\n');
    expect(text).toMatch(/\r\nSubject: =\?utf-8\?B\?R3LDvMOfZQ==\?= from Cologne\r\n/);
    const bare = rewritten(Buffer.from('Subject: a\r\n\r\nb\r\n'), 'mapi', '17-Jul-1996 02:44:25 -0700');
    expect(bare.toString()).toMatch(/\r\nDate: Wed, 17 Jul 1996 09:44:25 \+0000\r\nMessage-ID: <\w+@/);
  });

  it('keeps the content of mail of every kind', () => {
    for (const {bytes, kind} of corpus(120, {seed: 9}))
      for (const mode of ['mime', 'mapi'] as const) {
        const other = rewritten(bytes, mode, '17-Jul-1996 02:44:25 -0700');
        expect(other.equals(bytes), kind).toBe(false);
        expect(contentDigest(other), `${kind} ${mode}\n${bytes.subarray(0, 2000)}`).toBe(
          contentDigest(bytes),
        );
      }
  });
});
