// The note that Exchange delivers in place of a message it cannot convert.
import {fieldOf, readEntity} from './mime.ts';
import type {ExchangeMessage} from './store.ts';

const prefix = 'Retrieval using the IMAP4 protocol failed for the following message: ';

/** @param address of the mailbox */
export function stubOf(message: ExchangeMessage, address: string): Buffer {
  const {fields} = readEntity(message.bytes.toString('latin1', 0, 64 * 1024));
  return Buffer.from(
    [
      'From: Microsoft Exchange Server',
      `To: "${address}" <${address}>`,
      `Subject: ${prefix}${message.uid}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset="us-ascii"',
      '',
      "The server couldn't retrieve the following message:",
      '',
      `Subject: "${fieldOf(fields, 'Subject')}"`,
      `From: "${fieldOf(fields, 'From').replaceAll(/["<>]/g, '')}" ("/O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP (FYDIBOHF23SPDLT)/CN=RECIPIENTS/CN=0123456789ABCDEF")`,
      'Sent date: 9/21/2019 9:00:25 PM',
      '',
    ].join('\r\n'),
    'latin1',
  );
}

/** The ENVELOPE of such a note: no date, no Message-ID, no sender's host. */
export function stubEnvelope(message: ExchangeMessage, address: string): string {
  const [local = '', host = ''] = address.split('@');
  return `(NIL "${prefix}${message.uid}" (("Microsoft Exchange Server" NIL NIL ".MISSING-HOST-NAME.")) NIL NIL (("${address}" NIL "${local}" "${host}")) NIL NIL NIL NIL)`;
}
