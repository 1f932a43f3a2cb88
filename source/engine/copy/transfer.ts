// Moves a prepared folder's mail over one pair of connections: reads ahead, writes behind, both inside the byte
// budget. For every batch: intent in the ledger, bytes to the destination, its answer, confirmation in the ledger.

import type {MessageName} from '../events.ts';
import {type Appended, type AppendStrategy, append, appendStream} from '../imap/append.ts';
import {ServerRefused} from '../imap/errors.ts';
import {type FetchedMessage, internalDateMs, type StreamedMessage} from '../imap/session.ts';
import type {LiteralSink} from '../imap/wire.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {contentDigest} from '../messages/content.ts';
import {displayFields, parseHeaders} from '../messages/headers.ts';
import {headerKey} from '../messages/identity.ts';
import {type Problem, problem} from '../problems.ts';
import type {Batch} from './batches.ts';
import type {MailboxContext} from './context.ts';
import {chooseFlags} from './flags.ts';
import type {FolderWork} from './folder-work.ts';
import type {Link} from './link.ts';
import {openSource, type Sessions} from './settle.ts';

/** FETCHes under way on one connection: enough that the next reply is on its way while one is written. */
const readAhead = 3;
/** Batches sent whose answers are still to come. */
const unanswered = 2;

export type Links = {readonly source: Link; readonly target: Link};

type Read = {readonly batch: Batch; readonly fetched?: Promise<FetchedMessage[]>};
type Sent = {
  readonly messages: readonly SentMessage[];
  readonly bytes: number;
  readonly results: Promise<readonly Appended[]>;
};
type SentMessage = {readonly row: LedgerMessage; readonly size: number};

export class Transfer {
  readonly #work: FolderWork;
  readonly #sessions: Sessions;
  readonly #links: Links;
  readonly #context: MailboxContext;
  readonly #strategy: AppendStrategy;
  readonly #reads: Read[] = [];
  readonly #sent: Sent[] = [];

  constructor(
    work: FolderWork,
    sessions: Sessions,
    links: Links,
    context: MailboxContext,
    strategy: AppendStrategy,
  ) {
    this.#work = work;
    this.#sessions = sessions;
    this.#links = links;
    this.#context = context;
    this.#strategy = strategy;
  }

  /**
   * Works until the folder has no batch left, or the stop signal says finish. Nothing of it is in flight then.
   * @throws ConnectionLost, ServerRefused (throttled, over quota …), with what is unconfirmed given back to the folder
   */
  async run(): Promise<void> {
    const {stop} = this.#context;
    try {
      await this.#open();
      for (;;) {
        if (this.#context.gate.closed) await this.#pause();
        while (this.#reads.length < readAhead && !stop.finish.aborted && !this.#work.unsettled)
          if (!(await this.#read())) break;
        const read = this.#reads[0];
        if (read === undefined) break;
        await this.#write(read);
        while (this.#sent.length > unanswered) await this.#confirm();
      }
      while (this.#sent.length > 0) await this.#confirm();
    } catch (error) {
      this.#giveBack();
      throw error;
    }
  }

  async #open(): Promise<void> {
    await openSource(this.#work, this.#sessions);
    const {target} = this.#sessions;
    if (target.openName !== this.#work.pair.destination)
      this.#work.target = await target.select(this.#work.pair.destination);
  }

  /** Finishes what is on its way, so that a pause holds no memory and leaves nothing in doubt. */
  async #pause(): Promise<void> {
    for (let read = this.#reads[0]; read !== undefined; read = this.#reads[0]) await this.#write(read);
    while (this.#sent.length > 0) await this.#confirm();
    await this.#context.gate.pass(this.#context.stop.finish);
  }

  /** Asks for the next batch; false where there is none, or no room for it while others are on their way. */
  async #read(): Promise<boolean> {
    const {budget, stop} = this.#context;
    const {batches} = this.#work;
    const next = batches.peek();
    if (next === undefined) return false;
    if (next.large) {
      batches.take();
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
    batches.take();
    const fetched = this.#sessions.source.messages(next.uids);
    fetched.catch(() => undefined);
    this.#reads.push({batch: next, fetched});
    return true;
  }

  async #write(read: Read): Promise<void> {
    if (read.fetched === undefined) {
      while (this.#sent.length > 0) await this.#confirm();
      await this.#stream(read.batch);
      this.#reads.shift();
      return;
    }
    const fetched = await this.#fetched(read.fetched);
    this.#links.source.progress();
    const readable = fetched.filter(message => message.body !== undefined && message.body.length > 0);
    const missing = read.batch.uids.filter(uid => !readable.some(message => message.uid === uid));
    if (readable.length > 0) {
      const messages = readable.map(message => this.#outgoing(message));
      this.#intend(messages.map(message => message.row));
      const sending = await append(
        this.#sessions.target,
        this.#work.pair.destination,
        messages,
        this.#strategy,
      );
      this.#sent.push({
        messages: messages.map(({row, body}) => ({row, size: body.length})),
        bytes: read.batch.bytes,
        results: sending.results,
      });
    } else this.#context.budget.give(read.batch.bytes);
    this.#reads.shift();
    for (const uid of missing)
      await this.#missing(
        uid,
        fetched.find(message => message.uid === uid),
      );
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

  #outgoing(message: FetchedMessage) {
    const body = message.body ?? Buffer.alloc(0);
    return {
      flags: this.#flags(message.flags),
      internalDate: message.internalDate,
      body,
      row: this.#row(message, body, body.length, true),
    };
  }

  #row(about: FetchedMessage | StreamedMessage, head: Buffer, size: number, whole: boolean): LedgerMessage {
    const headers = parseHeaders(head);
    const identity = headerKey(headers);
    const date = internalDateMs(about.internalDate);
    return {
      uid: about.uid,
      state: 'intended',
      ...identity,
      // Without a Message-ID the content decides; it is at hand only now.
      ...(identity.strong || !whole ? {} : {digest: contentDigest(head)}),
      run: this.#context.settings.run,
      size,
      ...(date === undefined ? {} : {date}),
      ...displayFields(headers),
    };
  }

  #flags(flags: readonly string[]): readonly string[] {
    const {kept, dropped} = chooseFlags(flags, this.#work.target?.permanentFlags ?? []);
    for (const keyword of dropped) this.#work.droppedKeywords.add(keyword);
    return kept;
  }

  #intend(rows: readonly LedgerMessage[]): void {
    const {ledger} = this.#context;
    ledger.transaction(() => {
      for (const row of rows) ledger.put(this.#work.ledgerFolder.id, row);
    });
  }

  /** Takes the oldest answer and writes down what it says. */
  async #confirm(): Promise<void> {
    const sent = this.#sent[0];
    if (sent === undefined) return;
    const results = await sent.results;
    this.#sent.shift();
    this.#context.budget.give(sent.bytes);
    this.#links.target.progress();
    this.#record(sent.messages, results);
  }

  #record(messages: readonly SentMessage[], results: readonly Appended[]): void {
    const {ledger} = this.#context;
    const folder = this.#work.ledgerFolder.id;
    const refused: {message: SentMessage; problem: Problem}[] = [];
    const again: number[] = [];
    let broken: ServerRefused | undefined;
    let copied = 0;
    let bytes = 0;
    ledger.transaction(() => {
      messages.forEach((message, index) => {
        const result = results[index];
        if (result?.stored === true) {
          ledger.stored(folder, message.row.uid, result.uid);
          copied++;
          bytes += message.size;
          return;
        }
        const why = this.#links.target.problem(result?.error, 'append', {
          folder: this.#work.pair.destination,
          size: message.size,
        });
        if (why.scope === 'message' && why.verdict === 'skip') {
          ledger.put(folder, {...message.row, state: 'failed', code: why.code, reason: why.sentence});
          refused.push({message, problem: why});
          return;
        }
        // Nothing was stored (the answer was NO): it goes back, and the cause decides what happens next.
        ledger.forget(folder, message.row.uid);
        again.push(message.row.uid);
        broken ??= result?.error;
      });
    });
    this.#work.copied(copied, bytes);
    for (const {message, problem: why} of refused) this.#work.failed(nameOf(message.row), why);
    if (again.length > 0) this.#work.batches.giveBack(again);
    if (broken !== undefined) throw broken;
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
      if (why.scope !== 'message' || why.verdict !== 'skip') throw error;
      this.#name({uid, state: 'failed', strong: false, run: this.#context.settings.run}, why);
      return;
    }
    if (again?.body !== undefined && again.body.length > 0) {
      const message = this.#outgoing(again);
      this.#intend([message.row]);
      const sending = await append(
        this.#sessions.target,
        this.#work.pair.destination,
        [message],
        this.#strategy,
      );
      this.#sent.push({
        messages: [{row: message.row, size: again.body.length}],
        bytes: 0,
        results: sending.results,
      });
      return;
    }
    const there = await source.search({uids: `${uid}`});
    const code = there.includes(uid) ? 'message-without-data' : 'message-vanished';
    const why = problem(code, {});
    const date = again === undefined ? undefined : internalDateMs(again.internalDate);
    this.#name(
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

  /** Names a message that does not go, in the ledger and to the faces. */
  #name(row: LedgerMessage, why: Problem): void {
    this.#intend([{...row, code: why.code, reason: why.sentence}]);
    if (row.state === 'skipped') this.#work.skipped(nameOf(row), why);
    else this.#work.failed(nameOf(row), why);
  }

  /** A large message goes straight through: source literal to destination literal. */
  async #stream(batch: Batch): Promise<void> {
    const {source, target} = this.#sessions;
    const uid = batch.uids[0] ?? 0;
    let row: LedgerMessage | undefined;
    let size = 0;
    let result: Promise<Appended> | undefined;
    // The sink runs inside the source's parser: what fails there (a full disk under the ledger) is kept for here.
    let failure: {readonly error: unknown} | undefined;
    const guarded =
      <Args extends unknown[], Result>(work: (...args: Args) => Result, otherwise: Result) =>
      (...args: Args): Result => {
        if (failure !== undefined) return otherwise;
        try {
          return work(...args);
        } catch (error) {
          failure = {error};
          source.wire.destroy();
          return otherwise;
        }
      };
    const begin = (message: StreamedMessage): LiteralSink => {
      size = message.size;
      const head = new HeadCollector(header => {
        row = this.#row(message, header, size, false);
        this.#intend([row]);
      });
      let piped: ReturnType<typeof appendStream> | undefined;
      const early: Buffer[] = [];
      const start = () => {
        piped = appendStream(target, this.#work.pair.destination, {
          flags: this.#flags(message.flags),
          internalDate: message.internalDate,
          size,
        });
        result = piped.result;
        return piped.sink;
      };
      return {
        write: guarded((chunk: Buffer, resume: () => void) => {
          if (piped !== undefined) return piped.sink.write(chunk, resume);
          early.push(chunk);
          // The intent needs the header, and comes before the first byte leaves.
          if (!head.take(chunk)) return true;
          const sink = start();
          return sink.write(Buffer.concat(early.splice(0)), resume);
        }, true),
        end: guarded(() => {
          if (piped === undefined) {
            head.end();
            const sink = start();
            if (early.length > 0) sink.write(Buffer.concat(early.splice(0)), () => undefined);
          }
          piped?.sink.end();
        }, undefined),
      };
    };
    let began: boolean;
    try {
      began = await source.stream(uid, begin);
    } catch (error) {
      // The destination is inside a literal that will never be whole.
      if (result !== undefined) {
        target.wire.destroy('The source broke off inside a message');
        this.#work.unsettled = true;
      }
      if (failure !== undefined) throw failure.error;
      throw error;
    }
    if (!began || row === undefined || result === undefined) {
      await this.#missing(uid, undefined);
      return;
    }
    this.#links.source.progress();
    const answer = await result;
    this.#links.target.progress();
    this.#record([{row, size}], [answer]);
  }

  /** What was asked for and not written, and what was sent without an answer, goes back to the folder. */
  #giveBack(): void {
    const {budget} = this.#context;
    for (const read of this.#reads.splice(0)) {
      if (read.fetched !== undefined) budget.give(read.batch.bytes);
      this.#work.batches.giveBack(read.batch.uids);
    }
    if (this.#sent.length > 0) this.#work.unsettled = true;
    for (const sent of this.#sent.splice(0)) {
      budget.give(sent.bytes);
      this.#work.batches.giveBack(sent.messages.map(message => message.row.uid));
    }
  }
}

const longestHeader = 256 * 1024;

/** Collects the first bytes of a message until its header is whole. */
class HeadCollector {
  readonly #done: (header: Buffer) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #called = false;

  constructor(done: (header: Buffer) => void) {
    this.#done = done;
  }

  /** True once the header is whole (or as long as any header may be). */
  take(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const head = Buffer.concat(this.#chunks);
    if (this.#bytes < longestHeader && head.indexOf('\r\n\r\n') === -1 && head.indexOf('\n\n') === -1)
      return false;
    this.#call(head);
    return true;
  }

  end(): void {
    this.#call(Buffer.concat(this.#chunks));
  }

  #call(head: Buffer): void {
    if (this.#called) return;
    this.#called = true;
    this.#done(head);
  }
}

/** A message for people. */
export function nameOf(row: LedgerMessage): MessageName {
  return {
    uid: row.uid,
    ...(row.subject === undefined ? {} : {subject: row.subject}),
    ...(row.messageId === undefined ? {} : {messageId: row.messageId}),
    ...(row.date === undefined ? {} : {date: row.date}),
    ...(row.size === undefined ? {} : {size: row.size}),
  };
}
