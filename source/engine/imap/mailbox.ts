// A mailbox as a server lists it, and as it opens it.
import type {MailboxStatus} from './responses.ts';

export type ListedMailbox = {
  /** Levels, decoded. */
  readonly path: readonly string[];
  /** The whole name, decoded, levels joined by the server's delimiter: what the commands take. */
  readonly name: string;
  /** What its name reads, where another mailbox has that name and this one goes by what it is on the wire. */
  readonly reads?: string;
  /** The name as the server writes it, which may not be what we would make of it. */
  readonly wire: string;
  /** '' where the server has no hierarchy. */
  readonly delimiter: string;
  /** As sent: \Sent, \HasChildren … */
  readonly flags: readonly string[];
  readonly noSelect: boolean;
  /** Absent where the folder cannot be selected, or the server refuses to tell. */
  readonly status?: MailboxStatus;
};

export type OpenMailbox = {
  readonly name: string;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly exists: number;
  /** Absent where the server has said nothing of them. */
  readonly permanentFlags?: readonly string[];
  /** All flags the mailbox knows, keywords in use among them. */
  readonly flags: readonly string[];
};
