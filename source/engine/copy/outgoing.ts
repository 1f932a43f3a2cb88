// A message as it came from the source, made ready for the destination.
import type {OutgoingMessage} from '../imap/append.ts';
import {emptyLiteral} from '../imap/literal.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {Problem} from '../problems/problems.ts';
import {withChange} from './changes.ts';
import {intendedRow} from './message-row.ts';
import type {FolderRecords} from './records.ts';

export type Outgoing = OutgoingMessage & {
  readonly row: LedgerMessage;
  /** It goes out mended: what it was refused for as it was. */
  readonly refusedFor?: Problem;
};

/** @param exchange the destination is Exchange */
export function outgoingOf(message: FetchedMessage, records: FolderRecords, exchange: boolean): Outgoing {
  const {uid, flags} = message;
  const {body, why} = records.changes.outgoing(uid, message.body ?? emptyLiteral, flags, exchange);
  const outgoing = {
    flags: records.flags(flags, exchange),
    internalDate: message.internalDate,
    body,
    row: withChange(intendedRow(message, body, body.length, records.now()), why),
  };
  const again = records.changes.again(body, outgoing.row);
  return again === undefined ? outgoing : {...outgoing, ...again};
}
