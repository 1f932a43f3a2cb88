// Stores a folder's messages over one connection to the destination: several batches under way, each confirmed by its
// answer, in whatever way of storing the server takes.
import {
  type Appended,
  type AppendStrategy,
  append,
  appendEach,
  chooseStrategy,
  isUnasked,
  type Sending,
} from '../imap/append.ts';
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {ServerMemory} from '../link/servers.ts';
import {mostUnderWay} from './batches.ts';
import type {MailboxContext} from './context.ts';
import {blamedFlag} from './flags.ts';
import type {FolderWork} from './folder-work.ts';
import {type Answered, MendRefused} from './mend-refused.ts';
import type {Outgoing} from './outgoing.ts';
import type {FolderRecords} from './records.ts';
import {leastUnderWay} from './window.ts';

type Sent = {
  readonly messages: readonly Outgoing[];
  /** Of the budget. */
  readonly bytes: number;
  /** Bytes that it holds: more, where the source has announced too little. */
  readonly held: number;
  readonly results: Sending['results'];
  /** How it was sent. */
  readonly strategy: AppendStrategy;
  /** ms since 1970, when its bytes were about to be handed over. */
  readonly at: number;
  /** Its answer is here. */
  answered: boolean;
};

/** The server minds the way its mail is sent; what it has not stored is to be sent in another. */
export class StrategyRefused extends Error {
  readonly strategy: AppendStrategy;

  constructor(strategy: AppendStrategy, cause: ServerRefused) {
    super(`The destination objects to ${strategy} storing`, {cause});
    this.name = 'StrategyRefused';
    this.strategy = strategy;
  }
}

export class Writer {
  readonly #work: FolderWork;
  readonly #target: Session;
  readonly #server: ServerMemory;
  readonly #context: MailboxContext;
  readonly #records: FolderRecords;
  readonly #sent: Sent[] = [];
  readonly #mending: MendRefused;
  #strategy: AppendStrategy;

  constructor(
    work: FolderWork,
    target: Session,
    server: ServerMemory,
    context: MailboxContext,
    records: FolderRecords,
  ) {
    this.#work = work;
    this.#target = target;
    this.#server = server;
    this.#context = context;
    this.#records = records;
    this.#mending = new MendRefused(work, target, context, records, answers => this.holdsMore(answers));
    this.#strategy = this.#choose();
  }

  get strategy(): AppendStrategy {
    return this.#strategy;
  }

  /** Batches whose answers are not taken yet. */
  get unanswered(): number {
    return this.#sent.length;
  }

  /** The oldest of them has its answer: to take it needs no waiting. */
  get answered(): boolean {
    return this.#sent[0]?.answered === true;
  }

  /** Resolves when it has; never rejects. */
  async answer(): Promise<void> {
    this.#target.wire.listen();
    await this.#sent[0]?.results.catch(() => undefined);
  }

  /** So many are under way that the next waits for an answer first. */
  get full(): boolean {
    const {size} = this.#context.windows.target;
    const {length} = this.#sent;
    if (length <= leastUnderWay) return false;
    return length > size || this.#sent.reduce((all, {held}) => all + held, 0) > mostUnderWay;
  }

  /**
   * Writes the intents, then sends the messages; resolves when their bytes are with the socket.
   * @param bytes of the budget, given back when they are answered
   */
  async send(messages: readonly Outgoing[], bytes: number): Promise<void> {
    await this.ready();
    this.#records.intend(messages.map(message => message.row));
    const at = this.#context.ports.now();
    const strategy = this.#strategy;
    const {passed} = this.#context.ports;
    const {results} = await append(this.#target, this.#work.into, messages, strategy, passed);
    passed?.('bytes-sent');
    const real = messages.reduce((all, {body}) => all + body.length, 0);
    const held = Math.max(bytes, real);
    const sent: Sent = {messages, bytes, held, results, strategy, at, answered: false};
    this.#sent.push(sent);
    const {windows, ports} = this.#context;
    const from = ports.elapsed();
    results.then(
      answer => {
        sent.answered = true;
        // What is refused at once, or was answered while it was sent, says nothing of how far the server is.
        if (isUnasked(strategy) && !(answer instanceof ServerRefused))
          windows.target.took(ports.elapsed() - from, this.#server.roundTrip);
      },
      () => {
        sent.answered = true;
      },
    );
  }

  /** Resolves when more may be sent: at once, but where one message is to be answered before the next. */
  async ready(): Promise<void> {
    while (this.#work.wary && this.#sent.length > 0) await this.confirm();
  }

  /**
   * Takes the oldest answer and writes down what it says.
   * @throws StrategyRefused, ServerRefused, ConnectionLost
   */
  async confirm(): Promise<void> {
    const sent = this.#sent[0];
    if (sent === undefined) return;
    const {wire} = this.#target;
    wire.listen();
    const answer = await sent.results;
    this.#context.ports.passed?.('answer-received');
    // Sent again before a look it might be there twice, and in a pause that the server asks for nothing is sent at all: the
    // batch stays under way, for `drain`.
    if (answer instanceof ServerRefused) {
      if (answer.inDoubt || answer.throttleReset !== undefined) throw answer;
      if (await this.holdsMore()) {
        this.#work.doubted = true;
        throw new StrategyRefused(sent.strategy, answer);
      }
    }
    const first = answer instanceof ServerRefused ? await this.#sendEach(sent.messages, answer) : answer;
    const answered = await this.#mending.send(answeredBy(sent, first));
    this.#sent.shift();
    this.#context.budget.give(sent.bytes);
    this.#took(sent);
    this.#record(sent.strategy, answered);
    // Stored, they were taken to their last byte: nobody reads them any more.
    if (answered.every(({result}) => result?.stored === true))
      for (const {message} of answered) message.body.done();
    await this.flagAgain();
    // The answers to the other messages come one by one: they are read together when their turn comes.
    if (this.#strategy === 'pipelined' && this.#sent.length > 0) wire.rest();
  }

  /** A batch that went behind others kept the destination since these were answered, not since it was sent. */
  #took({messages, bytes, at, strategy}: Sent): void {
    const now = this.#context.ports.now();
    const took = now - Math.max(at, this.#target.answeredAt);
    this.#target.answeredAt = now;
    // One after the other a batch takes long whatever the line; small ones would only cost more.
    this.#context.batchSize.took(
      {messages: messages.length, bytes},
      strategy === 'overlapped' ? took / 4 : took,
    );
  }

  /**
   * Asked before a refused message is sent once more: true where the destination holds more than it has said it stored,
   * so that the message may be among it, or mail of another lane or somebody else: only a look can tell. One round trip.
   * @param answers to the oldest batch, so far
   */
  async holdsMore(answers?: readonly (Appended | undefined)[]): Promise<boolean> {
    const {destination} = this.#work.pair;
    // Before the server counts: what another lane writes down meanwhile would make up for what was refused.
    const known = this.#context.ledger.count(this.#work.ledgerFolder.id);
    const status = (await this.#target.statuses([destination])).get(destination);
    // They came before the server counted.
    const others = answers === undefined ? this.#sent : this.#sent.slice(1);
    const waiting = await Promise.all(others.map(({results}) => results));
    const stored = [
      ...waiting.flatMap(each => (each instanceof ServerRefused ? [] : each)),
      ...(answers ?? []),
    ];
    const expected = known.stored + known.others + stored.filter(each => each?.stored === true).length;
    // One that does not tell may hold anything.
    return status === undefined || status.messages > expected;
  }

  /** A message that went in another way than by `send`, and has its answer. */
  async stored(flags: readonly string[], answer: Appended): Promise<void> {
    this.#work.mail.flagAgain.stored(flags, answer);
    await this.flagAgain();
  }

  async flagAgain(): Promise<void> {
    await this.#work.mail.flagAgain.flush(this.#target, this.#work.target?.uidNext ?? 1);
    if (this.#target.exchange) this.#context.ports.passed?.('flags-added');
  }

  /**
   * Takes the answers that are still to come, without sending anything more.
   * @throws what is no server's doing: a full disk
   */
  async drain(): Promise<void> {
    this.#target.wire.listen();
    for (let sent = this.#sent[0]; sent !== undefined; sent = this.#sent[0]) {
      let answer: readonly Appended[] | ServerRefused;
      try {
        answer = await sent.results;
      } catch {
        return;
      }
      this.#sent.shift();
      this.#context.budget.give(sent.bytes);
      if (answer instanceof ServerRefused) {
        const rows = sent.messages.map(message => message.row);
        this.#records.doubt(rows, answer.inDoubt);
        continue;
      }
      try {
        this.#record(sent.strategy, this.#mending.without(answeredBy(sent, answer)));
      } catch (error) {
        // The same refusal once more; the first one is on its way to whoever decides.
        if (!(error instanceof ServerRefused || error instanceof StrategyRefused)) throw error;
      }
    }
  }

  /** Gives the rest up; true where something was sent and not answered. */
  abandon(): boolean {
    const left = this.#sent.splice(0);
    for (const sent of left) this.#context.budget.give(sent.bytes);
    return left.length > 0;
  }

  /** A batch that was refused as a whole, message by message. */
  async #sendEach(messages: readonly Outgoing[], refusal: ServerRefused): Promise<readonly Appended[]> {
    const {passed} = this.#context.ports;
    const results = await appendEach(this.#target, this.#work.into, messages, 'single', passed);
    // None of them was to blame: the server cannot do what it said it can.
    if (refusal.responseStatus === 'BAD' && results.every(result => result.stored))
      this.#object('multiappend');
    return results;
  }

  /** It is one of its flags that the destination minds: from now on none is sent with it. @returns its refusal, then */
  blamesFlag(flags: readonly string[], answer: Appended | undefined): ServerRefused | undefined {
    if (answer?.stored !== false) return undefined;
    const flag = blamedFlag(flags, answer.error.responseText);
    if (flag === undefined) return undefined;
    this.#server.refusedFlags.add(flag.toLowerCase());
    return answer.error;
  }

  #object(strategy: AppendStrategy): void {
    this.#server.objects(strategy);
    this.#strategy = this.#choose();
  }

  /** One message may be what makes a server fail: alone it keeps no other from being stored. */
  #choose(): AppendStrategy {
    const {objections} = this.#server;
    return chooseStrategy(
      this.#target,
      this.#work.doubted ? new Set([...objections, 'multiappend' as const]) : objections,
    );
  }

  /** @throws StrategyRefused, ServerRefused; what was refused for no fault of its own is still to be sent */
  #record(strategy: AppendStrategy, all: readonly Answered[]): void {
    let objection: ServerRefused | undefined;
    let flagged: ServerRefused | undefined;
    const answered: {readonly message: Outgoing; readonly result: Appended}[] = [];
    const unsent: number[] = [];
    const refused: LedgerMessage[] = [];
    for (const {message, result} of all) {
      const minded =
        result?.stored === false && strategy !== 'single' && result.error.isObjection
          ? result.error
          : undefined;
      objection ??= minded;
      const blamed = this.blamesFlag(message.flags, result);
      flagged ??= blamed;
      if (minded !== undefined || blamed !== undefined) refused.push(message.row);
      else if (result === undefined) unsent.push(message.row.uid);
      else answered.push({message, result});
    }
    if (unsent.length > 0) this.#records.forget(unsent);
    if (refused.length > 0) this.#records.doubt(refused, false);
    // Before anything can be thrown for one of the others.
    for (const {message, result} of answered) this.#work.mail.flagAgain.stored(message.flags, result);
    this.#records.record(
      answered.map(({message: {row, body, refusedFor}}) => ({
        row,
        size: body.length,
        bytes: () => body.bytes,
        refusedFor,
      })),
      answered.map(({result}) => result),
    );
    if (objection !== undefined) this.#object(strategy);
    const cause = objection ?? flagged;
    if (cause !== undefined) throw new StrategyRefused(strategy, cause);
  }
}

function answeredBy({messages}: Sent, results: readonly Appended[]): readonly Answered[] {
  return messages.map((message, index) => ({message, result: results[index]}));
}
