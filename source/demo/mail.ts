// Made-up mail for the demo: short notes, HTML, 8-bit, attachments from a few KB to 2 MB.

import type {Random} from './random.ts';
import type {NewMessage} from './server/store.ts';

const senders = [
  ['Marta Lindqvist', 'marta@harbour.example'],
  ['Öykü Demir', 'oyku@lighthouse.example'],
  ['Tomáš Novák', 'tomas@harbour.example'],
  ['林 美咲', 'misaki@tokyo.example'],
  ["Aoife O'Hara", 'aoife@pier.example'],
  ['Newsletter', 'news@weather.example'],
  ['Jürgen Weiß', 'j.weiss@werft.example'],
] as const;

const subjects = [
  'Lunch on Thursday?',
  'Minutes of the meeting',
  'Re: offer for pier 4',
  'Fotos vom Sommerfest',
  'Rechnung 2026-0417',
  'Plans for the new quay, second draft',
  'Re: Re: keys of the boathouse',
  'Votre commande est arrivée',
  '見積もりの件',
  'Tide table for the week',
  'Contract, signed',
  'Ordre du jour – conseil de mardi',
];

const sentences = [
  'The crane comes on Monday, so please keep the north side free.',
  'Könntest du die Zahlen bis Freitag noch einmal prüfen?',
  "Merci pour l'envoi, tout est bien arrivé.",
  'I have added the two drawings we talked about.',
  'Nothing urgent, answer when you are back.',
  '詳細は添付ファイルをご覧ください。',
  'The new harbour light can be seen from eleven miles away.',
  'Bitte die Pläne für den Steg nicht vergessen.',
];

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const zones = ['+0000', '+0100', '+0200', '-0500', '+0900'];
const flagSets = [
  ['\\Seen'],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  ['\\Seen', '$Forwarded'],
  ['\\Flagged', '\\Seen'],
  [],
];
const crlf = '\r\n';
const firstDay = Date.UTC(1998, 2, 2);
const lastDay = Date.UTC(2026, 9, 30);

/** Base64 lines, 2 MB of them: every attachment is the start of it. */
export function attachmentPool(random: Random): Buffer {
  const bytes = Buffer.alloc(1_540_000);
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(random.below(2 ** 32), at);
  return Buffer.from(bytes.toString('base64').replaceAll(/.{76}/g, `$&${crlf}`));
}

const word = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

const two = (value: number) => String(value).padStart(2, '0');

/** Bytes of the attachment: most messages have none, some a few KB, few up to 600 KB. */
function attachmentSize(random: Random): number {
  const chance = random.next();
  if (chance < 0.55) return 0;
  const most = chance < 0.9 ? 120_000 : 600_000;
  return Math.floor(2_000 * (most / 2_000) ** random.next());
}

export type MailMaker = {
  /** `age` from 0, the oldest, to 1. */
  message(age: number): NewMessage;
  /** One with an attachment of so many bytes, up to 2 MB as sent. */
  large(attachment: number, subject: string): NewMessage;
};

/** Makes mail to one person; the same for the same chance. */
export function mailTo(recipient: string, random: Random, pool: Buffer): MailMaker {
  let made = 0;

  const build = (age: number, attachment: number, subject: string): NewMessage => {
    made += 1;
    const [name, address] = random.pick(senders);
    const at = new Date(firstDay + (lastDay - firstDay) * age);
    const time = `${two(random.below(24))}:${two(random.below(60))}:${two(random.below(60))}`;
    const zone = random.pick(zones);
    const day = at.getUTCDate();
    const month = months[at.getUTCMonth()] ?? 'Jan';
    const text = Array.from({length: 2 + random.below(14)}, () => random.pick(sentences)).join(crlf) + crlf;
    const html = random.next() < 0.3;
    const type = `text/${html ? 'html' : 'plain'}; charset=utf-8${crlf}Content-Transfer-Encoding: 8bit`;
    const content = html ? `<p>${text}</p>${crlf}` : text;
    const boundary = `=_${made}_harbour`;
    const head = [
      `From: ${word(name)} <${address}>`,
      `To: ${recipient}`,
      `Subject: ${word(subject)}`,
      `Date: ${day} ${month} ${at.getUTCFullYear()} ${time} ${zone}`,
      ...(random.next() < 0.03
        ? []
        : [`Message-ID: <${made}.${random.below(1e9)}@${address.split('@')[1]}>`]),
      'MIME-Version: 1.0',
    ].join(crlf);
    const plain = `${head}${crlf}Content-Type: ${type}${crlf}${crlf}${content}`;
    const parts = [
      `${head}${crlf}Content-Type: multipart/mixed; boundary="${boundary}"${crlf}${crlf}`,
      `--${boundary}${crlf}Content-Type: ${type}${crlf}${crlf}${content}`,
      `--${boundary}${crlf}Content-Type: application/pdf; name="plan-${made}.pdf"${crlf}`,
      `Content-Transfer-Encoding: base64${crlf}${crlf}`,
    ].join('');
    return {
      flags: random.pick(flagSets),
      date: `${two(day)}-${month}-${at.getUTCFullYear()} ${time} ${zone}`,
      bytes:
        attachment === 0
          ? Buffer.from(plain)
          : Buffer.concat([
              Buffer.from(parts),
              pool.subarray(0, attachment),
              Buffer.from(`${crlf}--${boundary}--${crlf}`),
            ]),
    };
  };

  return {
    message: age => build(age, attachmentSize(random), random.pick(subjects)),
    large: (attachment, subject) => build(0.97, attachment, subject),
  };
}
