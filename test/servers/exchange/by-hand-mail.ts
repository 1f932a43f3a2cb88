// The mailboxes of a simulated tenant for trying things by hand.
import {corpus, type MailKind} from '../../helpers/mail-corpus.ts';
import type {ExchangeMailbox, FolderPath} from './mailbox.ts';
import type {ExchangeServer} from './server.ts';

export const domain = 'contoso.example';
/** Mail that Exchange takes and shows; what it refuses is added by name. */
const kinds: readonly MailKind[] = [
  'plain',
  'html',
  'attachment',
  'latin-1',
  'no-message-id',
  'long-headers',
];

const note = (subject: string) =>
  Buffer.from(
    `From: Ann <ann@example.org>\r\nSubject: ${subject}\r\nMessage-ID: <${subject.length}@hand>\r\n\r\n.\r\n`,
  );

/** Spreads mail over folders, a third of what is left into each, the rest into the last. */
function fill(mailbox: ExchangeMailbox, count: number, seed: number, folders: readonly FolderPath[]): void {
  let left = corpus(count, {seed, kinds});
  folders.forEach((folder, index) => {
    const part = index === folders.length - 1 ? left.length : Math.ceil(left.length / 3);
    for (const {bytes, flags, date} of left.slice(0, part))
      mailbox.add(folder, bytes, {date, flags: flags.filter(flag => flag.startsWith('\\'))});
    left = left.slice(part);
  });
}

/** @param messages in the largest mailbox */
export function fillTenant(server: ExchangeServer, messages: number): void {
  const address = (name: string) => `${name}@${domain}`;
  const ann = server.mailbox(address('ann'), {});
  fill(ann, messages, 1, ['INBOX', 'Sent Items', 'Archive', 'Projects/2026', 'Projects/Île de Ré']);
  ann.add(['Offers 2019/20'], note('in a folder that IMAP does not show'));
  ann.add('INBOX', note('Exchange cannot convert this one'), {behaves: 'stub'});
  ann.add('INBOX', note('Exchange sends nothing for this one'), {behaves: 'silent'});
  ann.add('Calendar', note('an appointment'), {behaves: 'silent'});
  fill(server.mailbox(address('juergen'), {language: 'de'}), Math.ceil(messages / 2), 2, [
    'INBOX',
    'Gesendete Elemente',
    'Verträge & Angebote',
  ]);
  fill(server.mailbox(address('mads'), {language: 'da'}), Math.ceil(messages / 3), 3, [
    'INBOX',
    'Sendt post',
    'Arkiv',
  ]);
  fill(server.mailbox(address('info'), {fullAccess: [address('ann'), applicationId]}), 40, 4, ['INBOX']);
  server.mailbox(address('new'), {});
  server.mailbox(address('imap-off'), {state: 'imap-off'});
  server.mailbox(address('no-licence'), {state: 'no-licence'});
  server.mailbox(address('no-access'), {fullAccess: []});
  server.mailbox(address('transient'), {state: 'transient'});
}

export const applicationId = '11111111-2222-4333-8444-555555555555';
export const applicationSecret = 'Sec~ret.for-trying-by-hand';
