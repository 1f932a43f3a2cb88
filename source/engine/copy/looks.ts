// What is read of messages to know them again, and to tell of them. An answer that says OK and leaves messages out
// (Exchange's does, quirk `silentFetch`) is not believed, nor is an empty header: what is not looked at may be there
// twice.
import {internalDateMs} from '../imap/internal-date.ts';
import {emptyLiteral} from '../imap/literal.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import type {Session} from '../imap/session.ts';
import {uidSets} from '../imap/uid-set.ts';
import type {OtherMessage} from '../ledger/ledger.ts';
import {detached, displayFields, parseHeaders} from '../messages/headers.ts';
import {headerFieldsForIdentity, headerKey} from '../messages/identity.ts';
import type {KeyedMessage} from '../messages/match.ts';
import {type Problem, problem} from '../problems/problems.ts';
import type {FolderPair} from './folder-pair.ts';
import {LeftOut, listAnew} from './whole-list.ts';

export type Look = KeyedMessage & {
  readonly flags: readonly string[];
  readonly about: Omit<OtherMessage, 'destinationUid'>;
};

/** Headers in one command; with 500 the reply stays under a few MB. */
const headersAtOnce = 500;
/** Exchange breaks off long answers. */
const exchangeHeadersAtOnce = 100;
/** Bytes of a message in which its header ends. */
const headBytes = 64 * 1024;

export type Looked = {
  readonly looks: readonly Look[];
  /** UIDs of those that are there, and that the server leaves out also where each is asked for alone. */
  readonly unseen: readonly number[];
};

/** The destination holds messages that may be what is about to be sent, and does not say what they are. */
export class HeadersLeftOut extends LeftOut {
  readonly uids: readonly number[];

  constructor(uids: readonly number[]) {
    super(`The headers of ${uids.length} messages are left out of every answer`);
    this.name = 'HeadersLeftOut';
    this.uids = uids;
  }

  why({destination: folder}: FolderPair): Problem {
    return problem('headers-left-out', {folder, uids: this.uids});
  }
}

/**
 * Reads what identity and the report need of messages in the open mailbox.
 * @param had those that were read before the connection went; what is read is added to them
 */
export async function looks(
  session: Session,
  uids: readonly number[],
  had: Map<number, Look> = new Map(),
): Promise<Looked> {
  const missing = () => uids.filter(uid => !had.has(uid));
  await read(session, missing(), had);
  const unseen = missing().length === 0 ? [] : await readLeftOut(session, missing(), had);
  return {looks: uids.flatMap(uid => had.get(uid) ?? []), unseen};
}

/** @returns those that are there and stay left out */
async function readLeftOut(
  session: Session,
  uids: readonly number[],
  had: Map<number, Look>,
): Promise<readonly number[]> {
  const there = await stillThere(session, uids);
  const missing = () => there.filter(uid => !had.has(uid));
  // Together as long as that brings something: an answer may have been broken off.
  for (let before = -1; missing().length > 0 && had.size > before; ) {
    before = had.size;
    await read(session, missing(), had);
  }
  for (const uid of missing()) {
    const look = await lookAlone(session, uid);
    if (look !== undefined) had.set(uid, look);
  }
  return missing();
}

/** By its first bytes, where its header is said to be empty. */
async function lookAlone(session: Session, uid: number): Promise<Look | undefined> {
  const told = (await session.headers([uid], headerFieldsForIdentity))[0];
  if (told === undefined || !isEmptied(told)) return told && lookOf(told);
  const body = (await session.beginning(uid, headBytes))?.body;
  return body === undefined || body.length === 0 ? undefined : lookOf({...told, body});
}

/** An empty line ends every header, also one without the fields that are asked for (RFC 9051, section 6.4.5). */
function isEmptied({body, size}: FetchedMessage): boolean {
  return body?.length === 0 && size !== 0;
}

/** Which of them the open mailbox holds now. What a search leaves out is gone only where the folder lists no more. */
export async function stillThere(session: Session, uids: readonly number[]): Promise<readonly number[]> {
  await session.wire.command('NOOP');
  const there: number[] = [];
  for (const set of uidSets(uids)) for (const uid of await session.search({uids: set})) there.push(uid);
  if (there.length >= uids.length) return there;
  const all = new Set(await listAnew(session));
  return uids.filter(uid => all.has(uid));
}

async function read(session: Session, uids: readonly number[], had: Map<number, Look>): Promise<void> {
  const atOnce = session.exchange ? exchangeHeadersAtOnce : headersAtOnce;
  for (let at = 0; at < uids.length; at += atOnce) {
    const fetched = await session.headers(uids.slice(at, at + atOnce), headerFieldsForIdentity);
    for (const message of fetched) if (!isEmptied(message)) had.set(message.uid, lookOf(message));
  }
}

function lookOf(message: FetchedMessage): Look {
  const headers = parseHeaders((message.body ?? emptyLiteral).bytes);
  const date = internalDateMs(message.internalDate);
  return {
    uid: message.uid,
    flags: message.flags,
    ...headerKey(headers, true),
    ...(message.size === undefined ? {} : {size: message.size}),
    about: {
      ...detached(displayFields(headers)),
      ...(message.size === undefined ? {} : {size: message.size}),
      ...(date === undefined ? {} : {date}),
    },
  };
}
