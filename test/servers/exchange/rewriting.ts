// How a message comes out of Exchange after it went in: the same content in other bytes. Headers are refolded and put
// in another order, boundaries and transfer encodings are Exchange's own; Message-ID, Bcc and X- fields stay. With
// 'mapi' Date is in UTC, encoded words are written anew, and a missing Date or Message-ID is made up. Pure.
import {createHash} from 'node:crypto';
import {
  contentTypeOf,
  decodeBody,
  type Entity,
  type Field,
  fieldOf,
  partsOf,
  readEntity,
  unfold,
} from './mime.ts';
import type {Quirks} from './quirks.ts';
import {encodeWords, utcDate} from './rewriting-headers.ts';

type Mode = Exclude<Quirks['rewrite'], 'off'>;

/** @param date INTERNALDATE, for a message without a Date */
export function rewritten(bytes: Buffer, mode: Quirks['rewrite'], date: string): Buffer {
  if (mode === 'off') return bytes;
  const seed = createHash('sha256').update(bytes).digest('hex');
  return Buffer.from(rewriteMessage(bytes.toString('latin1'), {mode, seed, date, depth: 0}), 'latin1');
}

type About = {
  readonly mode: Mode;
  /** Makes boundaries and identifiers. */
  readonly seed: string;
  readonly date: string;
  readonly depth: number;
  /** The type of a part that names none. */
  readonly otherwise?: string;
};

/** Fields in the order in which they come out; all others between the last but one and the last of them. */
const order = [
  'Received',
  'From',
  'To',
  'Cc',
  'Bcc',
  'Subject',
  'Thread-Topic',
  'Date',
  'Message-ID',
  'References',
  'In-Reply-To',
];
const spelling = new Map(order.map(name => [name.toLowerCase(), name]));

function rewriteMessage(text: string, about: About): string {
  const entity = readEntity(text);
  const mail = entity.fields.filter(({name}) => !/^(Content-|MIME-Version$)/i.test(name));
  const fields = about.mode === 'mapi' ? completed(mail, about) : mail;
  const place = ({name}: Field) => {
    const index = order.findIndex(each => each.toLowerCase() === name.toLowerCase());
    return index === -1 ? order.length : index;
  };
  const lines = fields
    .toSorted((one, other) => place(one) - place(other))
    .map(field => foldedField(field, about.mode));
  return [...lines, ...rewriteBody(entity, about, ['MIME-Version: 1.0'])].join('\r\n');
}

function completed(fields: readonly Field[], {seed, date}: About): Field[] {
  const subject = fieldOf(fields, 'Subject');
  const moment = utcDate(fieldOf(fields, 'Date')) ?? utcDate(date.replace('-', ' ').replace('-', ' '));
  const rest = fields.filter(({name}) => !/^(Date|Thread-Topic)$/i.test(name));
  return [
    ...rest,
    ...(moment === undefined ? [] : [{name: 'Date', value: ` ${moment}`}]),
    ...(subject === '' ? [] : [{name: 'Thread-Topic', value: ` ${subject}`}]),
    ...(fieldOf(fields, 'Message-ID') === ''
      ? [{name: 'Message-ID', value: ` <${seed.slice(0, 32)}@SIMP001MB0001.SIMP001.PROD.OUTLOOK.COM>`}]
      : []),
  ];
}

const encoded = /^(From|To|Cc|Bcc|Subject|Sender|Reply-To|Thread-Topic)$/i;

function foldedField({name, value}: Field, mode: Mode): string {
  const shown = spelling.get(name.toLowerCase()) ?? name;
  const unfolded = unfold(value);
  return fold(`${shown}: ${mode === 'mapi' && encoded.test(name) ? encodeWords(name, unfolded) : unfolded}`);
}

/** Lines of up to 76 characters where there are blanks to break at. */
function fold(line: string): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > 76) {
    const before = rest.lastIndexOf(' ', 76);
    const at = before > 0 && rest.slice(0, before).trim() !== '' ? before : rest.indexOf(' ', 77);
    // A line of blanks alone would end the header, and a field name stays with its first word.
    if (at === -1 || /^[^\s:]+:$/.test(rest.slice(0, at)) || rest.slice(at).trim() === '') break;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...lines, rest].join('\r\n');
}

/** Content fields, the empty line and the body, as lines. */
function rewriteBody({fields, body}: Entity, about: About, before: readonly string[] = []): string[] {
  const content = fields.filter(({name}) => /^Content-/i.test(name));
  const {type, boundary} = contentTypeOf(fields, about.otherwise);
  const kept = content
    .filter(({name}) => !/^Content-Transfer-Encoding$/i.test(name))
    .map(field => foldedField(field, about.mode));
  const typed = kept.some(line => /^Content-Type:/i.test(line)) ? kept : [`Content-Type: ${type}`, ...kept];
  const encoding = fieldOf(fields, 'Content-Transfer-Encoding');
  // A signature holds for these bytes only: Exchange keeps them.
  const sealed = type === 'multipart/signed' || type === 'multipart/encrypted';
  const parts = boundary === '' || sealed ? [] : partsOf(body, boundary);
  if (parts.length > 0 && about.depth < 40) {
    const next = `_${String(about.depth).padStart(3, '0')}_${about.seed.slice(0, 24).toUpperCase()}_`;
    return [
      ...typed.map(line => (/^Content-Type:/i.test(line) ? withBoundary(line, next) : line)),
      ...before,
      '',
      ...parts.flatMap((part, index) => [
        `--${next}`,
        ...rewriteBody(readEntity(part), {
          ...about,
          depth: about.depth + 1,
          seed: nextSeed(about.seed, index),
          otherwise: type === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
        }),
      ]),
      `--${next}--`,
      '',
    ];
  }
  if (sealed || (boundary !== '' && parts.length === 0))
    return [
      ...typed,
      ...(encoding === '' ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
      ...before,
      '',
      body,
    ];
  const decoded = decodeBody(body, encoding);
  if (type === 'message/rfc822') {
    const inner = rewriteMessage(decoded.toString('latin1'), {
      ...about,
      depth: about.depth + 1,
      otherwise: 'text/plain',
    });
    return [...typed, ...before, '', inner];
  }
  if (!type.startsWith('text/') || /charset\s*=\s*"?utf-?(16|32)/i.test(fieldOf(fields, 'Content-Type')))
    return [...typed, 'Content-Transfer-Encoding: base64', ...before, '', base64Lines(decoded), ''];
  return [
    ...typed,
    'Content-Transfer-Encoding: quoted-printable',
    ...before,
    '',
    quotedPrintable(decoded.toString('latin1')),
  ];
}

function nextSeed(seed: string, index: number): string {
  return createHash('sha256').update(`${seed}.${index}`).digest('hex');
}

function withBoundary(line: string, boundary: string): string {
  const without = unfold(line).replace(/;\s*boundary\s*=\s*("[^"]*"|[^\s;]+)/i, '');
  return `${without};\r\n\tboundary="${boundary}"`;
}

function base64Lines(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
}

/** @param text one character a byte */
function quotedPrintable(text: string): string {
  const byte = (char: string) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return text
    .split(/\r?\n/)
    .map(line => {
      const safe = line.replaceAll(/[^\t\x20-\x3c\x3e-\x7e]/g, byte).replace(/[\t ]$/, byte);
      return softBroken(safe);
    })
    .join('\r\n');
}

/** Lines of up to 76 characters, none of them breaking in the middle of =XX. */
function softBroken(line: string): string {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > 76) {
    let at = 75;
    const escaped = rest.lastIndexOf('=', at - 1);
    if (escaped > at - 3 && escaped !== -1) at = escaped;
    pieces.push(`${rest.slice(0, at)}=`);
    rest = rest.slice(at);
  }
  return [...pieces, rest].join('\r\n');
}
