// APPEND: refused before its bytes where that can be known, else after; and stored as Exchange stores it.
import {type Command, isList, textOf} from '../../../source/demo/server/commands.ts';
import {badArgument, Refused, unavailable} from './answers.ts';
import type {Connection} from './connection.ts';
import {keptFlags} from './flags.ts';
import {folderNamed, mailboxOf} from './listing.ts';
import {storedAsSeen} from './receipts.ts';
import {bytesRefusal, contentRefusal} from './refusals.ts';
import {rewritten} from './rewriting.ts';

const date = /^[ \d]?\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}$/;

/**
 * What to answer in place of the +, or while a literal that did not wait is on its way; undefined: let it come.
 * @param waits whether the client waits for the +
 */
export async function appendRefusal(
  connection: Connection,
  command: Command,
  size: number,
  waits: boolean,
): Promise<string | undefined> {
  const {signedIn, quirks} = connection;
  if (signedIn === undefined) return 'BAD Command received in Invalid state.';
  if (!signedIn.connected) return 'BAD User is authenticated but not connected.';
  try {
    if (waits) await connection.at('announced');
    const throttled = connection.throttled(1);
    if (throttled !== undefined) return throttled;
    folderNamed(connection, textOf(command.arguments[0]));
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
  if (size > quirks.largestMessage && quirks.largestRefusal === 'NO')
    return 'NO Maximum size of appendable message has been exceeded';
  return undefined;
}

export async function append(connection: Connection, {arguments: given}: Command): Promise<string> {
  const mailbox = mailboxOf(connection);
  const {quirks, world} = connection;
  const bytes = given.at(-1);
  if (!Buffer.isBuffer(bytes)) throw badArgument();
  await connection.at('received');
  const folder = folderNamed(connection, textOf(given[0]));
  const between = given.slice(1, -1);
  const when = between.map(textOf).find(text => text !== '') ?? internalDate(world.now());
  if (!date.test(when) || bytes.length > quirks.largestMessage) throw badArgument();
  const refusal =
    (quirks.badBytes === 'refused' ? bytesRefusal(bytes) : undefined) ??
    (quirks.contentChecks ? contentRefusal(bytes) : undefined);
  if (refusal !== undefined) {
    mailbox.refusals.push(refusal.why);
    throw new Refused(refusal.answer);
  }
  const {quotaBytes = Number.POSITIVE_INFINITY} = mailbox.options;
  if (mailbox.bytes + bytes.length > quotaBytes)
    throw quirks.quotaRefusal === 'BAD' ? badArgument() : unavailable();
  const flags = keptFlags(between.filter(isList).flat().map(textOf), quirks);
  const message = folder.add(rewritten(bytes, quirks.rewrite, when), {
    flags,
    date: when,
    flaggedInOutlook: quirks.flaggedByAppend === 'kept' && flags.includes('\\Flagged'),
    categories: flags.filter(flag => flag === '$MDNSent'),
  });
  storedAsSeen(mailbox, message);
  await connection.at('stored');
  const code = quirks.appendUid ? `[APPENDUID ${folder.uidValidity} ${message.uid}] ` : '';
  return `OK ${code}APPEND completed.`;
}

/** In UTC, as RFC 3501 writes it. */
function internalDate(ms: number): string {
  const [, day = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(' ');
  return `${day}-${month}-${year} ${time} +0000`;
}
