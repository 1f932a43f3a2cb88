// The commands the engine needs on a connection, source and destination alike. Reading never changes anything at
// the source: EXAMINE and BODY.PEEK only.
import {createAll, statusesOf, subscribeAll} from './create.ts';
import {ConnectionLost, ignoreRefusal, ignoreUntold, type ServerRefused} from './errors.ts';
import {fetchAll, fetchStream} from './fetch.ts';
import {delimiterOf, listAll} from './list.ts';
import type {ListedMailbox, OpenMailbox} from './mailbox.ts';
import {encodeMailbox} from './modified-utf7.ts';
import {
  arrivalIn,
  bounded,
  type FetchedMessage,
  type MailboxStatus,
  type Namespaces,
  numbering,
  quoted,
  readNamespaces,
  readQuota,
  readSize,
  type StreamedMessage,
  type ToldNamespaces,
  uidsFound,
} from './responses.ts';
import {type SearchCriteria, searchTerms} from './search.ts';
import {
  boundFound,
  boundListed,
  longestHeader,
  mostHeaders,
  mostMessages,
  unannounced,
} from './session-bounds.ts';
import {type Began, SessionLife} from './session-life.ts';
import type {SignedIn} from './sign-in.ts';
import {uidSets} from './uid-set.ts';
import type {LiteralSink, Wire} from './wire.ts';

export type {ListedMailbox, OpenMailbox} from './mailbox.ts';

export class Session {
  readonly signedIn: SignedIn;
  readonly wire: Wire;
  /** How many outages there were when it was opened, or when it was last waited for. */
  outage: number;
  #open: {name: string; wire: string; readOnly: boolean; uidValidity: number} | undefined;
  /** SELECTs, EXAMINEs and UNSELECTs sent. */
  #selects = 0;
  /** EXISTS of the folder that was opened last, known before the command that asked for it has ended. */
  #told = 0;
  #namespaces: Namespaces = {prefix: '', delimiter: '/', foreign: []};
  readonly life: SessionLife;
  /** ms since 1970, when the last batch of messages was: what keeps the connection begins there. */
  answeredAt = 0;

  /** @param began when and in which outage it was opened */
  constructor(signedIn: SignedIn, began: Began = {}) {
    this.signedIn = signedIn;
    this.outage = began.outage ?? 0;
    if (signedIn.namespaces !== undefined) this.#namespaces = signedIn.namespaces;
    this.wire = signedIn.wire;
    this.life = new SessionLife(signedIn, began);
    if (began.manners !== undefined) this.wire.manners = began.manners;
  }

  /** Whether it is Exchange, by its greeting: that takes one command at a time. */
  get exchange(): boolean {
    return this.life.exchange;
  }

  /** So does this server: it has objected to another. What is asked together then waits for its turn in the wire. */
  get oneAtATime(): boolean {
    return this.wire.manners.oneAtATime;
  }

  /** Known once the mailboxes are listed. */
  get namespaces(): Namespaces {
    return this.#namespaces;
  }

  has(capability: string): boolean {
    return this.signedIn.capabilities.has(capability);
  }

  /**
   * All mailboxes with their status: one round trip with LIST-STATUS (RFC 5819), else two.
   * Special-use flags are read from plain LIST too, since Exchange sends them without offering SPECIAL-USE.
   */
  async list(): Promise<ListedMailbox[]> {
    const told = this.signedIn.namespaces === undefined ? this.#askNamespaces() : undefined;
    told?.catch(() => undefined);
    const listed = await listAll(this);
    // Of one that does not tell, the list says how it separates levels.
    if (told !== undefined) this.#namespaces = {delimiter: delimiterOf(listed), ...(await told)};
    return listed;
  }

  async #askNamespaces(): Promise<ToldNamespaces> {
    let told: ToldNamespaces = {prefix: '', foreign: []};
    await this.wire
      .command('NAMESPACE', {
        untagged: response => {
          const namespaces = readNamespaces(response);
          told = namespaces ?? told;
          return namespaces !== undefined;
        },
      })
      .catch(ignoreRefusal);
    return told;
  }

  /** Status by name, asked for all at once; a mailbox that the server refuses (it does not exist) is missing. */
  async statuses(names: readonly string[]): Promise<Map<string, MailboxStatus>> {
    const open = this.#open;
    const opened = open !== undefined && names.includes(open.name) ? open : undefined;
    if (opened !== undefined && this.exchange) await this.wire.command('NOOP');
    let again: Promise<unknown> | undefined;
    let asked = Promise.resolve(new Map<string, MailboxStatus>());
    this.wire.together(() => {
      // Dovecot counts in the folder that is open only what it has shown there, and a NOOP that comes together with the
      // question shows it after that.
      if (opened !== undefined && !this.exchange)
        again = this.#select(opened.name, opened.wire, opened.readOnly).catch(ignoreUntold);
      asked = statusesOf(this, names.map(encodeMailbox));
    });
    const [statuses] = await Promise.all([asked, again]);
    return statuses;
  }

  /**
   * Creates mailboxes, subscribes to them and asks how they stand.
   * @param stands told of each mailbox that is there as soon as that is known, also of one that was there before
   * @returns what the server refused, by name
   */
  create(
    names: readonly string[],
    stands?: (name: string, status: MailboxStatus) => void,
  ): Promise<Map<string, ServerRefused>> {
    return createAll(this, names, stands);
  }

  /** What the server refuses is passed over. @throws ConnectionLost */
  subscribe(names: readonly string[]): Promise<void> {
    return subscribeAll(this, names);
  }

  /** Free bytes by the quota of INBOX's root (RFC 9208); undefined where the server does not tell. */
  async freeBytes(): Promise<number | undefined> {
    if (!this.has('QUOTA')) return undefined;
    let free: number | undefined;
    await this.wire
      .command('GETQUOTAROOT INBOX', {
        untagged: response => {
          const left = readQuota(response);
          if (left === undefined) return false;
          free = Math.min(free ?? left, left);
          return true;
        },
      })
      .catch(ignoreRefusal);
    return free === undefined || free === Number.POSITIVE_INFINITY ? undefined : free;
  }

  /** Opens without being able to change anything. @throws ServerRefused where it is gone or unreadable */
  examine(name: string, wire = encodeMailbox(name)): Promise<OpenMailbox> {
    return this.#select(name, wire, true);
  }

  /** Opens for writing. */
  select(name: string): Promise<OpenMailbox> {
    return this.#select(name, encodeMailbox(name), false);
  }

  /** Opens the open mailbox anew, as it was opened: the server says afresh what is in it. */
  reopen(): Promise<OpenMailbox> {
    if (this.#open === undefined) throw new Error('No mailbox is open');
    return this.#select(this.#open.name, this.#open.wire, this.#open.readOnly);
  }

  /**
   * Leaves no mailbox open, and changes nothing in it (UNSELECT, RFC 3691); for what is sent behind it. Where the server
   * lacks that, or takes one command at a time, the mailbox stays open. @throws ConnectionLost
   */
  async unselect(): Promise<void> {
    if (this.exchange || this.oneAtATime || !this.has('UNSELECT')) return;
    this.#selects++;
    this.#open = undefined;
    await this.wire.command('UNSELECT').catch(ignoreRefusal);
  }

  async #select(name: string, wire: string, readOnly: boolean): Promise<OpenMailbox> {
    const turn = ++this.#selects;
    // A refused SELECT leaves nothing selected (RFC 9051 section 6.3.2), whatever was before.
    this.#open = undefined;
    let uidValidity = 0;
    let uidNext = 0;
    let exists: number | undefined;
    let permanentFlags: readonly string[] | undefined;
    let known: readonly string[] = [];
    await this.wire.command(`${readOnly ? 'EXAMINE' : 'SELECT'} ${quoted(wire)}`, {
      untagged: response => {
        const line = response.lines[0] ?? '';
        const count = /^\* (?:(\d{1,10})|\S+) EXISTS/i.exec(line);
        if (count !== null) {
          // What is no number is a word all the same: the folder is looked into.
          exists = Number(count[1] ?? 0);
          this.#told = exists;
        }
        const code = /^\* OK \[(UIDVALIDITY|UIDNEXT) (\d{1,16})\]/i.exec(line);
        if (code?.[1]?.toUpperCase() === 'UIDVALIDITY') uidValidity = numbering(Number(code[2]));
        else if (code !== null) uidNext = bounded(Number(code[2]));
        const flags = /^\* OK \[PERMANENTFLAGS \(([^)]*)\)\]/i.exec(line);
        if (flags?.[1] !== undefined) permanentFlags = flags[1].split(' ').filter(flag => flag !== '');
        const all = /^\* FLAGS \(([^)]*)\)/i.exec(line);
        if (all?.[1] !== undefined) known = all[1].split(' ').filter(flag => flag !== '');
        return count !== null || code !== null || flags !== null || all !== null;
      },
    });
    if (exists === undefined) throw this.#outOfStep();
    const opened = {
      ...{name, uidValidity, uidNext, exists, flags: known},
      ...(permanentFlags === undefined ? {} : {permanentFlags}),
    };
    // What is sent from now on is for the folder that was asked for last, whichever has its answer first.
    if (turn === this.#selects) this.#open = {name, wire, readOnly, uidValidity};
    return opened;
  }

  /**
   * Opened without a word of how much is in it (RFC 9051 section 6.3.2 requires that): the answer is that of another command,
   * and so is whatever comes after it.
   */
  #outOfStep(): ConnectionLost {
    const why = 'The server opens a folder without saying how many messages are in it';
    this.wire.destroy(why, 'UnexpectedTag');
    return new ConnectionLost(this.wire.end, 'UnexpectedTag', why);
  }

  /** The mailbox that is open for the next command; undefined while another is on its way. */
  get openName(): string | undefined {
    return this.#open?.name;
  }

  /** UIDVALIDITY of that one, as it was when it was opened. */
  get openValidity(): number | undefined {
    return this.#open?.uidValidity;
  }

  /** UIDs in the open mailbox, ascending. */
  async search(criteria: SearchCriteria): Promise<number[]> {
    const uids: number[] = [];
    await this.wire.command(`UID SEARCH ${searchTerms(criteria)}`, {
      untagged: response => {
        const line = response.lines.join('');
        if (!/^\* SEARCH\b/i.test(line)) return false;
        for (const uid of uidsFound(line.slice(8))) uids.push(uid);
        boundFound(uids.length);
        return true;
      },
    });
    uids.sort((one, other) => one - other);
    return uids.filter((uid, index) => uid !== uids[index - 1]);
  }

  /** Adds a flag to messages of the open mailbox, which must be open for writing. */
  async addFlag(uids: readonly number[], flag: string): Promise<void> {
    for (const set of uidSets(uids)) await this.wire.command(`UID STORE ${set} +FLAGS.SILENT (${flag})`);
  }

  /**
   * RFC822.SIZE of every message in the open mailbox by its UID, ascending. One command.
   * @param arrived takes when each of them arrived (INTERNALDATE, ms since 1970) by UID, where it is asked for
   */
  async sizes(from = 1, arrived?: Map<number, number>): Promise<ReadonlyMap<number, number>> {
    const found = new Map<number, number>();
    let last = from;
    let ascending = true;
    const items = arrived === undefined ? '(UID RFC822.SIZE)' : '(UID RFC822.SIZE INTERNALDATE)';
    await this.wire.command(`UID FETCH ${from}:* ${items}`, {
      most: mostMessages,
      untagged: response => {
        const line = response.lines[0] ?? '';
        const sized = readSize(line);
        if (sized === undefined) return false;
        const {uid, size} = sized;
        found.set(uid, size);
        ascending &&= uid >= last;
        last = uid;
        boundListed(found.size, this.#told);
        const date = arrived === undefined ? undefined : arrivalIn(line);
        if (date !== undefined) arrived?.set(uid, date);
        return true;
      },
    });
    // As nearly every server sends them.
    if (ascending) return found;
    return new Map([...found].filter(([uid]) => uid >= from).sort(([one], [other]) => one - other));
  }

  /** Header fields (by name) or whole headers of messages in the open mailbox, with date, flags and size. */
  headers(uids: readonly number[], fields: readonly string[]): Promise<FetchedMessage[]> {
    return fetchAll(
      this.wire,
      uids,
      `(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (${fields.join(' ')})])`,
      {all: mostHeaders, beginning: longestHeader},
    );
  }

  /** Flags of messages in the open mailbox, by UID. */
  async flags(uids: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>> {
    const fetched = await fetchAll(this.wire, uids, '(UID FLAGS)', {all: 0});
    return new Map(fetched.map(({uid, flags}) => [uid, flags]));
  }

  /** So many bytes of a message of the open mailbox: all of it where it is no longer. */
  async beginning(uid: number, bytes: number, from = 0): Promise<FetchedMessage | undefined> {
    const items = `(UID FLAGS INTERNALDATE BODY.PEEK[]<${from}.${bytes}>)`;
    return (await fetchAll(this.wire, [uid], items, {all: bytes, beginning: bytes}))[0];
  }

  /**
   * Whole messages, in memory: bound the batch. What the server does not send is missing from the result.
   * @param announced bytes of all of them, as the server told; what is far beyond it is `oversize`
   */
  messages(uids: readonly number[], announced = 0): Promise<FetchedMessage[]> {
    return fetchAll(this.wire, uids, '(UID FLAGS INTERNALDATE BODY.PEEK[])', {
      all: announced * 3 + unannounced,
    });
  }

  /**
   * One message as a stream. `begin` is called with the exact size when the literal starts, and gives what takes
   * the bytes. False where the server sends no body.
   */
  stream(uid: number, begin: (message: StreamedMessage) => LiteralSink): Promise<boolean> {
    return fetchStream(this.wire, uid, begin);
  }

  /** Nothing may be under way. */
  logout(): void {
    this.wire.leave();
  }
}
