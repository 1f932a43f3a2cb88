// Stores a folder's messages over one connection to the destination: several batches under way, each confirmed by its
// answer, in whatever way of storing the server takes.
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
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import type {MailboxContext} from './context.ts';
import type {FolderWork} from './folder-work.ts';
import type {FolderRecords} from './records.ts';
import type {ServerMemory} from './servers.ts';

export type Outgoing = OutgoingMessage & {readonly row: LedgerMessage};

type Sent = {
  readonly messages: readonly Outgoing[];
  /** Of the budget. */
  readonly bytes: number;
  readonly results: Sending['results'];
  /** How it was sent. */
  readonly strategy: AppendStrategy;
  /** ms since 1970, when its bytes were about to be handed over. */
  readonly at: number;
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
    this.#strategy = chooseStrategy(target, server.objections);
  }

  get strategy(): AppendStrategy {
    return this.#strategy;
  }

  /** Batches whose answers are still to come. */
  get unanswered(): number {
    return this.#sent.length;
  }

  /**
   * Writes the intents, then sends the messages; resolves when their bytes are with the socket.
   * @param bytes of the budget, given back when they are answered
   */
  async send(messages: readonly Outgoing[], bytes: number): Promise<void> {
    this.#records.intend(messages.map(message => message.row));
    const at = this.#context.ports.now();
    const strategy = this.#strategy;
    const {passed} = this.#context.ports;
    const {results} = await append(this.#target, this.#work.pair.destination, messages, strategy, passed);
    passed?.('bytes-sent');
    this.#sent.push({messages, bytes, results, strategy, at});
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
    const results = answer instanceof ServerRefused ? await this.#sendEach(sent.messages, answer) : answer;
    this.#sent.shift();
    this.#context.budget.give(sent.bytes);
    const took = this.#context.ports.now() - sent.at;
    // One after the other a batch takes long whatever the line; small ones would only cost more.
    this.#context.batchSize.took(this.#strategy === 'overlapped' ? took / 4 : took);
    this.#record(sent, results);
    await this.flagAgain();
    // The answers to the other messages come one by one: they are read together when their turn comes.
    if (this.#strategy === 'pipelined' && this.#sent.length > 0) wire.rest();
  }

  /** A message that went in another way than by `send`, and has its answer. */
  async stored(flags: readonly string[], answer: Appended): Promise<void> {
    this.#work.flagAgain.stored(flags, answer);
    await this.flagAgain();
  }

  async flagAgain(): Promise<void> {
    await this.#work.flagAgain.flush(this.#target, this.#work.target?.uidNext ?? 1);
    if (this.#target.exchange) this.#context.ports.passed?.('flags-added');
  }

  /** Takes the answers that are still to come, without sending anything more. */
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
        this.#records.forget(sent.messages.map(message => message.row.uid));
        continue;
      }
      try {
        this.#record(sent, answer);
      } catch {
        // The same refusal once more; the first one is on its way to whoever decides.
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
    const {destination} = this.#work.pair;
    const results = await appendEach(this.#target, destination, messages, 'single', passed);
    // None of them was to blame: the server cannot do what it said it can.
    if (refusal.responseStatus === 'BAD' && results.every(result => result.stored))
      this.#object('multiappend');
    return results;
  }

  #object(strategy: AppendStrategy): void {
    this.#server.objects(strategy);
    this.#strategy = chooseStrategy(this.#target, this.#server.objections);
  }

  /** @throws StrategyRefused, ServerRefused; what was refused for no fault of its own is still to be sent */
  #record(sent: Sent, results: readonly Appended[]): void {
    let objection: ServerRefused | undefined;
    const answered: {readonly message: Outgoing; readonly result: Appended}[] = [];
    const unsent: number[] = [];
    sent.messages.forEach((message, index) => {
      const result = results[index];
      const minded =
        result?.stored === false && sent.strategy !== 'single' && isObjection(result.error)
          ? result.error
          : undefined;
      objection ??= minded;
      if (result === undefined || minded !== undefined) unsent.push(message.row.uid);
      else answered.push({message, result});
    });
    if (unsent.length > 0) this.#records.forget(unsent);
    // Before anything can be thrown for one of the others.
    for (const {message, result} of answered) this.#work.flagAgain.stored(message.flags, result);
    this.#records.record(
      answered.map(({message: {row, body}}) => ({row, size: body.length, bytes: () => body.bytes})),
      answered.map(({result}) => result),
    );
    if (objection === undefined) return;
    this.#object(sent.strategy);
    throw new StrategyRefused(sent.strategy, objection);
  }
}
