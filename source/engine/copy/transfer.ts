// Moves a prepared folder's mail over one pair of connections: reads ahead, writes behind, both inside the byte
// budget. For every batch: intent in the ledger, bytes to the destination, its answer, confirmation in the ledger.

import {
  type Appended,
  type AppendStrategy,
  append,
  appendEach,
  chooseStrategy,
  isObjection,
  type OutgoingMessage,
  type Sending,
} from '../imap/append.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import {emptyLiteral} from '../imap/literal.ts';
import {type FetchedMessage, internalDateMs} from '../imap/responses.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {problem} from '../problems.ts';
import type {Batch} from './batches.ts';
import type {MailboxContext} from './context.ts';
import {FlagAgain} from './flag-again.ts';
import type {FolderWork} from './folder-work.ts';
import type {Link} from './link.ts';
import {intendedRow} from './message-row.ts';
import {FolderRecords} from './records.ts';
import type {ServerMemory} from './servers.ts';
import {openSource, openTarget, type Sessions} from './settle.ts';
import {streamMessage} from './stream-message.ts';
import {whyUnsent} from './unsent.ts';

/**
 * FETCHes under way on one connection: the next reply is on its way while one is written. More hold memory and gain
 * nothing, also 60 ms away (measured).
 */
const mostReads = 2;
/** Batches sent whose answers are still to come. */
const unanswered = 2;

export type Links = {readonly source: Link; readonly target: Link};

/** The server minds the way its mail is sent; what it has not stored is to be sent in another. */
export class StrategyRefused extends Error {
  readonly strategy: AppendStrategy;

  constructor(strategy: AppendStrategy, cause: ServerRefused) {
    super(`The destination objects to ${strategy} storing`, {cause});
    this.name = 'StrategyRefused';
    this.strategy = strategy;
  }
}

type Read = {readonly batch: Batch; readonly fetched?: Promise<FetchedMessage[]>};
type Sent = {
  readonly messages: readonly Outgoing[];
  readonly bytes: number;
  readonly results: Sending['results'];
  /** ms since 1970, when its bytes were handed over. */
  readonly at: number;
};
type Outgoing = OutgoingMessage & {readonly row: LedgerMessage};

export class Transfer {
  readonly #work: FolderWork;
  readonly #sessions: Sessions;
  readonly #links: Links;
  readonly #context: MailboxContext;
  #strategy: AppendStrategy;
  readonly #server: ServerMemory;
  readonly #leave: () => boolean;
  readonly #records: FolderRecords;
  readonly #flags = new FlagAgain();
  /** Exchange wants one command at a time. */
  readonly #readAhead: number;
  readonly #cautious: boolean;
  readonly #reads: Read[] = [];
  readonly #sent: Sent[] = [];
  /** Messages taken from the folder whose fate is not written down yet: what is in it never gets lost. */
  readonly #taken = new Set<number>();
  #opened: Promise<void> = Promise.resolve();

  /** @param leave asked between batches: true where this lane is not needed any more */
  constructor(
    work: FolderWork,
    sessions: Sessions,
    links: Links,
    context: MailboxContext,
    leave: () => boolean,
  ) {
    this.#work = work;
    this.#sessions = sessions;
    this.#links = links;
    this.#context = context;
    this.#server = context.servers.of(links.target.server);
    this.#strategy = chooseStrategy(sessions.target, this.#server.objections);
    this.#leave = leave;
    this.#records = new FolderRecords(work, links.target, context, uid => {
      this.#taken.delete(uid);
      work.suspicion.cleared(uid);
    });
    // After two losses in a row one message at a time travels, to find the one that breaks the connection.
    this.#cautious = work.suspicion.cautious;
    this.#readAhead = this.#cautious || sessions.source.exchange ? 1 : mostReads;
  }

  /**
   * Works until the folder has no batch left, a session is to be replaced, the lane is not needed, or the stop signal
   * says finish. Nothing of it is in flight then.
   * @throws StrategyRefused, ConnectionLost, ServerRefused (throttled, over quota …), with what is unconfirmed given back to the folder
   */
  async run(): Promise<void> {
    const {stop} = this.#context;
    try {
      this.#opened = this.#open();
      this.#opened.catch(() => undefined);
      if (this.#sessions.source.exchange) await this.#opened;
      for (;;) {
        if (this.#context.gate.closed || this.#links.source.held || this.#links.target.held)
          await this.#pause();
        while (
          this.#reads.length < this.#readAhead &&
          !stop.finish.aborted &&
          !this.#work.unsettled &&
          !this.#isDue() &&
          !this.#leave()
        )
          if (!(await this.#read())) break;
        const read = this.#reads[0];
        if (read === undefined) break;
        await this.#write(read);
        while (this.#sent.length > (this.#cautious ? 0 : unanswered)) await this.#confirm();
        if (this.#cautious && !this.#work.suspicion.cautious) return;
      }
      await this.#opened;
      while (this.#sent.length > 0) await this.#confirm();
      if (this.#taken.size > 0) throw new Error(`${this.#taken.size} messages were lost sight of`);
    } catch (error) {
      // A refusal leaves the connection in order: what is under way on it still gets its answer.
      if (error instanceof StrategyRefused || (error instanceof ServerRefused && error.end === 'destination'))
        await this.#drain();
      // The link may have gone while a batch was being written: some of it may have arrived.
      if (error instanceof ConnectionLost) {
        if (error.end === 'destination') this.#work.unsettled = true;
        if (!error.tokenExpired) this.#work.suspicion.lost(this.#taken);
      }
      this.#giveBack();
      throw error;
    }
  }

  #isDue(): boolean {
    const now = this.#context.ports.now();
    return this.#sessions.source.isDue(now) || this.#sessions.target.isDue(now);
  }

  /** Takes the answers that are still to come, without sending anything more. */
  async #drain(): Promise<void> {
    this.#sessions.target.wire.listen();
    for (let sent = this.#sent[0]; sent !== undefined; sent = this.#sent[0]) {
      let answer: readonly Appended[] | ServerRefused;
      try {
        answer = await sent.results;
      } catch {
        return;
      }
      this.#sent.shift();
      this.#context.budget.give(sent.bytes);
      if (!(answer instanceof ServerRefused)) {
        try {
          this.#recordSent(sent, answer);
        } catch {
          // The same refusal once more; the first one is on its way to whoever decides.
        }
        continue;
      }
      this.#records.forget(sent.messages.map(message => message.row.uid));
    }
  }

  /** Both folders, on their way together; the first FETCH follows without waiting for them. */
  async #open(): Promise<void> {
    const {target} = this.#sessions;
    const select = async () => {
      if (target.openName !== this.#work.pair.destination || this.#work.target === undefined)
        await openTarget(this.#work, this.#sessions);
    };
    await Promise.all([openSource(this.#work, this.#sessions), select()]);
  }

  /** Finishes what is on its way, so that a pause holds no memory and leaves nothing in doubt. */
  async #pause(): Promise<void> {
    for (let read = this.#reads[0]; read !== undefined; read = this.#reads[0]) await this.#write(read);
    while (this.#sent.length > 0) await this.#confirm();
    await this.#context.gate.pass(this.#context.stop.finish);
    await Promise.all([this.#links.source.ready(), this.#links.target.ready()]);
  }

  /** Asks for the next batch; false where there is none, or no room for it while others are on their way. */
  async #read(): Promise<boolean> {
    const {budget, stop} = this.#context;
    const {batches} = this.#work;
    batches.single = this.#cautious;
    const next = batches.peek();
    if (next === undefined) return false;
    if (next.large) {
      this.#take();
      this.#reads.push({batch: next});
      return true;
    }
    let room = budget.tryTake(next.bytes);
    // Waiting while holding a part of the budget could wait for ever: first everything held is finished.
    if (!room && this.#reads.length > 0) return false;
    while (!room && this.#sent.length > 0) {
      await this.#confirm();
      room = budget.tryTake(next.bytes);
    }
    if (!room) {
      await budget.take(next.bytes, stop.abort);
      // Another lane on this folder may have taken it meanwhile.
      if (batches.peek() !== next) {
        budget.give(next.bytes);
        return batches.peek() !== undefined;
      }
    }
    this.#take();
    const fetched = this.#sessions.source.messages(next.uids);
    fetched.catch(() => undefined);
    this.#reads.push({batch: next, fetched});
    return true;
  }

  #take(): void {
    for (const uid of this.#work.batches.take()?.uids ?? []) this.#taken.add(uid);
  }

  async #write(read: Read): Promise<void> {
    await this.#opened;
    if (read.fetched === undefined) {
      await this.#stream(read.batch.uids[0] ?? 0);
      this.#reads.shift();
      return;
    }
    const fetched = await this.#fetched(read.fetched);
    this.#links.source.progress();
    for (const message of fetched) this.#nameUnsent(message);
    const readable = fetched.filter(
      message => message.body !== undefined && message.body.length > 0 && this.#taken.has(message.uid),
    );
    const had = new Set(readable.map(message => message.uid));
    const missing = read.batch.uids.filter(uid => !had.has(uid) && this.#taken.has(uid));
    if (readable.length > 0) {
      const messages = readable.map(message => this.#outgoing(message));
      this.#records.intend(messages.map(message => message.row));
      const at = this.#context.ports.now();
      const sending = await append(
        this.#sessions.target,
        this.#work.pair.destination,
        messages,
        this.#strategy,
      );
      this.#sent.push({
        messages,
        bytes: read.batch.bytes,
        results: sending.results,
        at,
      });
    } else this.#context.budget.give(read.batch.bytes);
    this.#reads.shift();
    for (const uid of missing)
      await this.#missing(
        uid,
        fetched.find(message => message.uid === uid),
      );
  }

  /** What cannot arrive as it should is not even sent. */
  #nameUnsent(message: FetchedMessage): void {
    const {body, uid} = message;
    if (body === undefined || !this.#taken.has(uid)) return;
    const {source, target} = this.#sessions;
    const why = whyUnsent(body, {exchange: source.exchange, limit: target.signedIn.appendLimit});
    if (why === undefined) return;
    const row = intendedRow(message, body, body.length, this.#records.now());
    this.#records.name({...row, ...why.about, state: 'failed'}, why.problem);
  }

  /** A refused FETCH of a batch: its messages are asked for one by one, to find the one that is to blame. */
  async #fetched(fetched: Promise<FetchedMessage[]>): Promise<FetchedMessage[]> {
    try {
      return await fetched;
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
      return [];
    }
  }

  #keptFlags(flags: readonly string[]): readonly string[] {
    return this.#records.flags(flags, this.#sessions.target.exchange);
  }

  #outgoing(message: FetchedMessage): Outgoing {
    const flags = this.#keptFlags(message.flags);
    const {exchange} = this.#sessions.target;
    const body = this.#records.bytes(message.body ?? emptyLiteral, flags, exchange);
    return {
      flags,
      internalDate: message.internalDate,
      body,
      row: intendedRow(message, body, body.length, this.#records.now()),
    };
  }

  /** Takes the oldest answer and writes down what it says. */
  async #confirm(): Promise<void> {
    const sent = this.#sent[0];
    if (sent === undefined) return;
    const {wire} = this.#sessions.target;
    wire.listen();
    const answer = await sent.results;
    const results = answer instanceof ServerRefused ? await this.#sendEach(sent.messages, answer) : answer;
    this.#sent.shift();
    this.#context.budget.give(sent.bytes);
    const took = this.#context.ports.now() - sent.at;
    // One after the other a batch takes long whatever the line; small ones would only cost more.
    this.#context.batchSize.took(this.#strategy === 'overlapped' ? took / 4 : took);
    this.#recordSent(sent, results);
    await this.#flagAgain();
    // The answers to the other messages come one by one: they are read together when their turn comes.
    if (this.#strategy === 'pipelined' && this.#sent.length > 0) wire.rest();
  }

  #flagAgain(): Promise<void> {
    return this.#flags.flush(this.#sessions.target, this.#work.target?.uidNext ?? 1);
  }

  /** A batch that was refused as a whole, message by message. */
  async #sendEach(messages: readonly Outgoing[], refusal: ServerRefused): Promise<readonly Appended[]> {
    const results = await appendEach(this.#sessions.target, this.#work.pair.destination, messages);
    // None of them was to blame: the server cannot do what it said it can.
    if (refusal.responseStatus === 'BAD' && results.every(result => result.stored))
      this.#strategy = this.#strategyWithout('multiappend');
    return results;
  }

  #strategyWithout(strategy: AppendStrategy): AppendStrategy {
    this.#server.objects(strategy);
    return chooseStrategy(this.#sessions.target, this.#server.objections);
  }

  /** @throws StrategyRefused, ServerRefused; what was refused for no fault of its own is still to be sent */
  #recordSent(sent: Sent, results: readonly Appended[]): void {
    let objection: ServerRefused | undefined;
    const answered: {readonly message: Outgoing; readonly result: Appended}[] = [];
    sent.messages.forEach((message, index) => {
      const result = results[index];
      if (result === undefined) return;
      if (result.stored || this.#strategy === 'single' || !isObjection(result.error))
        answered.push({message, result});
      else {
        objection ??= result.error;
        this.#records.forget([message.row.uid]);
      }
    });
    this.#records.record(
      answered.map(({message: {row, body}}) => ({row, size: body.length, bytes: () => body.bytes})),
      answered.map(({result}) => result),
    );
    for (const {message, result} of answered) this.#flags.stored(message.flags, result);
    if (objection === undefined) return;
    const minded = this.#strategy;
    this.#strategy = this.#strategyWithout(minded);
    throw new StrategyRefused(minded, objection);
  }

  /** A message the source did not send: asked for once more alone, then named. */
  async #missing(uid: number, empty: FetchedMessage | undefined): Promise<void> {
    const {source} = this.#sessions;
    let again = empty;
    try {
      again ??= (await source.messages([uid]))[0];
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      const why = this.#links.source.problem(error, 'fetch');
      // BAD says that the command was wrong in its place, not that the message is.
      if (error.responseStatus === 'BAD' || why.scope !== 'message' || why.verdict !== 'skip') throw error;
      this.#records.name({uid, state: 'failed', strong: false, run: this.#context.settings.run}, why);
      return;
    }
    if (again?.body !== undefined && again.body.length > 0) {
      const message = this.#outgoing(again);
      this.#records.intend([message.row]);
      const at = this.#context.ports.now();
      const sending = await append(
        this.#sessions.target,
        this.#work.pair.destination,
        [message],
        this.#strategy,
      );
      this.#sent.push({
        messages: [message],
        bytes: 0,
        results: sending.results,
        at,
      });
      return;
    }
    const there = await source.search({uids: `${uid}`});
    const code = there.includes(uid) ? 'message-without-data' : 'message-vanished';
    const why = problem(code, {});
    const date = again === undefined ? undefined : internalDateMs(again.internalDate);
    this.#records.name(
      {
        uid,
        state: code === 'message-vanished' ? 'skipped' : 'failed',
        strong: false,
        run: this.#context.settings.run,
        ...(date === undefined ? {} : {date}),
      },
      why,
    );
  }

  /** A large message goes straight through: source literal to destination literal. */
  async #stream(uid: number): Promise<void> {
    let kept: readonly string[] = [];
    const streamed = await streamMessage(uid, this.#sessions, this.#work.pair.destination, {
      flags: flags => {
        kept = this.#keptFlags(flags);
        return kept;
      },
      intend: row => this.#records.intend([row]),
      unsettled: () => {
        this.#work.unsettled = true;
      },
      now: () => this.#records.now(),
      strategy: this.#strategy,
    });
    if (streamed === undefined) {
      await this.#missing(uid, undefined);
      return;
    }
    this.#links.source.progress();
    const answer = await streamed.answer;
    this.#records.record([{row: streamed.row, size: streamed.size}], [answer]);
    this.#flags.stored(kept, answer);
    await this.#flagAgain();
  }

  /** Everything that is not written down goes back to the folder. */
  #giveBack(): void {
    const {budget} = this.#context;
    if (this.#sent.length > 0) this.#work.unsettled = true;
    for (const read of this.#reads.splice(0)) if (read.fetched !== undefined) budget.give(read.batch.bytes);
    for (const sent of this.#sent.splice(0)) budget.give(sent.bytes);
    this.#work.batches.giveBack(this.#taken);
    this.#taken.clear();
  }
}
