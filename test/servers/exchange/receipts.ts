// Read receipts that Exchange sends although nobody has read anything: to be known, so that a test can forbid them.
import type {ExchangeMailbox} from './mailbox.ts';
import {fieldOf, readEntity} from './mime.ts';
import type {ExchangeMessage} from './store.ts';

/** A whole message was fetched. */
export function downloaded(mailbox: ExchangeMailbox, message: ExchangeMessage): void {
  if (mailbox.options.suppressReadReceipt !== true) send(mailbox, message);
}

/** A message that somebody has read already was appended. */
export function storedAsSeen(mailbox: ExchangeMailbox, message: ExchangeMessage): void {
  if (message.flags.some(flag => /^\\seen$/i.test(flag))) send(mailbox, message);
}

function send(mailbox: ExchangeMailbox, {bytes, flags}: ExchangeMessage): void {
  if (!mailbox.quirks.readReceipts || flags.includes('$MDNSent')) return;
  const {fields} = readEntity(bytes.toString('latin1', 0, 256 * 1024));
  if (fieldOf(fields, 'Disposition-Notification-To') === '') return;
  const id = fieldOf(fields, 'Message-ID') || fieldOf(fields, 'Subject');
  if (!mailbox.receipts.includes(id)) mailbox.receipts.push(id);
}
