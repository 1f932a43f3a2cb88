// The mail of the demo servers, in memory. Folder names are kept as sent: modified UTF-7, levels joined by '/'.

export type StoredMessage = {
  readonly uid: number;
  readonly flags: readonly string[];
  /** INTERNALDATE as it was given, for example `17-Jul-1996 02:44:25 -0700`. */
  readonly date: string;
  readonly bytes: Buffer;
};

export type NewMessage = Omit<StoredMessage, 'uid'>;

export class Folder {
  readonly name: string;
  readonly uidValidity: number;
  /** \Sent, \Trash … (RFC 6154), or empty. */
  readonly specialUse: string;
  readonly messages: StoredMessage[] = [];
  #bytes = 0;

  constructor(name: string, uidValidity: number, specialUse = '') {
    this.name = name;
    this.uidValidity = uidValidity;
    this.specialUse = specialUse;
  }

  get uidNext(): number {
    return (this.messages.at(-1)?.uid ?? 0) + 1;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Stores it and gives its UID. */
  add(message: NewMessage): number {
    const uid = this.uidNext;
    this.messages.push({...message, uid});
    this.#bytes += message.bytes.length;
    return uid;
  }
}

/** One user's folders, INBOX first. */
export class Mailbox {
  readonly password: string;
  readonly #folders = new Map<string, Folder>();
  #created = 0;

  constructor(password: string) {
    this.password = password;
    this.create('INBOX');
  }

  get folders(): readonly Folder[] {
    return [...this.#folders.values()];
  }

  /** INBOX is found in any case (RFC 3501 section 5.1). */
  find(name: string): Folder | undefined {
    return this.#folders.get(name.toUpperCase() === 'INBOX' ? 'INBOX' : name);
  }

  /** Creates the folder and those above it; gives the one that is there already. */
  create(name: string, specialUse = ''): Folder {
    const existing = this.find(name);
    if (existing !== undefined) return existing;
    const parent = name.lastIndexOf('/');
    if (parent > 0) this.create(name.slice(0, parent));
    this.#created += 1;
    const folder = new Folder(name, 1_000 + this.#created, specialUse);
    this.#folders.set(name, folder);
    return folder;
  }

  hasChildren(folder: Folder): boolean {
    return this.folders.some(other => other.name.startsWith(`${folder.name}/`));
  }
}
