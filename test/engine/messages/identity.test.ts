import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {contentDigest, exactDigest} from '../../../source/engine/messages/content.ts';
import {decodeText, displayFields, parseHeaders} from '../../../source/engine/messages/headers.ts';
import {headerKey} from '../../../source/engine/messages/identity.ts';

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);
const key = (text: string) => headerKey(parseHeaders(bytes(text)));

const plain = [
  'Message-ID: <a1@example.com>',
  'Date: Mon, 1 Jan 2018 10:00:00 +0100',
  'From: "Müller, Jörg" <Joerg@baya.com>',
  'To: ann@baya.com, Bob <bob@baya.com>',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus Wien',
].join('\r\n');

// What servers do to headers on the way.
const rewritten = [
  'subject: =?iso-8859-1?B?R3L832U=?=\n\taus  Wien',
  'TO: "Bob" <BOB@baya.com>,\n <ann@baya.com>',
  'From: =?utf-8?B?TcO8bGxlcg==?= <joerg@baya.com>',
  'date: 01 Jan 2018 09:00:00 GMT (UTC)',
  'X-MS-Exchange-Thing: x',
  'message-id:\n <a1@example.com>',
].join('\n');

test('refolded, recoded, reordered headers keep their keys', () => {
  expect(key(rewritten)).toEqual(key(plain));
  expect(key(plain)).toMatchObject({strong: true, key: expect.stringMatching(/^[0-9a-f]{32}$/)});
});

test('equal Message-ID with another date or sender is another message', () => {
  expect(key(plain.replace('10:00', '10:01')).key).not.toBe(key(plain).key);
  expect(key(plain.replace('Joerg@', 'eve@')).key).not.toBe(key(plain).key);
  expect(key(plain.replace('10:00', '10:01')).hints[0]).toBe(key(plain).hints[0]);
});

test.each([
  ['ann@baya.com', 'Ann <ANN@Baya.com>'],
  ['<ann@baya.com>', '"Ann, (x)" <ann@baya.com>'],
  ['ann@baya.com', 'ann @ baya.com (Ann)'],
  ['ann@baya.com, bob@baya.com', 'Team: Bob <bob@baya.com>, ann@baya.com;'],
  ['no address', 'No  Address'],
])('the address counts, not its notation: %s', (a, b) => {
  expect(key(`From: ${a}`).key).toBe(key(`From: ${b}`).key);
  expect(key(`From: ${a}`).key).not.toBe(key('From: eve@baya.com').key);
});

test('headers of many lines without a colon cost no more than others', () => {
  const lines = 2000;
  const block = bytes(`${'x\n'.repeat(lines)}Subject: y\n\n`);
  const searches = vi.spyOn(String.prototype, 'indexOf');
  const headers = parseHeaders(block);
  const forColons = searches.mock.calls.filter(([what]) => what === ':').length;
  searches.mockRestore();
  expect(headers.get('subject')).toEqual(['y']);
  // Looked for from each line again, each search passes over all the lines behind it.
  expect(forColons).toBeGreaterThan(0);
  expect(forColons).toBeLessThan(lines / 100);
});

test('an address with thousands of quotes that are never closed costs no more than another', () => {
  // Looked for from each quote again, these take minutes.
  const from = `From: "${'\\"'.repeat(31_000)} <a@b.c>`;
  for (let count = 0; count < 60; count++) expect(key(from).key).toMatch(/^[0-9a-f]{32}$/);
  expect(key('From: "a \\"b\\" c"@d.e, "x" <y@z>')).toEqual(key('From: <y@z>, "a \\"b\\" c"@d.e'));
});

test('without a Message-ID the key is weak, and survives one being added', () => {
  const without = key(plain.replace(/^Message-ID.*\r\n/, ''));
  expect(without.strong).toBe(false);
  expect(key(plain).hints).toContain(without.key);
  expect(key('Message-ID: <>\nSubject: x').strong).toBe(false);
  expect(key('').strong).toBe(false);
});

test.each([
  ['Mon, 01 Jan 2018 10:00:00 +0100', '1 Jan 18 09:00:00 Z'],
  ['Mon, 1 Jan 2018 10:00 EST', 'Mon, 1 Jan 2018 15:00:00 +0000'],
  ['Mon, 1 Jan 1998 00:00:00 -0530', '1 January 98 05:30:00 UT'],
])('the moment counts, not its notation: %s', (a, b) => {
  expect(key(`Date: ${a}`).key).toBe(key(`Date: ${b}`).key);
});

test('headers: bounded, tolerant, up to the empty line', () => {
  const headers = parseHeaders(bytes('no field\r\n continues nothing\r\nA: 1\r\n 2\r\na : 3\n\nB: 4\r\n'));
  expect([...headers]).toEqual([['a', ['1 2', '3']]]);
  expect(parseHeaders(bytes('A: x\n'.repeat(100_000))).get('a')?.length).toBe(2000);
  // The body is no header, whichever line end comes first in it.
  expect([...parseHeaders(bytes('A: 1\n\nB: 2\r\n\r\n')).keys()]).toEqual(['a']);
  expect([...parseHeaders(bytes('A: 1\r\n\r\nB: 2\n\nC: 3')).keys()]).toEqual(['a']);
  expect([...parseHeaders(bytes('\r\nB: 2\r\n\r\n')).keys()]).toEqual([]);
  expect([...parseHeaders(bytes('no colon\nA: 1\nno colon\nB: 2\nnone')).keys()]).toEqual(['a', 'b']);
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 400}), block => {
      expect(headerKey(parseHeaders(block)).key).toHaveLength(32);
      displayFields(parseHeaders(block));
      contentDigest(block);
    }),
  );
});

test('encoded words: split characters, blanks between words, several charsets, raw 8-bit', () => {
  expect(decodeText('=?UTF-8?B?4oI=?=\r\n =?UTF-8?B?rA==?= x')).toBe('€ x');
  expect(decodeText('=?iso-8859-1?Q?a_=FC?= =?utf-8?q?_=C3=BC?=')).toBe('a ü ü');
  expect(decodeText('=?utf-8*en?Q?x?=')).toBe('x');
  expect(decodeText('=?no-such?Q?=C3=BC?=')).toBe('ü');
  expect(decodeText(bytes('Grüße').toString('latin1'))).toBe('Grüße');
  expect(decodeText('Gr\xfc\xdfe')).toBe('Grüße');
  // A decoder that met broken text reads the next as if nothing had been.
  expect(decodeText('\xe2\x82')).toBe('\xe2\x82');
  expect(decodeText('=?utf-8?Q?=E2=82?= =?iso-2022-jp?B?GyRC?=')).toMatch(/^\ufffd/);
  expect(decodeText('\xe2\x82\xac =?utf-8?Q?=E2=82=AC?= =?iso-2022-jp?B?YQ==?=')).toBe('€ €a');
  expect(decodeText('a =?broken')).toBe('a =?broken');
});

test('what is shown of a message is decoded, cleaned and bounded', () => {
  const fields = displayFields(
    parseHeaders(
      bytes(`Subject: =?utf-8?Q?=1B[2J=E2=80=AEevil?= ${'x'.repeat(500)}\nFrom: Ann <ann@baya.com>`),
    ),
  );
  expect(fields.subject).toMatch(/^evil x+\.\.\.$/);
  expect(fields.subject).toHaveLength(200);
  expect(fields).not.toHaveProperty('messageId');
  expect(fields.from).toBe('Ann <ann@baya.com>');
});

const mixed = (boundary: string, text: string, attachment: string, eol: string) =>
  [
    'Subject: x',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    'preamble',
    `--${boundary}`,
    ...text.split('\n'),
    `--${boundary}`,
    ...attachment.split('\n'),
    `--${boundary}--`,
    'epilogue',
  ].join(eol);
const binary = bytes('\0\x01binary\r\n\xff', 'latin1').toString('base64');
const original = mixed(
  'b1',
  'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe aus=\n Wien',
  `Content-Type: application/x\nContent-Transfer-Encoding: base64\n\n${binary}`,
  '\r\n',
);

test('contents are equal after another encoding, charset, boundary and line ending', () => {
  const recoded = mixed(
    '--=_x y',
    `Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: base64\n\n${bytes('Grüße aus Wien\n').toString('base64')}`,
    `Content-Type: application/x; name=n\nContent-Transfer-Encoding: BASE64\n\n${binary.slice(0, 4)}\n${binary.slice(4)}`,
    '\n',
  );
  expect(contentDigest(bytes(recoded))).toBe(contentDigest(bytes(original)));
  expect(exactDigest(bytes(recoded))).not.toBe(exactDigest(bytes(original)));
});

test('contents differ where a letter, an attachment byte or an embedded message differs', () => {
  const digest = (text: string) => contentDigest(bytes(text));
  expect(digest(original.replace('Wien', 'Linz'))).not.toBe(digest(original));
  expect(digest(original.replace(binary, bytes('other').toString('base64')))).not.toBe(digest(original));
  const embedded = (subject: string) => `Content-Type: message/rfc822\n\nSubject: ${subject}\n\nsame`;
  expect(digest(embedded('a'))).not.toBe(digest(embedded('b')));
  expect(digest('\r\nx')).not.toBe(digest('\r\ny'));
});

test('what has no header at all is all body, as for servers that put one before it', () => {
  for (const body of ['no field, no empty line', '\xff\xfes\0: \0x\r\ny', 'one\r\ntwo\r\n']) {
    const written = Buffer.concat([bytes('Content-Type: text/plain\r\n\r\n'), bytes(body, 'latin1')]);
    expect(contentDigest(bytes(body, 'latin1'))).toBe(contentDigest(written));
  }
  expect(contentDigest(bytes('no field\r\n\r\n'))).toBe(contentDigest(bytes('Subject: x\r\n\r\n')));
  expect(contentDigest(bytes('Subject: no end'))).toBe(contentDigest(bytes('Subject: x\r\n\r\n')));
  expect(contentDigest(bytes('one'))).not.toBe(contentDigest(bytes('two')));
});

test('hostile nesting ends', () => {
  const nest = (depth: number): string =>
    depth === 0
      ? 'x'
      : `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nest(depth - 1)}\n--b${depth}--`;
  expect(contentDigest(bytes(nest(200)))).toHaveLength(64);
  expect(
    contentDigest(bytes(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(50_000)}`)),
  ).toHaveLength(64);
});

test('fields asked for by name are read as among all, whatever else is there', () => {
  const name = fc.constantFrom(
    'Subject',
    'SUBJECT ',
    'sender',
    'From',
    'fROM\xa0',
    'X-From',
    'Date',
    'd',
    '\x0b',
    '@',
    '3',
  );
  const asked = fc.subarray(['subject', 'from', 'date', 'x-from', '3'], {minLength: 1});
  const lines = fc.array(fc.tuple(name, fc.constantFrom(': a', ':', ': b\r\n c', '\n d: e')), {maxLength: 8});
  fc.assert(
    fc.property(asked, lines, (names, fields) => {
      const block = bytes(fields.map(each => `${each.join('')}\r\n`).join(''));
      const all = parseHeaders(block);
      expect(parseHeaders(block, new Set(names))).toEqual(
        new Map([...all].filter(([each]) => names.includes(each))),
      );
    }),
    {numRuns: 500},
  );
});
