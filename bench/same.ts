// Whether a destination holds the source's mail: every byte, flag and date, each message as often.
import type {MailServer} from '../test/helpers/imap.ts';
import {expectSameMail, type Mailbox, readMailbox} from '../test/helpers/mail.ts';

type MailboxOf = {readonly server: MailServer; readonly user: string};

const read = new Map<string, Promise<Mailbox>>();

/**
 * The source is read once for all that are compared with it.
 * @param addedBytes what the program adds to each message's header; its bytes are not compared then, only their number
 * @throws with the difference
 */
export async function checkSame(
  source: MailboxOf,
  destination: MailboxOf,
  addedBytes: number,
): Promise<void> {
  const original = read.get(source.user) ?? readMailbox(source.server, source.user);
  read.set(source.user, original);
  const copied = await readMailbox(destination.server, destination.user);
  if (addedBytes === 0) expectSameMail(await original, copied, path => path);
  else expectSameMail(withoutBytes(await original, 0), withoutBytes(copied, addedBytes), path => path);
}

function withoutBytes(mailbox: Mailbox, added: number): Mailbox {
  const changed: Mailbox = new Map();
  for (const [path, messages] of mailbox)
    changed.set(
      path,
      messages.map(message => ({...message, sha256: '', size: message.size - added})),
    );
  return changed;
}
