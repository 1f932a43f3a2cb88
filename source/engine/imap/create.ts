// Mailboxes by the many: made, subscribed to and asked how they stand, in as few round trips as can be.
import {foldCase} from '../folders/path.ts';
import {ignoreAbsence, ignoreRefusal, ignoreUntold, ServerRefused} from './errors.ts';
import {decodeMailbox, encodeMailbox} from './modified-utf7.ts';
import {type MailboxStatus, mailbox, quoted, readStatus} from './responses.ts';
import type {Wire} from './wire.ts';

/** `exchange`: it takes one command at a time. */
type Connection = {readonly wire: Wire; readonly exchange: boolean};

/** Commands on their way at once: more would only cost memory. */
const togetherAtMost = 500;

/** Status by name; a mailbox that the server refuses (it does not exist) is missing. @param wires names as on the wire */
export async function statusesOf(
  connection: Connection,
  wires: readonly string[],
): Promise<Map<string, MailboxStatus>> {
  const statuses = new Map<string, MailboxStatus>();
  await each(connection, wires, wire => status(connection, wire, statuses));
  return statuses;
}

/** As `Session.create`. */
export async function createAll(
  connection: Connection,
  names: readonly string[],
  stands: (name: string, status: MailboxStatus) => void = () => undefined,
): Promise<Map<string, ServerRefused>> {
  const {wire, exchange} = connection;
  const refused = new Map<string, ServerRefused>();
  const statuses = new Map<string, MailboxStatus>();
  await each(connection, names, async name => {
    const created = wire.command(`CREATE ${mailbox(name)}`);
    const subscribe = () => wire.command(`SUBSCRIBE ${mailbox(name)}`).catch(ignoreRefusal);
    const ask = () => status(connection, encodeMailbox(name), statuses);
    const [subscribed, asked] = exchange ? [] : [subscribe(), ask()];
    subscribed?.catch(() => undefined);
    asked?.catch(() => undefined);
    try {
      await created;
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      refused.set(name, error);
    }
    await (subscribed ?? subscribe());
    await (asked ?? ask());
    const found = statuses.get(name);
    if (found !== undefined) stands(name, found);
  });
  return refused;
}

/** As `Session.subscribe`. */
export async function subscribeAll(connection: Connection, names: readonly string[]): Promise<void> {
  await each(connection, names, name =>
    connection.wire.command(`SUBSCRIBE ${mailbox(name)}`).catch(ignoreRefusal),
  );
}

/**
 * A server may answer by its own spelling of the name: INBOX is the same in any case everywhere, other names where case
 * makes no difference.
 */
async function status(
  {wire, exchange}: Connection,
  name: string,
  into: Map<string, MailboxStatus>,
): Promise<void> {
  const told = new Map<string, MailboxStatus>();
  await wire
    .command(`STATUS ${quoted(name)} (MESSAGES UIDNEXT UIDVALIDITY)`, {
      untagged: response => readStatus(response, told),
    })
    .catch(exchange ? ignoreAbsence : ignoreUntold);
  const asked = decodeMailbox(name);
  const isSpelt = told.has(asked);
  for (const [answered, found] of told)
    into.set(!isSpelt && foldCase(answered) === foldCase(asked) ? asked : answered, found);
}

/** All commands on their way at once; one after the other where the server wants it so. */
async function each(
  {wire, exchange}: Connection,
  names: readonly string[],
  work: (name: string) => Promise<unknown>,
): Promise<void> {
  if (exchange) for (const name of names) await work(name);
  else
    for (let at = 0; at < names.length; at += togetherAtMost) {
      let all: Promise<unknown> = Promise.resolve();
      wire.together(() => {
        all = Promise.all(names.slice(at, at + togetherAtMost).map(work));
      });
      await all;
    }
}
