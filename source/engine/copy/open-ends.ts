// The two ends of a folder, opened on a lane's connections; and what it means where another folder has their name.
import type {End} from '../events.ts';
import type {OpenMailbox, Session} from '../imap/session.ts';
import type {FolderWork} from './folder-work.ts';

export type Sessions = {readonly source: Session; readonly target: Session};

/** A folder was deleted and made anew while it was being copied: its UIDs mean other messages now. */
export class FolderReplaced extends Error {
  readonly end: End;

  constructor(end: End) {
    super(`The ${end} folder was replaced`);
    this.name = 'FolderReplaced';
    this.end = end;
  }
}

/**
 * Opened for writing, the destination folder holds more than was said of it when it was planned: a server may count late, or
 * somebody has brought mail meanwhile. What has come may be what is about to be sent.
 */
export class HoldsMore extends Error {
  constructor(held: number, planned: number) {
    super(`The destination folder holds ${held} messages, and was said to hold ${planned}`);
    this.name = 'HoldsMore';
  }
}

/**
 * Opens the source folder of the work unless it is open already; one of its name that stood there before is not it.
 * @throws FolderReplaced
 */
export async function openSource(work: FolderWork, sessions: Sessions): Promise<void> {
  const {name, wire} = work.pair.source;
  const {openName, openValidity} = sessions.source;
  if (openName === name && openValidity === work.sourceUidValidity) return;
  work.opening.begin('source');
  const {uidValidity} = await sessions.source.examine(name, wire);
  work.opening.succeeded();
  if (uidValidity !== work.sourceUidValidity) throw new FolderReplaced('source');
}

/** Opens the destination folder for writing. @throws FolderReplaced */
export async function openTarget(work: FolderWork, sessions: Sessions): Promise<OpenMailbox> {
  work.opening.begin('destination');
  const opened = await sessions.target.select(work.pair.destination);
  work.opening.succeeded();
  work.target = opened;
  if (opened.uidValidity !== work.ledgerFolder.destinationUidValidity)
    throw new FolderReplaced('destination');
  return opened;
}

/** As `openTarget`, where mail is to be sent there. @throws HoldsMore, FolderReplaced */
export async function openToWrite(work: FolderWork, sessions: Sessions): Promise<OpenMailbox> {
  const opened = await openTarget(work, sessions);
  const {exists: messages, uidNext, uidValidity} = opened;
  const {unopened: planned = messages} = work;
  // Remembered until it is looked at: lanes that open it at the same time are all to see it.
  if (messages > planned) {
    work.destinationStatus = {messages, uidNext, uidValidity};
    throw new HoldsMore(messages, planned);
  }
  work.unopened = undefined;
  return opened;
}
