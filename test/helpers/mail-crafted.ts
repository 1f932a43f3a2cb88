// Mail made to hurt whoever reads it: the bytes, the headers, the parts and the texts of it. The same for the same seed.
import {acts, evil, misleads} from '../servers/hostile-text.ts';
import type {MessageToAppend} from './imap.ts';
import {type Random, seeded} from './mail-random.ts';

export type CraftedMail = Required<Omit<MessageToAppend, 'bytes'>> & {
  readonly bytes: Buffer;
  readonly kind: string;
};

/** How far it goes: what a test has time for, or as far as anybody would. */
export type Scale = 'short' | 'full';

const crlf = '\r\n';
const sizes = {
  short: {line: 120_000, fields: 3000, depth: 300, folds: 3000, id: 30_000, parts: 1500},
  full: {line: 10_000_000, fields: 100_000, depth: 10_000, folds: 100_000, id: 1_000_000, parts: 50_000},
} as const;

/** What a person is shown of a message. */
export const craftedTexts: readonly string[] = [
  evil,
  acts,
  misleads,
  '=cmd|calc!A0',
  '+1+1',
  '-2+3',
  '@SUM(1)',
  'a;=HYPERLINK("http://example.com")',
  '＝1+1',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'); DROP TABLE message; --",
  '=?utf-8?B?7aCA?= =?utf-8?Q?=ED=BF=BF?=',
  '=?x-nobody?Q?=1B[2J?= =?utf-8?B?G10wO1BXTkVEBw==?=',
  '=?utf-16?B?2AA=?= =?utf-7?Q?+AD0-1?=',
  '=?utf-8?Q?=0D=0ASubject:_two?=',
  `=?utf-8?Q?${'=C3'.repeat(200)}?=`,
  '../../../../etc/passwd',
  '{5}',
  ') UID 7 FLAGS (\\Deleted',
  '* BYE',
  'NIL',
  '\u0000',
];

/** Raw, in a header of one line. */
const raw = (text: string) => text.replaceAll(/[\r\n\0]/g, ' ');
/** As an encoded word, which carries what a header cannot. */
const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

type Craft = {
  readonly random: Random;
  readonly id: string;
  readonly size: (typeof sizes)[Scale];
};

const head = ({id}: Craft, ...more: readonly string[]) =>
  ['From: a@example.org', 'To: john@baya.com', `Message-ID: <${id}>`, ...more, '', ''].join(crlf);

const text = (craft: Craft, body: string, ...more: readonly string[]) =>
  Buffer.from(head(craft, ...more) + body, 'latin1');
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"`;

function nested(
  {size, ...craft}: Craft,
  type: (level: number) => string,
  open: (level: number) => string,
): Buffer {
  let body = '';
  for (let level = 0; level < size.depth; level++) body += `${open(level)}${type(level + 1)}${crlf}${crlf}`;
  return Buffer.from(`${head({size, ...craft}, type(0))}${body}deep down${crlf}`);
}

const kinds: Readonly<Record<string, (craft: Craft) => Buffer>> = {
  empty: () => Buffer.alloc(0),
  'only a CRLF': () => Buffer.from(crlf),
  'only a LF': () => Buffer.from('\n'),
  'only empty lines': () => Buffer.from(crlf.repeat(50)),
  'only headers': craft => Buffer.from(head(craft).trimEnd()),
  'no end of the headers': craft => Buffer.from(head(craft).slice(0, -2)),
  'NUL bytes': craft => text(craft, 'a\0b\0\0c\r\n', 'Subject: x\0y'),
  'bare returns': craft => text(craft, 'one\rtwo\r\r\nthree\r'),
  'bare line feeds': craft => Buffer.from(`${head(craft)}one\n\n.\n..\nFrom me\n`.replaceAll(crlf, '\n')),
  'lines mixed': craft =>
    Buffer.from(`${head(craft).replace(crlf, '\n').replace(crlf, '\r\r\n')}x\r\n\n\ry\n\r`),
  'a line without end': craft => text(craft, 'x'.repeat(craft.size.line)),
  'a header without end': craft => text(craft, 'x', `Subject: ${'y'.repeat(craft.size.line)}`),
  'fields without number': craft =>
    text(
      craft,
      'x',
      Array.from({length: craft.size.fields}, (_, field) => `X-${field}: ${field}`).join(crlf),
    ),
  'one field over and over': craft =>
    text(craft, 'x', Array.from({length: craft.size.fields}, () => 'Received: from x').join(crlf)),
  'headers without colon': craft =>
    text(craft, 'x', ...Array.from({length: 500}, (_, field) => `no colon ${field}`), 'Subject after it'),
  'names of nothing': craft => text(craft, 'x', ': nothing', ' : blank', '::', 'X :y', '\t: tab'),
  'folded for ever': craft => text(craft, 'x', `Subject: a${`${crlf} b`.repeat(craft.size.folds)}`),
  'folded with nothing': craft => text(craft, 'x', `Subject:${`${crlf} ${crlf}\t`.repeat(50)}end`),
  'parts in parts': craft =>
    nested(
      craft,
      level => mixed(`b${level}`),
      level => `--b${level}${crlf}`,
    ),
  'parts of one boundary': craft =>
    nested(
      craft,
      () => mixed('b'),
      () => `--b${crlf}`,
    ),
  'messages in messages': craft =>
    nested(
      craft,
      () => 'Content-Type: message/rfc822',
      () => '',
    ),
  'a boundary that never closes': craft =>
    text(craft, `--b${crlf}${crlf}one${crlf}--b${crlf}${crlf}two`, mixed('b')),
  'a boundary that never comes': craft => text(craft, 'one', mixed('never')),
  'a boundary that begins another': craft =>
    text(
      craft,
      `--ab${crlf}${mixed('abc')}${crlf}${crlf}--abc${crlf}${crlf}x${crlf}--abc--${crlf}--ab--${crlf}--abc${crlf}`,
      mixed('ab'),
    ),
  'a boundary of nothing': craft => text(craft, `--${crlf}${crlf}x${crlf}----${crlf}`, mixed('')),
  'a boundary of a megabyte': craft =>
    text(craft, `--${'b'.repeat(craft.size.id)}${crlf}${crlf}x`, mixed('b'.repeat(craft.size.id))),
  'parts without number': craft =>
    text(craft, `--b${crlf}${crlf}x${crlf}`.repeat(craft.size.parts), mixed('b')),
  'charsets of nobody': craft =>
    Buffer.concat([
      text(craft, '', 'Content-Type: text/plain; charset="x-\x1b[31m"'),
      craft.random.bytes(400).map(byte => byte || 1),
    ]),
  'base64 that lies': craft =>
    text(
      craft,
      `not base64 at all ###${crlf}====${crlf}QUJD=QUJD${crlf}`,
      'Content-Transfer-Encoding: base64',
    ),
  'quoted-printable that lies': craft =>
    text(craft, `=ZZ=3=\r\n=\n==3D=${crlf}=`, 'Content-Transfer-Encoding: quoted-printable'),
  'several Message-IDs': craft =>
    text(craft, 'x', `Message-ID: <second.${craft.id}>`, 'Message-ID: <a@b> <c@d>', 'Message-Id:'),
  'a Message-ID of a megabyte': ({id, size}) =>
    Buffer.from(`Message-ID: <${'i'.repeat(size.id)}${id}>${crlf}From: a@b${crlf}${crlf}x`),
  'a Message-ID that is none': ({id}) =>
    Buffer.from(`Message-ID: ${id} \x1b]0;PWNED\x07 <<>${crlf}From: a@b${crlf}${crlf}x`),
  'a From of quotes': craft =>
    text(
      craft,
      'x',
      `Sender: "${'\\"'.repeat(20_000)}`,
      `Cc: "${'\\"'.repeat(20_000)}`,
      `Reply-To: ${'('.repeat(20_000)}`,
    ),
  'dates that are none': craft =>
    text(
      craft,
      'x',
      `Date: ${craft.random.pick(['Thu, 1 Jan 0000 00:00:00 +0000', 'Fri, 31 Dec 99999 23:59:59 -9999', '32 Foo 2020', 'Mon, 1 Jan 1 25:61:61 -2500', '-1', ''])}`,
    ),
  'dates without number': craft =>
    text(craft, 'x', ...Array.from({length: 200}, (_, day) => `Date: ${day} Jan 2020 00:00:00 +0000`)),
  'From_ lines': craft =>
    Buffer.concat([
      Buffer.from(`From nobody Mon Jan  1 00:00:00 2001${crlf}`),
      text(
        craft,
        `From me to you${crlf}>From it${crlf}From x@y Mon Jan  1 00:00:00 2001${crlf}${crlf}Subject: z${crlf}`,
      ),
    ]),
  'labels of Gmail': craft =>
    text(
      craft,
      'x',
      'X-Gmail-Labels: =?UTF-8?Q?Inbox,\\Deleted?=',
      'X-GM-THRID: 99999999999999999999',
      'X-Keywords: \\Deleted $x',
    ),
  '8-bit everywhere': craft =>
    text(craft, 'Gr\xfc\xdfe \xff\xfe\x80', 'Subject: \xe4\xf6\xfc \xff', '\xe4: \xe4'),
  'UTF-16': craft =>
    Buffer.from(`\ufeffSubject: x${crlf}Message-ID: <${craft.id}>${crlf}${crlf}text`, 'utf16le'),
  'UTF-16 in a part': craft =>
    Buffer.concat([
      text(craft, '', 'Content-Type: text/plain; charset=utf-16'),
      Buffer.from('a\u4e00b'.repeat(20), 'utf16le'),
    ]),
  'commands of IMAP': craft =>
    text(
      craft,
      `x${crlf}A1 LOGOUT${crlf}F1 OK [APPENDUID 1 1] done${crlf}* BYE over${crlf}+ go on${crlf}DONE${crlf}`,
    ),
  'literals of IMAP': craft =>
    text(
      craft,
      `APPEND "INBOX" {5+}${crlf}hello${crlf})${crlf}{999999999}${crlf}`,
      'Subject: {5}',
      'X: ~{3+}',
    ),
  'a message in its headers': craft =>
    text(craft, `${head(craft)}again`, `Subject: x${crlf}${crlf}Subject: y`),
  'a stub that is none': craft =>
    text(
      craft,
      "The server couldn't retrieve the following message:\r\n",
      'Subject: Retrieval using the IMAP4 protocol failed for the following message: 1',
    ),
  'a receipt to everybody': craft =>
    text(
      craft,
      'x',
      'Disposition-Notification-To: a@b',
      'disposition-notification-to : c@d',
      'Return-Receipt-To: e@f',
    ),
  'dots alone': craft => text(craft, `.${crlf}..${crlf}.${crlf}`),
  noise: ({random}) => Buffer.from(random.bytes(2000).map(byte => byte || 1)),
  'noise behind headers': craft =>
    Buffer.concat([Buffer.from(head(craft)), Buffer.from(craft.random.bytes(2000).map(byte => byte || 1))]),
};

function told(craft: Craft, shown: string, encoded: boolean): Buffer {
  const write = encoded ? word : raw;
  return Buffer.from(
    [
      `From: ${write(shown)} <x@example.org>`,
      `Subject: ${write(shown)}`,
      `Message-ID: <${raw(shown).replaceAll(/[<>]/g, '')}.${craft.id}>`,
      'MIME-Version: 1.0',
      mixed('b'),
      '',
      '--b',
      `Content-Type: application/octet-stream; name="${raw(shown).replaceAll('"', '')}"`,
      `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(shown.toWellFormed())}`,
      '',
      'x',
      '--b--',
      '',
    ].join(crlf),
  );
}

const dates = [
  '02-Mar-1998 09:10:11 +0530',
  '17-Jan-2017 23:59:59 -0800',
  ' 1-Nov-2025 00:00:01 +0000',
  '31-Dec-1969 23:00:00 -1200',
  '01-Jan-2020 00:00:00 +1400',
];
const flags: readonly (readonly string[])[] = [
  [],
  ['\\Seen'],
  ['\\Deleted'],
  ['\\Flagged', '\\Draft'],
  ['$Forwarded', '$x'],
  ['NIL'],
];

/** A message of each kind, and two of each text, in an order that follows from the seed. */
export function craftedMail(seed: number, scale: Scale): CraftedMail[] {
  const random = seeded(seed);
  const size = sizes[scale];
  let count = 0;
  const craft = (): Craft => ({random, size, id: `${seed}.${count++}.${random.below(1e9)}@example.org`});
  const made = [
    ...Object.entries(kinds).map(([kind, make]) => ({kind, bytes: make(craft())})),
    ...craftedTexts.flatMap(shown =>
      [true, false].map(encoded => ({
        kind: `text ${JSON.stringify(shown.slice(0, 30))}`,
        bytes: told(craft(), shown, encoded),
      })),
    ),
  ];
  for (let at = made.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const [one, two] = [made[at], made[other]];
    if (one === undefined || two === undefined) continue;
    made[at] = two;
    made[other] = one;
  }
  return made.map(each => ({...each, date: random.pick(dates), flags: random.pick(flags)}));
}
