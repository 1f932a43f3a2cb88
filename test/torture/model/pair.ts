// Two mailboxes that a request joins, with the books of what must be at the destination and the hands that change them.
import type {RunEvent} from '../../../source/engine/events.ts';
import {eventsOf, job} from '../../helpers/engine.ts';
import {ImapConnection, type MailServer} from '../../helpers/imap.ts';
import {decodeName} from '../../helpers/imap-names.ts';
import {instantOf, readMailbox, type StoredMessage} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {markedPassword} from '../left-behind.ts';
import {Books, countsOf, type Wrong} from './books.ts';
import {Hands, root, shown} from './hands.ts';
import {Looks} from './looks.ts';
import {makeRoom} from './quota.ts';
import type {At, FolderOfMail, Scenario} from './steps.ts';

export type Mailboxes = Readonly<Record<At, {readonly server: MailServer; readonly user: string}>>;

/** Sentences, none where all is as the books say. */
export type Verdict = {
  readonly compared: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly broken: readonly string[];
};

export class Pair {
  readonly books = new Books();
  readonly hands: Readonly<Record<At, Hands>>;
  readonly #looks = new Looks();
  readonly #mailboxes: Mailboxes;
  readonly #filter: Scenario['filter'];
  /** Where each selected source folder goes. */
  #places = new Map<string, string>();

  constructor(mailboxes: Mailboxes, filter: Scenario['filter']) {
    this.#mailboxes = mailboxes;
    this.#filter = filter;
    const hands = (at: At) =>
      new Hands(at, mailboxes[at].server, mailboxes[at].user, this.books, this.#looks);
    this.hands = {source: hands('source'), destination: hands('destination')};
  }

  async fill(folders: readonly FolderOfMail[]): Promise<void> {
    for (const {name, count, seed} of folders)
      await this.hands.source.fill(name.join('/'), corpus(count, {seed}));
  }

  /** @param lines over which the engine goes */
  job(request: number, lines: Readonly<Record<At, MailServer>>) {
    const end = (at: At) => ({server: lines[at], user: this.#mailboxes[at].user});
    const options = {request, destinationFolder: root, password: markedPassword, ...this.#filter};
    return job(end('source'), end('destination'), options);
  }

  /** Before a run, and after each change during one: what it may find. */
  async look(): Promise<void> {
    const {server, user} = this.#mailboxes.source;
    for (const [path, messages] of await readMailbox(server, user)) this.#looks.seen(shown(path), messages);
  }

  planned({folders}: Extract<RunEvent, {type: 'folders-planned'}>): void {
    this.#places = new Map(
      folders.filter(({selected}) => selected).map(folder => [folder.source, folder.destination]),
    );
    this.books.planned(this.#places);
  }

  async makeRoom(): Promise<void> {
    await this.#atDestination(makeRoom);
  }

  async judge(): Promise<Verdict> {
    const {source, destination} = this.#mailboxes;
    const [from, to, subscribed] = await Promise.all([
      readMailbox(source.server, source.user),
      readMailbox(destination.server, destination.user),
      this.#atDestination(subscriptions),
    ]);
    const {compared, lost, doubled} = this.books.judge(
      this.#places,
      new Map(
        [...from].map(([path, all]) => [shown(path), countsOf(this.#asked(all).map(({sha256}) => sha256))]),
      ),
      new Map([...to].map(([path, all]) => [path, countsOf(all.map(({sha256}) => sha256))])),
    );
    const named = (wrong: Wrong) => {
      const message = [...from.values(), ...to.values()].flat().find(({sha256}) => sha256 === wrong.content);
      const about = message?.bytes.toString('latin1').split('\r\n\r\n')[0]?.slice(0, 300);
      return `${wrong.folder}: ${wrong.there} there, wanted ${wrong.wanted} of ${JSON.stringify(about)}`;
    };
    const hidden = new Set([...this.#places.values()].filter(path => to.has(path) && !subscribed.has(path)));
    return {
      compared,
      lost: lost.map(named),
      doubled: doubled.map(named),
      broken: [
        ...[...to].flatMap(([path, all]) => this.#looks.judge(path, this.books.sourcesOf(path), all)),
        ...[...hidden].map(path => `${path} is not subscribed to`),
      ],
    };
  }

  async #atDestination<Result>(work: (connection: ImapConnection) => Promise<Result>): Promise<Result> {
    const {server, user} = this.#mailboxes.destination;
    const connection = await ImapConnection.open(server, user);
    return work(connection).finally(() => connection.close());
  }

  /** Days are the server's: what lies near to the border may be taken or not. */
  #asked(all: readonly StoredMessage[]): readonly StoredMessage[] {
    const {since} = this.#filter;
    if (since === undefined) return all;
    const border = Date.parse(since) + 2 * 86_400_000;
    return all.filter(({internalDate}) => instantOf(internalDate) >= border);
  }
}

async function subscriptions(connection: ImapConnection): Promise<ReadonlySet<string>> {
  const listed = await connection.command('LSUB "" "*"');
  return new Set(listed.flatMap(([kind, , , name]) => (kind === 'LSUB' ? [decodeName(String(name))] : [])));
}

/** What became of the requests of a run, for a sentence. */
export const endsOf = (run: {readonly events: readonly RunEvent[]}): string =>
  eventsOf(run, 'request-state')
    .flatMap(({problem}) => (problem === undefined ? [] : [`${problem.sentence} ${problem.detail ?? ''}`]))
    .join(' ');
