// A folder of the source and where it goes.
import type {ListedMailbox} from '../imap/mailbox.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {Problem} from '../problems/problems.ts';

export type Elsewhere = Pick<FolderPair, 'destination' | 'destinationStatus'> & {
  /** Told where it is taken. */
  readonly note: Problem;
};

export type FolderPair = {
  /** Index in the request's list of folders. */
  readonly folder: number;
  readonly source: ListedMailbox;
  /** For people: levels joined by '/'. */
  readonly shown: string;
  /** Full name at the destination. */
  readonly destination: string;
  /** As listed at the start; undefined where it is yet to be created. */
  readonly destinationStatus: MailboxStatus | undefined;
  /** Where it may go if the destination refuses its name, in the order to try it; shared by all folders. */
  readonly elsewhere?: (destination: string) => readonly Elsewhere[];
};
