// Folders and messages of the simulated mailboxes, in memory.

/** silent: FETCH says OK and sends nothing. stub: the retrieval-failed note comes in its place. */
export type Behaviour = 'normal' | 'silent' | 'stub';

export type ExchangeMessage = {
  readonly uid: number;
  /** As IMAP shows them, without \Recent. */
  flags: readonly string[];
  /** INTERNALDATE, for example `17-Jul-1996 02:44:25 -0700`. */
  readonly date: string;
  readonly bytes: Buffer;
  readonly behaves: Behaviour;
  /** Whether Outlook and other programs show it flagged: STORE does that, APPEND does not. */
  flaggedInOutlook: boolean;
  /** What Outlook shows as categories. */
  categories: readonly string[];
};

export type NewMessage = {
  readonly flags?: readonly string[];
  readonly date?: string;
  readonly behaves?: Behaviour;
  readonly flaggedInOutlook?: boolean;
  readonly categories?: readonly string[];
};

export type FolderKind = {
  /** \Sent, \Drafts, \Trash, \Junk, or empty. */
  readonly specialUse?: string;
  /** Calendar, Contacts …: shown over IMAP, holds no mail. */
  readonly mail?: boolean;
};

const oldDate = '01-Jan-2020 00:00:00 +0000';

export class Folder {
  /** Display names, decoded; a name may hold "/". */
  readonly path: readonly string[];
  readonly specialUse: string;
  readonly mail: boolean;
  uidValidity: number;
  messages: ExchangeMessage[] = [];
  #uidNext = 1;
  /** UIDs from here on have not been told as \Recent to anybody. */
  recentFrom = 1;

  constructor(path: readonly string[], uidValidity: number, {specialUse = '', mail = true}: FolderKind = {}) {
    this.path = path;
    this.uidValidity = uidValidity;
    this.specialUse = specialUse;
    this.mail = mail;
  }

  get uidNext(): number {
    return this.#uidNext;
  }

  get bytes(): number {
    return this.messages.reduce((sum, message) => sum + message.bytes.length, 0);
  }

  add(bytes: Buffer, about: NewMessage = {}): ExchangeMessage {
    const {flags = [], date = oldDate, behaves = 'normal', categories = []} = about;
    const message: ExchangeMessage = {
      uid: this.#uidNext,
      flags,
      date,
      bytes,
      behaves,
      categories,
      flaggedInOutlook: about.flaggedInOutlook ?? flags.includes('\\Flagged'),
    };
    this.#uidNext += 1;
    this.messages.push(message);
    return message;
  }

  remove(uids: ReadonlySet<number>): void {
    this.messages = this.messages.filter(message => !uids.has(message.uid));
  }

  /** All UIDs anew, under another UIDVALIDITY. */
  reset(uidValidity: number): void {
    this.uidValidity = uidValidity;
    this.messages = this.messages.map((message, index) => ({...message, uid: index + 1}));
    this.#uidNext = this.messages.length + 1;
    this.recentFrom = this.#uidNext;
  }
}
