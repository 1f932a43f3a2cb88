// Moves a prepared folder's mail over one pair of connections: reads ahead, hands what was read to the writer, both
// inside the byte budget.

import {isUnasked} from '../imap/append.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {FetchedMessage} from '../imap/responses.ts';
import type {Links} from '../link/link.ts';
import {usedUp} from '../link/outage.ts';
import {Alone} from './alone.ts';
import {type Batch, bytesOtherwise, mostUnderWay} from './batches.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import {FolderReplaced, openSource, openToWrite, type Sessions} from './open-ends.ts';
import {type Outgoing, outgoingOf} from './outgoing.ts';
import {FolderRecords} from './records.ts';
import {leastUnderWay} from './window.ts';
import {StrategyRefused, Writer} from './writer.ts';

type Read = {
  readonly batch: Batch;
  readonly fetched?: Promise<FetchedMessage[]>;
  /** By another reader. */
  readonly otherwise?: true;
};

export class Transfer {
  readonly #work: FolderWork;
  readonly #sessions: Sessions;
  readonly #links: Links;
  readonly #context: MailboxContext;
  readonly #leave: () => boolean;
  readonly #records: FolderRecords;
  readonly #writer: Writer;
  readonly #alone: Alone;
  /** Exchange wants one command at a time. */
  readonly #oneRead: boolean;
  readonly #cautious: boolean;
  readonly #reads: Read[] = [];
  /** The source has sent far more than it had announced: what is under way may hold more than it is counted with. */
  #understated = false;
  /** One message went ahead of a batch and was not stored: the next go one at a time. */
  #triedAhead = false;
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
    this.#leave = leave;
    this.#records = new FolderRecords(work, links.target, context, uid => {
      this.#taken.delete(uid);
      work.mail.accounted(uid);
    });
    const server = context.servers.of(links.target.server);
    this.#writer = new Writer(work, sessions.target, server, context, this.#records);
    const parts = {work, sessions, links, context, records: this.#records, writer: this.#writer};
    this.#alone = new Alone(parts, this.#taken);
    // After two losses in a row one message at a time travels, to find the one that breaks the connection.
    this.#cautious = work.mail.suspicion.cautious;
    this.#oneRead = this.#cautious || sessions.source.exchange;
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
        if (this.#context.gate.closed || this.#links.source.pace.held || this.#links.target.pace.held)
          await this.#pause();
        while (
          this.#mayRead() &&
          !stop.finish.aborted &&
          !this.#work.unsettled &&
          this.#work.refusal === undefined &&
          !this.#isDue() &&
          !this.#leave()
        )
          if (!(await this.#read())) break;
        const read = this.#reads[0];
        // What was only read is not in flight yet: a stop does not wait for it.
        if (read === undefined || stop.finish.aborted) break;
        await this.#write(read);
        // Where a batch is answered when it has been sent, each is written down then.
        const each = this.#cautious || !isUnasked(this.#writer.strategy);
        while (each ? this.#writer.unanswered > 0 : this.#writer.full || this.#writer.answered)
          await this.#writer.confirm();
        if (this.#cautious && !this.#work.mail.suspicion.cautious) break;
      }
      await this.#opened;
      while (this.#writer.unanswered > 0) await this.#writer.confirm();
      // What it was not asked to store any more goes over another connection, and what is to be looked for comes later.
      if (this.#sessions.target.life.wornOut || this.#work.mail.mending.open) this.#giveBack();
      if (stop.finish.aborted) this.#giveBack();
      if (this.#taken.size > 0) throw new Error(`${this.#taken.size} messages were lost sight of`);
    } catch (error) {
      try {
        await this.#broken(error);
      } finally {
        this.#giveBack();
      }
      throw error;
    }
  }

  async #broken(error: unknown): Promise<void> {
    // What leaves the destination's connection in order: what is under way on it still gets its answer.
    if (
      error instanceof StrategyRefused ||
      error instanceof ServerRefused ||
      error instanceof FolderReplaced ||
      (error instanceof ConnectionLost && error.end === 'source')
    )
      await this.#writer.drain();
    if (!(error instanceof ConnectionLost)) return;
    const {windows} = this.#context;
    (error.end === 'source' ? windows.source : windows.target).lost();
    // The link may have gone while a batch was being written: some of it may have arrived.
    if (error.end === 'destination') this.#work.lost(this.#context.ports.elapsed());
    const {source, target} = this.#sessions;
    const innocent =
      error.tokenExpired || error.crowded || usedUp(error, error.end === 'source' ? source : target);
    const unreadable = error.end === 'source' && error.unreadable;
    if (!innocent) this.#work.mail.suspicion.lost(this.#taken, unreadable);
  }

  #isDue(): boolean {
    const now = this.#context.ports.now();
    return this.#sessions.source.life.isDue(now) || this.#sessions.target.life.isDue(now);
  }

  /** Both folders, on their way together; the first FETCH follows without waiting for them. */
  async #open(): Promise<void> {
    const {target} = this.#sessions;
    const {pair, ledgerFolder, unopened} = this.#work;
    // Also where it was opened before for nothing: what was wrong with it then must not pass for looked at.
    const open =
      target.openName === pair.destination &&
      target.openValidity === ledgerFolder.destinationUidValidity &&
      this.#work.target !== undefined &&
      unopened === undefined;
    await Promise.all([
      openSource(this.#work, this.#sessions),
      ...(open ? [] : [openToWrite(this.#work, this.#sessions)]),
      // After each APPEND a server looks at the folder that is open, whichever that is: it costs Dovecot a quarter to four
      // fifths of storing the message once more (measured). Many messages in one command cost one look.
      ...(this.#writer.strategy === 'multiappend' ? [] : [target.unselect()]),
    ]);
  }

  /** Finishes what is on its way, so that a pause holds no memory and leaves nothing in doubt. */
  async #pause(): Promise<void> {
    const {finish} = this.#context.stop;
    for (let written = 0; written < leastUnderWay && !finish.aborted; written++) {
      const [read] = this.#reads;
      if (read === undefined) break;
      await this.#write(read);
    }
    while (this.#writer.unanswered > 0) await this.#writer.confirm();
    if (!finish.aborted) await this.#unread();
    await this.#context.gate.pass(finish);
    await Promise.all([this.#links.source.pace.ready(), this.#links.target.pace.ready()]);
  }

  /** Gives back what is left of what was asked for, once it is here: it is asked for again after the pause. */
  async #unread(): Promise<void> {
    await Promise.allSettled(this.#reads.map(({fetched}) => fetched));
    const back = new Set<number>();
    for (const {batch, fetched} of this.#reads.splice(0)) {
      if (fetched !== undefined) this.#context.budget.give(batch.bytes);
      for (const uid of batch.uids) if (this.#taken.delete(uid)) back.add(uid);
    }
    if (back.size > 0) this.#work.giveBack(back);
  }

  /** The next reply is on its way while one is written. */
  #mayRead(): boolean {
    const {length} = this.#reads;
    if (length === 0 || this.#oneRead) return length === 0;
    if (length < leastUnderWay) return true;
    // Where each message is waited for at the destination, no source is as slow.
    if (length >= this.#context.windows.source.size || !isUnasked(this.#writer.strategy)) return false;
    if (this.#understated) return false;
    const next = this.#work.batches.peek()?.bytes ?? 0;
    return this.#reads.reduce((all, {batch}) => all + batch.bytes, next) <= mostUnderWay;
  }

  /** Asks for the next batch; false where there is none, or no room for it while others are on their way. */
  async #read(): Promise<boolean> {
    const {budget, stop} = this.#context;
    const {batches} = this.#work;
    batches.single = this.#cautious || (this.#work.wary && this.#triedAhead);
    const next = batches.peek();
    if (next === undefined) return false;
    const [uid = 0] = next.uids;
    const otherwise = next.uids.length === 1 && this.#work.mail.suspicion.needsOther(uid);
    if (next.large && !otherwise) {
      this.#take();
      this.#reads.push({batch: next});
      return true;
    }
    const bytes = otherwise ? bytesOtherwise(next.bytes) : next.bytes;
    let room = budget.tryTake(bytes);
    // Waiting while holding a part of the budget could wait for ever: first everything held is finished.
    if (!room && this.#reads.length > 0) return false;
    while (!room && this.#writer.unanswered > 0) {
      await this.#writer.confirm();
      room = budget.tryTake(bytes);
    }
    if (!room) await budget.take(bytes, stop.abort);
    // Another lane on this folder may have taken it meanwhile.
    if (batches.peek() !== next) {
      budget.give(bytes);
      return batches.peek() !== undefined;
    }
    this.#take();
    const fetched = otherwise
      ? this.#alone.otherwise(uid)
      : this.#sessions.source.messages(next.uids, next.bytes);
    const {elapsed} = this.#context.ports;
    const from = elapsed();
    const {roundTrip} = this.#context.servers.of(this.#links.source.server);
    fetched.then(
      () => this.#context.windows.source.took(elapsed() - from, roundTrip),
      () => undefined,
    );
    this.#reads.push({batch: {...next, bytes}, fetched, ...(otherwise ? {otherwise} : {})});
    return true;
  }

  #take(): void {
    for (const uid of this.#work.batches.take()?.uids ?? []) this.#taken.add(uid);
  }

  async #write(read: Read): Promise<void> {
    await this.#opened;
    if (read.fetched === undefined) {
      await this.#alone.stream(read.batch.uids[0] ?? 0);
      this.#reads.shift();
      return;
    }
    await this.#confirmUntil(read.fetched);
    const fetched = await this.#fetched(read.fetched);
    const bytes = fetched.reduce((all, {body}) => all + (body?.length ?? 0), 0);
    if (bytes > read.batch.bytes * 2) this.#understated = true;
    for (const message of fetched) this.#alone.nameUnsent(message);
    const readable = fetched.filter(
      message => message.body !== undefined && message.body.length > 0 && this.#taken.has(message.uid),
    );
    const had = new Set(readable.map(message => message.uid));
    const missing = read.batch.uids.filter(uid => !had.has(uid) && this.#taken.has(uid));
    const behind = await this.#sendAhead(readable);
    if (behind.length > 0) await this.#writer.send(this.#outgoing(behind), read.batch.bytes);
    else this.#context.budget.give(read.batch.bytes);
    this.#reads.shift();
    if (this.#context.stop.finish.aborted) return;
    for (const uid of missing) {
      const empty = fetched.find(message => message.uid === uid);
      if (read.otherwise === true) this.#alone.unreadable(uid);
      else if (empty?.oversize === true) await this.#alone.stream(uid);
      else await this.#alone.missing(uid, empty);
    }
  }

  /** What is answered while a batch is waited for is written down and told, however long that takes. */
  async #confirmUntil(fetched: Promise<unknown>): Promise<void> {
    const here = fetched.catch(() => undefined);
    while (this.#writer.unanswered > 0) {
      await Promise.race([here, this.#writer.answer()]);
      if (!this.#writer.answered) return;
      await this.#writer.confirm();
    }
  }

  #outgoing(messages: readonly FetchedMessage[]): Outgoing[] {
    const {exchange} = this.#sessions.target;
    return messages.map(message => outgoingOf(message, this.#records, exchange));
  }

  /**
   * Where mail of earlier may turn up, one message goes alone, and its answer comes before the others go.
   * @returns those that may go together now; where it was not stored, or a stop has come, the others are given back
   */
  async #sendAhead(messages: readonly FetchedMessage[]): Promise<readonly FetchedMessage[]> {
    await this.#writer.ready();
    const [first, ...others] = messages;
    if (!this.#work.wary || first === undefined || others.length === 0) return messages;
    await this.#writer.send(this.#outgoing([first]), 0);
    await this.#writer.ready();
    if (!this.#work.wary && !this.#context.stop.finish.aborted) return others;
    this.#triedAhead = true;
    const back = new Set(others.map(({uid}) => uid));
    for (const uid of back) this.#taken.delete(uid);
    this.#work.giveBack(back);
    return [];
  }

  /** A refused FETCH of a batch: its messages are asked for one by one, to find the one that is to blame. */
  async #fetched(fetched: Promise<FetchedMessage[]>): Promise<FetchedMessage[]> {
    try {
      const messages = await fetched;
      // A refusal is none, nor is an answer without mail: a source that gives nothing must not be asked for ever.
      if (messages.some(({body}) => body !== undefined && body.length > 0))
        this.#links.source.pace.progress();
      return messages;
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.throttleReset !== undefined) throw error;
      return [];
    }
  }

  /** Everything that is not written down goes back to the folder. */
  #giveBack(): void {
    const {budget} = this.#context;
    if (this.#writer.abandon()) this.#work.lost(this.#context.ports.elapsed());
    for (const read of this.#reads.splice(0)) if (read.fetched !== undefined) budget.give(read.batch.bytes);
    this.#work.batches.last = this.#work.mail.last;
    this.#work.giveBack(this.#taken);
    this.#taken.clear();
  }
}
