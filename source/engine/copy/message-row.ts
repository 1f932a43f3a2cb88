// A source message as the ledger and people know it.
import type {MessageName} from '../events.ts';
import {internalDateMs} from '../imap/internal-date.ts';
import type {Literal} from '../imap/literal.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {contentDigest} from '../messages/content.ts';
import {displayFields, holdsHeader, parseHeaders} from '../messages/headers.ts';
import {headerKey, identityFields} from '../messages/identity.ts';
import {problem} from '../problems/problems.ts';
import type {FolderMail} from './folder-mail.ts';

const {code, sentence: reason} = problem('date-unreadable', {});
/** Of a message that goes without a date of its own. */
const undated = {code, reason};

/**
 * The row that says "about to be sent".
 * @param message all of it, or at least its header
 * @param size of the whole message, bytes
 * @param now the run, and ms since 1970
 */
export function intendedRow(
  about: {readonly uid: number; readonly internalDate: string},
  message: Literal,
  size: number,
  now: {readonly run: string; readonly at: number},
): LedgerMessage {
  const headers = parseHeaders(message.beginning(holdsHeader), identityFields);
  const identity = headerKey(headers);
  const date = internalDateMs(about.internalDate);
  return {
    uid: about.uid,
    state: 'intended',
    ...identity,
    // Without a Message-ID the content decides; it is at hand only now.
    ...(identity.strong || message.length < size ? {} : {digest: contentDigest(message.bytes)}),
    run: now.run,
    at: now.at,
    size,
    ...(date === undefined ? undated : {date}),
    ...displayFields(headers),
  };
}

/**
 * The row of a message that is not sent again, with what it was sent as, where it was: a copy that turns up later would be
 * taken for a stranger's, and the message would be sent beside it.
 */
export function recognisable(row: LedgerMessage, {unfound}: Pick<FolderMail, 'unfound'>): LedgerMessage {
  const sent = row.key === undefined ? unfound.get(row.uid) : undefined;
  return sent === undefined ? row : {...row, ...sent, state: row.state, run: row.run};
}

/** A message for people. */
export function nameOf(
  row: Pick<LedgerMessage, 'uid' | 'subject' | 'messageId' | 'date' | 'size'>,
): MessageName {
  return {
    uid: row.uid,
    ...(row.subject === undefined ? {} : {subject: row.subject}),
    ...(row.messageId === undefined ? {} : {messageId: row.messageId}),
    ...(row.date === undefined ? {} : {date: row.date}),
    ...(row.size === undefined ? {} : {size: row.size}),
  };
}
