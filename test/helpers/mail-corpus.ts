// Mail of many kinds, the same for the same seed: what real mailboxes hold, and what breaks copiers.
import type {MessageToAppend} from './imap.ts';
import {type Random, seeded} from './mail-random.ts';

export type MailKind = keyof typeof kinds;

export type MailToStore = Required<Omit<MessageToAppend, 'bytes'>> & {
  readonly bytes: Buffer;
  readonly kind: MailKind | 'twice' | 'same-id-other-body';
};

export type FolderToFill = {
  /** Decoded levels; ['INBOX'] is the inbox. */
  readonly path: readonly string[];
  readonly messages: readonly MailToStore[];
};

const crlf = '\r\n';
const people = ['Ann Brown', 'Jürgen Weiß', 'Zoë Łuczak', '山田 花子', 'Борис Петров', "Siân O'Dea"];
const words =
  'offer budget travel meeting Müller report contract invoice café garden project winter plan signed draft Übersicht 見積 ответ final photos key'.split(
    ' ',
  );

const encodedWord = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

type Draft = {readonly random: Random; readonly index: number; readonly id: string};

const subjectOf = ({random, index}: Draft) =>
  `${Array.from({length: 2 + random.below(5)}, () => random.pick(words)).join(' ')} ${index}`;

const prose = (random: Random, lines: number) =>
  Array.from({length: lines}, () =>
    Array.from({length: 4 + random.below(8)}, () => random.pick(words)).join(' '),
  ).join(crlf);

function headers(draft: Draft, extra: readonly string[], {messageId = true, encoded = true} = {}): string {
  const {random, id} = draft;
  const from = random.pick(people);
  const subject = subjectOf(draft);
  const word = encoded ? encodedWord : (text: string) => text;
  return [
    `From: ${word(from)} <p${random.below(50)}@example.org>`,
    'To: john@baya.com',
    `Subject: ${word(subject)}`,
    `Date: ${random.pick(['Mon, 2 Mar 1998 09:10:11 +0530', 'Tue, 17 Jan 2017 23:59:59 -0800', 'Sun, 1 Nov 2026 00:00:01 +0000'])}`,
    ...(messageId ? [`Message-ID: <${id}>`] : []),
    ...extra,
    '',
    '',
  ].join(crlf);
}

const base64Lines = (bytes: Buffer) => (bytes.toString('base64').match(/.{1,76}/g) ?? []).join(crlf);

function withAttachment(draft: Draft, bytes: number): Buffer {
  const boundary = `=_part_${draft.index}`;
  return Buffer.from(
    headers(draft, ['MIME-Version: 1.0', `Content-Type: multipart/mixed; boundary="${boundary}"`]) +
      `--${boundary}${crlf}Content-Type: text/plain; charset=utf-8${crlf}${crlf}${prose(draft.random, 6)}${crlf}` +
      `--${boundary}${crlf}Content-Type: application/octet-stream; name*=UTF-8''%C3%BCbersicht.bin${crlf}` +
      `Content-Transfer-Encoding: base64${crlf}${crlf}${base64Lines(draft.random.bytes(Math.floor(bytes * 0.73)))}${crlf}--${boundary}--${crlf}`,
  );
}

const plainType = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8'];

/** One builder a kind; each gives the whole message. None holds a NUL: IMAP literals cannot (RFC 3501 section 4.3). */
const kinds = {
  plain: draft =>
    Buffer.from(headers(draft, plainType) + prose(draft.random, 3 + draft.random.below(120)) + crlf),
  html: draft =>
    Buffer.from(
      headers(draft, ['MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8']) +
        `<p>${prose(draft.random, 20)}</p>${crlf}`,
    ),
  attachment: draft => withAttachment(draft, 2_000 + draft.random.below(60_000)),
  'latin-1': draft =>
    Buffer.concat([
      Buffer.from(
        headers(draft, ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit']),
      ),
      Buffer.from(`Grüße aus Köln, señor. ${draft.index}${crlf}`, 'latin1'),
    ]),
  'raw-utf8-headers': draft =>
    Buffer.from(headers(draft, plainType, {encoded: false}) + prose(draft.random, 4) + crlf),
  'no-message-id': draft =>
    Buffer.from(headers(draft, plainType, {messageId: false}) + prose(draft.random, 5) + crlf),
  'binary-body': draft =>
    Buffer.concat([
      Buffer.from(
        headers(draft, ['Content-Type: application/octet-stream', 'Content-Transfer-Encoding: binary']),
      ),
      draft.random.bytes(3_000).map(byte => (byte === 0 || byte === 10 || byte === 13 ? 255 : byte)),
      Buffer.from(crlf),
    ]),
  'long-line': draft =>
    Buffer.from(headers(draft, plainType) + 'x'.repeat(20_000 + draft.random.below(20_000)) + crlf),
  'long-headers': draft =>
    Buffer.from(
      headers(draft, [
        `References: ${Array.from({length: 200}, (_, n) => `<${n}.${draft.id}>`).join(`${crlf} `)}`,
        `X-Long: ${'y'.repeat(5_000)}`,
      ]) + crlf,
    ),
  'bare-line-feeds': draft => Buffer.from(`${headers(draft, plainType)}one\ntwo\r\nthree\n`),
  'no-final-newline': draft => Buffer.from(`${headers(draft, plainType)}the last line has no end`),
  'only-headers': draft => Buffer.from(headers(draft, [])),
  'headers-without-end': draft =>
    Buffer.from(`Subject: unfinished ${draft.index}${crlf}X-Id: ${draft.id}${crlf}`),
  'only-body': draft => Buffer.from(`${crlf}only a body, no header ${draft.id}${crlf}`),
  'broken-headers': draft =>
    Buffer.from(
      `From nobody Mon Jan  1 00:00:00 2001${crlf}: no name${crlf}Subject${crlf}Date: yesterday, perhaps${crlf}` +
        `Message-ID: not in brackets ${draft.id}${crlf}${crlf}text${crlf}`,
    ),
  'hostile-headers': draft =>
    Buffer.from(
      headers(draft, ['X-Formula: =HYPERLINK("http://example.com")']).replace(
        /^Subject: .*$/m,
        `Subject: =cmd|' /C calc'!A0 \u001b[31mred\u202e ${draft.index}`,
      ) + crlf,
    ),
  tiny: draft => Buffer.from(`X: ${draft.index}${crlf}${crlf}`),
} satisfies Record<string, (draft: Draft) => Buffer>;

const kindNames = Object.keys(kinds) as MailKind[];
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const zones = ['+0000', '-0800', '+0530', '+0200', '+1245', '-0330'];
const flagSets: readonly (readonly string[])[] = [
  [],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  ['\\Flagged'],
  ['\\Draft', '\\Seen'],
  ['\\Deleted'],
  ['\\Seen', '$Forwarded'],
  ['$MDNSent', '\\Seen', 'Projekt-42'],
  ['NonJunk', '$Label1', '\\Flagged'],
];

const two = (value: number) => String(value).padStart(2, '0');

/** An IMAP date-time between 1998 and `lastYear`. */
function anyDate(random: Random, lastYear: number): string {
  const day = two(1 + random.below(28));
  const month = random.pick(monthNames);
  const time = [random.below(24), random.below(60), random.below(60)].map(two).join(':');
  return `${day}-${month}-${1998 + random.below(lastYear - 1998 + 1)} ${time} ${random.pick(zones)}`;
}

export type CorpusOptions = {
  readonly seed: number;
  /** Kinds to draw from, all where not given. The first messages go through them in turn, so each occurs. */
  readonly kinds?: readonly MailKind[];
  /** Adds messages that occur twice byte for byte, and pairs of one Message-ID with different bodies. */
  readonly repeats?: boolean;
  /** Dovecot keeps no date of the future: it stores the time of the APPEND instead. 2025 where not given. */
  readonly lastYear?: number;
};

/** `count` messages. With `repeats` the last few are repeats of earlier ones. */
export function corpus(count: number, options: CorpusOptions): MailToStore[] {
  const random = seeded(options.seed);
  const drawn = options.kinds ?? kindNames;
  const messages: MailToStore[] = [];
  const repeats = options.repeats === false ? 0 : Math.min(6, Math.floor(count / 6));
  const dressed = () => ({flags: random.pick(flagSets), date: anyDate(random, options.lastYear ?? 2025)});
  for (let index = 0; index < count - repeats; index += 1) {
    const kind = drawn[index] ?? random.pick(drawn);
    const draft = {random, index, id: `${options.seed}.${index}.${random.below(1e9)}@example.org`};
    messages.push({kind, bytes: kinds[kind](draft), ...dressed()});
  }
  for (let index = 0; index < repeats; index += 1) {
    const first = messages[index];
    if (first === undefined) break;
    messages.push(
      index % 2 === 0
        ? {...first, kind: 'twice'}
        : {
            ...first,
            kind: 'same-id-other-body',
            bytes: Buffer.concat([first.bytes, Buffer.from(`other body${crlf}`)]),
          },
    );
  }
  return messages;
}

/** A message with one attachment, about `bytes` long. */
export function bigMessage(bytes: number, seed: number): MailToStore {
  const random = seeded(seed);
  return {
    kind: 'attachment',
    bytes: withAttachment({random, index: seed, id: `big.${seed}@example.org`}, bytes),
    flags: ['\\Seen'],
    date: '05-Jun-2019 07:08:09 +0200',
  };
}
