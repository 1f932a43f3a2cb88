// What strangers write: messages, their headers and their parts.

import {contentDigest} from '../../../../source/engine/messages/content.ts';
import {bodyStart, decode, parameter, partsOf} from '../../../../source/engine/messages/entity.ts';
import {examineMessage, LineScan} from '../../../../source/engine/messages/examine.ts';
import {
  decodeCharset,
  decodeText,
  detached,
  displayFields,
  holdsHeader,
  parseHeaders,
} from '../../../../source/engine/messages/headers.ts';
import {headerKey, identityFields} from '../../../../source/engine/messages/identity.ts';
import {Mender, type MendKind} from '../../../../source/engine/messages/mend.ts';
import {asksForReceipt, withoutReceipt} from '../../../../source/engine/messages/receipts.ts';
import {readStub} from '../../../../source/engine/messages/stub.ts';
import {cleanText} from '../../../../source/format/clean.ts';
import {corpus} from '../../../helpers/mail-corpus.ts';
import {type Input, must, mustBeClean, pieces, same, type Target} from '../target.ts';

const samples: readonly Buffer[] = [
  ...corpus(17, {seed: 5, repeats: false}).map(({bytes}) => bytes.subarray(0, 6000)),
  Buffer.from(
    'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: multipart/digest; boundary=ab\r\n\r\n--ab\r\n\r\nSubject: in\r\n\r\nx\r\n--ab--\r\n--a\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA0KDQp5\r\n--a--\r\n',
  ),
  Buffer.from(
    'From: "A \\"B\\" (c)" <a@b.c>, =?utf-8?Q?=C3=A9?= <d@e.f> (x (y))\r\nTo: undisclosed:;\r\nDate: Thu, 1 Jan 0000 25:61:61 -9999 (XX)\r\nMessage-ID: <<a@b>> <c@d>\r\nSubject: =?iso-2022-jp?B?GyRC?= =?x-unknown*de?Q?=FF_?=\r\nDisposition-Notification-To: a@b\r\n\r\n',
  ),
  Buffer.from(
    'From: "Microsoft Exchange Server" <x@y>\r\nSubject: Retrieval using the IMAP4 protocol failed for the following message: 12\r\n\r\nThe server couldn\'t retrieve the following message:\r\n\r\nSubject: "x"\r\nFrom: "y"\r\n',
  ),
];
const words = [
  'From: ',
  'Subject: ',
  'Date: ',
  'Message-ID: ',
  'Content-Type: multipart/mixed; boundary=',
  'Content-Type: message/rfc822\r\n\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  '--a',
  '--ab',
  '--a--',
  '\r\n--a\r\n',
  '\n--a\n',
  '=?utf-8?B?',
  '=?utf-8?Q?',
  '?=',
  '?= =?',
  '=\r\n',
  '=3D',
  '\r\n ',
  '\n\t',
  '<a@b>',
  '"\\"',
  '((',
  'Disposition-Notification-To:',
  ' -9999',
  '31 Feb 0000',
];

const mostHeader = 256 * 1024;

function headers({bytes, text}: Input): void {
  const all = parseHeaders(bytes);
  let length = 0;
  let count = 0;
  for (const [name, values] of all) {
    must(name === name.toLowerCase() && !name.includes('\n'), `a field called ${JSON.stringify(name)}`);
    for (const value of values) {
      must(!value.includes('\n'), `${name} holds a line break`);
      length += value.length;
      count++;
    }
  }
  must(length <= mostHeader && count <= 2000, `${count} fields, ${length} bytes`);
  const wanted = parseHeaders(bytes, identityFields);
  for (const name of identityFields)
    must(same(wanted.get(name), all.get(name)), `${name} is read otherwise alone`);
  if (holdsHeader(bytes))
    must(
      same([...parseHeaders(Buffer.concat([bytes, Buffer.from('\r\nFrom: other@x\r\n')]))], [...all]),
      'what follows the header is read as part of it',
    );
  const fields = detached(displayFields(all));
  for (const [name, value] of Object.entries(fields)) mustBeClean(value, name);
  for (const looking of [true, false]) {
    const {key, hints, undated} = headerKey(all, looking);
    for (const each of [key, ...hints, undated ?? key]) must(/^[0-9a-f]{32}$/.test(each), `a key ${each}`);
  }
  decodeText(text);
}

function entity({bytes, latin1, random}: Input): void {
  const start = bodyStart(bytes);
  must(start >= 0 && start <= bytes.length, `a body at ${start}`);
  for (const boundary of ['a', 'ab', '', latin1.slice(0, 20)]) {
    const parts = partsOf(bytes, boundary);
    must(parts.length <= 1001, `${parts.length} parts`);
    must(parts.reduce((sum, part) => sum + part.length, 0) <= bytes.length, 'parts larger than the whole');
  }
  for (const encoding of ['base64', 'quoted-printable', '8bit', latin1.slice(0, 30)])
    must(decode(bytes, encoding).length <= bytes.length, `${encoding} makes more of it`);
  parameter(latin1, 'boundary');
  decodeCharset(
    bytes,
    random.pick(['utf-8', 'utf-16le', 'iso-2022-jp', 'gb18030', 'x-user-defined', latin1.slice(0, 30)]),
  );
  must(/^[0-9a-f]{64}$/.test(contentDigest(bytes)), 'no digest');
  must(contentDigest(bytes) === contentDigest(Buffer.from(bytes)), 'another digest of the same');
  const {longestLine, parts, depth} = examineMessage(bytes);
  must(
    longestLine <= bytes.length && parts <= bytes.length && depth <= 100,
    `${longestLine} ${parts} ${depth}`,
  );
  const scan = new LineScan();
  for (const piece of pieces(bytes, random)) scan.push(piece);
  must(scan.longestLine === longestLine, 'cut elsewhere, its longest line is another');
  const stub = readStub(bytes);
  must(stub === undefined || bytes.length <= 16 * 1024, 'a note of that size');
}

const kinds: readonly (readonly MendKind[])[] = [
  ['lines'],
  ['line-ends'],
  ['nul'],
  ['lines', 'line-ends', 'nul'],
  [],
];

function mending({bytes, random}: Input): void {
  // Long lines are what it is for.
  const long = Buffer.concat([
    bytes,
    Buffer.alloc(random.pick([0, 9_000, 30_000]), random.pick(['a', ' ', '=41', 'é'])),
    bytes,
  ]);
  const which = random.pick(kinds);
  const mended = (message: readonly Buffer[]) => {
    const mender = new Mender(which);
    const out = [...message.flatMap(piece => mender.push(piece)), ...mender.end()];
    const whole = Buffer.concat(out);
    must(whole.length === mender.length, 'it counts other bytes than it gives');
    return {whole, changed: mender.changed};
  };
  const once = mended([long]);
  must(
    mended(pieces(long, random, [300, 3000, 30_000])).whole.equals(once.whole),
    'cut elsewhere, it is mended otherwise',
  );
  must(once.changed || once.whole.equals(long), 'it changes what it says it has not');
  must(!mended([once.whole]).changed, 'what was mended once is mended again');
  if (which.includes('nul')) must(!once.whole.includes(0), 'a NUL is left');
}

function receipts({bytes}: Input): void {
  const without = withoutReceipt(bytes);
  must(asksForReceipt(bytes) === (without !== undefined), 'it asks for a receipt or not');
  if (without !== undefined) must(!asksForReceipt(Buffer.concat(without)), 'it asks still');
}

export const mailTargets: readonly Target[] = [
  {
    name: 'mail.headers',
    samples,
    words,
    hurts: [
      ['From: "', '\\"', ' <a@b.c>\r\n\r\n'],
      ['', 'x\n', 'Subject: y\n\n'],
    ],
    check: headers,
  },
  {name: 'mail.entity', samples, words, check: entity},
  {name: 'mail.mend', samples, words, weight: 2, check: mending},
  {name: 'mail.receipts', samples, words, check: receipts},
  {
    name: 'mail.clean',
    samples: [
      'Gelöschte Elemente 日本 😀',
      'a\x1b]0;t\x07b\x1b[31mc',
      '\u202egpj.exe \u2066x\u2069',
      'e\u0301\u0489',
      'x \t\r\n y',
    ],
    hurts: [['a', '\t', 'b']],
    words: [
      '\x1b',
      '\x1b[',
      '\x1b]',
      '\u009b',
      '\u009d',
      '\x07',
      '\x1b\\',
      ' ',
      '\t',
      '\u0301',
      '\ud800',
      '\u3164',
      '31m',
    ],
    check({text, random}) {
      const most = random.pick([1, 20, 300, 2000]);
      const clean = cleanText(text, most);
      mustBeClean(clean, 'cleaned text');
      must([...clean].length <= most, `${[...clean].length} characters of ${most}`);
      must(cleanText(clean, most) === clean, 'cleaned twice it is another');
    },
  },
];
