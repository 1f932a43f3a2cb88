// One message too large for memory: the source's literal goes straight into the destination's.
import {type Appended, type AppendStrategy, appendStream} from '../imap/append.ts';
import {Literal} from '../imap/literal.ts';
import type {StreamedMessage} from '../imap/responses.ts';
import type {LiteralSink} from '../imap/wire.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {holdsHeader} from '../messages/headers.ts';
import type {PassPoint} from '../points.ts';
import {intendedRow} from './message-row.ts';
import type {Sessions} from './settle.ts';

export type Streamed = {
  readonly row: LedgerMessage;
  /** Bytes. */
  readonly size: number;
  readonly answer: Promise<Appended>;
};

export type StreamSteps = {
  /** Which of the message's flags travel. */
  readonly flags: (flags: readonly string[]) => readonly string[];
  /** Writes the intent; called before the first byte leaves. */
  readonly intend: (row: LedgerMessage) => void;
  /** The destination was left inside a literal: it must be looked at. */
  readonly unsettled: () => void;
  readonly strategy: AppendStrategy;
  readonly passed: PassPoint | undefined;
  /** The run, and ms since 1970. */
  readonly now: () => {readonly run: string; readonly at: number};
};

/**
 * Both folders are open. Resolves when the source has sent all of it; undefined where it sent nothing.
 * @throws ConnectionLost, ServerRefused of the source; what `intend` throws
 */
export async function streamMessage(
  uid: number,
  {source, target}: Sessions,
  destination: string,
  steps: StreamSteps,
): Promise<Streamed | undefined> {
  let row: LedgerMessage | undefined;
  let size = 0;
  let answer: Promise<Appended> | undefined;
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
    const head = new Head();
    let sink: LiteralSink | undefined;
    // The intent needs the header, so the first bytes wait for its end.
    const start = (bytes: Buffer): LiteralSink => {
      row = intendedRow(message, new Literal([bytes]), size, steps.now());
      steps.intend(row);
      const {internalDate} = message;
      const piped = appendStream(
        target,
        destination,
        {flags: steps.flags(message.flags), internalDate, size},
        steps.strategy,
      );
      answer = piped.result;
      steps.passed?.('stream-begun');
      return piped.sink;
    };
    return {
      write: guarded((chunk: Buffer, resume: () => void) => {
        if (sink !== undefined) return sink.write(chunk, resume);
        const bytes = head.take(chunk);
        if (bytes === undefined) return true;
        sink = start(bytes);
        return sink.write(bytes, resume);
      }, true),
      end: guarded(() => {
        if (sink === undefined) {
          const bytes = head.all();
          sink = start(bytes);
          if (bytes.length > 0) sink.write(bytes, () => undefined);
        }
        sink.end();
      }, undefined),
    };
  };
  let began: boolean;
  try {
    began = await source.stream(uid, begin);
  } catch (error) {
    if (answer !== undefined) {
      target.wire.destroy('The source broke off inside a message');
      steps.unsettled();
    }
    throw failure === undefined ? error : failure.error;
  }
  if (answer !== undefined) steps.passed?.('stream-ended');
  return began && row !== undefined && answer !== undefined ? {row, size, answer} : undefined;
}

/** Collects the first bytes of a message until its header is whole, or as long as any header may be. */
class Head {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #lookAt = 0;

  /** All bytes so far once the header is whole. */
  take(chunk: Buffer): Buffer | undefined {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#lookAt) return undefined;
    // At twice as much each time: a server may send a byte at a time.
    this.#lookAt = this.#bytes * 2;
    const head = this.all();
    return holdsHeader(head) ? head : undefined;
  }

  all(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
