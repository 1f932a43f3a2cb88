// A mailbox of the simulated tenant: what its administrator has set, its folders, and what was done to it. Also the
// way tests put mail in and read it out.
import {encodeName} from '../../helpers/imap-names.ts';
import type {Fault, Moment} from './faults.ts';
import {type Quirks, usualQuirks} from './quirks.ts';
import {type Language, standardFolders} from './standard-folders.ts';
import {type ExchangeMessage, Folder, type FolderKind, type NewMessage} from './store.ts';

export type MailboxState =
  | 'ok'
  /** Set-CASMailbox -ImapEnabled $false. */
  | 'imap-off'
  | 'no-licence'
  /** An account that was never given a mailbox. */
  | 'no-mailbox'
  /** Signed in but not connected for the first few times. */
  | 'transient';

export type MailboxOptions = {
  readonly state?: MailboxState;
  /** For sign-ins with a password, where the server accepts them. */
  readonly password?: string;
  /** User principal name of delegated tokens, where it is not the address. */
  readonly principal?: string;
  /**
   * Who has FullAccess besides the owner: application ids and other users' addresses. Where not given, every
   * application has, and no other user.
   */
  readonly fullAccess?: readonly string[];
  readonly language?: Language;
  /** false: INBOX only. */
  readonly standardFolders?: boolean;
  /** Bytes; no limit where not given. */
  readonly quotaBytes?: number;
  /** Set-CASMailbox -ImapEnableExactRFC822Size $true. */
  readonly exactSizes?: boolean;
  /** Set-CASMailbox -ImapSuppressReadReceipt $true. */
  readonly suppressReadReceipt?: boolean;
  /** Where this mailbox differs from its server. */
  readonly quirks?: Partial<Quirks>;
};

/** 'Sent Items/Offers', or levels where a name holds "/". */
export type FolderPath = string | readonly string[];

export class ExchangeMailbox {
  readonly address: string;
  readonly options: MailboxOptions;
  readonly folders: Folder[] = [];
  /** One-time faults, in order. */
  readonly plans: {moment: Moment; fault: Fault; after: number}[] = [];
  /** How often each moment has come. */
  readonly moments = new Map<Moment, number>();
  /** Sign-ins that reached the mailbox. */
  signIns = 0;
  /** Sign-ins that were refused or left unconnected. */
  refusedSignIns = 0;
  /** So many of the next sign-ins are refused without a reason, though nothing is wrong with them (EX1215307). */
  refuses = 0;
  /** FETCHes and APPENDs sent before the back-off time was over. */
  impatience = 0;
  /** Most sessions at once. */
  mostSessions = 0;
  /** Message-IDs (or subjects) for which a read receipt was sent. */
  readonly receipts: string[] = [];
  /** Why messages were refused; Exchange tells nobody. */
  readonly refusals: string[] = [];
  /** Called at each moment, before what breaks then breaks: here a test moves the clock. */
  watch: ((moment: Moment) => void) | undefined;
  /** Where this mailbox differs from its server; may be changed at any time. */
  readonly own: Partial<Quirks>;
  readonly #shared: Quirks;
  #created = 0;

  /** @param shared the server's quirks, which may change later */
  constructor(address: string, options: MailboxOptions = {}, shared: Quirks = usualQuirks()) {
    this.address = address;
    this.options = options;
    this.own = {...options.quirks};
    this.#shared = shared;
    const kinds = standardFolders(options.language ?? 'en');
    for (const {path, ...kind} of options.standardFolders === false ? kinds.slice(0, 1) : kinds)
      this.create(path, kind);
  }

  get quirks(): Quirks {
    return {...this.#shared, ...this.own};
  }

  /** Stores a message as it is, making its folder where there is none. */
  add(folder: FolderPath, bytes: Uint8Array | string, about: NewMessage = {}): ExchangeMessage {
    return this.create(folder).add(Buffer.from(bytes), about);
  }

  messages(folder: FolderPath): readonly ExchangeMessage[] {
    return this.#found(folder).messages;
  }

  /** Puts another body in place of a message's, as Outlook does when somebody edits it. @returns the message */
  edit(folder: FolderPath, uid: number, bytes: Uint8Array | string): ExchangeMessage {
    const place = this.#found(folder);
    const old = place.messages.find(message => message.uid === uid);
    if (old === undefined) throw new Error(`There is no UID ${uid} in ${place.path.join('/')}`);
    if (this.quirks.editedUid === 'kept') {
      const edited = {...old, bytes: Buffer.from(bytes)};
      place.messages = place.messages.map(message => (message === old ? edited : message));
      return edited;
    }
    place.remove(new Set([uid]));
    return place.add(Buffer.from(bytes), old);
  }

  remove(folder: FolderPath, uids: readonly number[]): void {
    this.#found(folder).remove(new Set(uids));
  }

  /** All UIDs of the folder anew. */
  resetUidValidity(folder: FolderPath): void {
    const place = this.#found(folder);
    place.reset(place.uidValidity + 1);
  }

  /** `after` so many more of these moments the fault happens, once. 0: at the next one. */
  plan(moment: Moment, fault: Fault, after = 0): void {
    this.plans.push({moment, fault, after: after + (this.moments.get(moment) ?? 0)});
  }

  /** What the administration counts, folders that IMAP does not show among them. */
  count(): {readonly folders: number; readonly messages: number} {
    return {
      folders: this.folders.length,
      messages: this.folders.reduce((sum, folder) => sum + folder.messages.length, 0),
    };
  }

  get bytes(): number {
    return this.folders.reduce((sum, folder) => sum + folder.bytes, 0);
  }

  /** The folder of that path, made with its parents where there is none. */
  create(path: FolderPath, kind: FolderKind = {}): Folder {
    const levels = levelsOf(path);
    const existing = this.#find(levels);
    if (existing !== undefined) return existing;
    if (levels.length > 1) this.create(levels.slice(0, -1));
    this.#created += 1;
    // INBOX has 14 in many logs; other folders count up slowly, so that two mailboxes share their values.
    const small = this.#created === 1 ? 14 : 200 + Math.floor(this.#created / 2);
    const large = 1_600_000_000 + this.#created * 7919;
    const folder = new Folder(levels, this.quirks.smallUidValidity ? small : large, kind);
    this.folders.push(folder);
    return folder;
  }

  /** Folders that IMAP shows. */
  get listed(): readonly Folder[] {
    const all = this.quirks.slashFolders === 'shown';
    return this.folders.filter(folder => all || !folder.path.some(name => name.includes('/')));
  }

  /** By the name on the wire: modified UTF-7, levels joined by "/". */
  byWire(name: string): Folder | undefined {
    const wanted = name.replaceAll('&AAk-', '\t').toLowerCase();
    return this.listed.find(folder => wireName(folder).toLowerCase() === wanted);
  }

  #find(levels: readonly string[]): Folder | undefined {
    const wanted = JSON.stringify(levels).toLowerCase();
    return this.folders.find(folder => JSON.stringify(folder.path).toLowerCase() === wanted);
  }

  #found(path: FolderPath): Folder {
    const folder = this.#find(levelsOf(path));
    if (folder === undefined) throw new Error(`There is no folder ${levelsOf(path).join(' > ')}`);
    return folder;
  }
}

function levelsOf(path: FolderPath): readonly string[] {
  return typeof path === 'string' ? path.split('/') : path;
}

/** Modified UTF-7 with TABs left as they are, levels joined by "/". */
export function wireName(folder: Folder): string {
  return folder.path.join('/').split('\t').map(encodeName).join('\t');
}
