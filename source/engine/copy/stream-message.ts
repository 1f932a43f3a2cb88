// One message too large for memory: the source's literal goes straight into the destination's.
import {type Appended, type AppendStrategy, appendStream, type Into} from '../imap/append.ts';
import {Literal} from '../imap/literal.ts';
import {discard, type StreamedMessage} from '../imap/responses.ts';
import type {LiteralSink} from '../imap/wire.ts';
import type {LedgerMessage} from '../ledger/ledger.ts';
import {LineScan} from '../messages/examine.ts';
import {holdsHeader} from '../messages/headers.ts';
import {Mender, type MendKind} from '../messages/mend.ts';
import type {PassPoint} from '../points.ts';
import type {Sessions} from './open-ends.ts';
import {enoughToTell, type Unsent} from './unsent.ts';

export type Streamed = {
  readonly row: LedgerMessage;
  /** Bytes, as sent. */
  readonly size: number;
  /** Undefined where none of it was sent. */
  readonly answer?: Promise<Appended>;
  /** Why it was not sent. */
  readonly unsent?: Unsent;
  readonly lines: LineScan;
  /** What mending would do, where it was asked for. */
  readonly mender?: Mender;
};

/** What goes out in the place of a message's first bytes, and what about it. */
export type Beginning = {
  readonly flags: readonly string[];
  readonly row: LedgerMessage;
  readonly body: Literal;
  /** Of the whole message as it goes out, bytes. */
  readonly size: number;
  /** It does not go out. */
  readonly unsent?: Unsent | undefined;
};

export type StreamSteps = {
  /** @param head the first bytes, its header among them; all of a message that has no more than `enoughToTell` */
  readonly begin: (message: StreamedMessage, head: Literal) => Beginning;
  /** Writes the intent; called before the first byte leaves. */
  readonly intend: (row: LedgerMessage) => void;
  /** The destination was left inside a literal: it must be looked at. */
  readonly unsettled: () => void;
  readonly strategy: AppendStrategy;
  readonly passed: PassPoint | undefined;
  /** What may have to be mended. */
  readonly kinds: readonly MendKind[];
  /** It goes out mended, of the size that was counted when it went out as it is. */
  readonly mended: boolean;
};

/**
 * Both folders are open. Resolves when the source has sent all of it; undefined where it sent nothing.
 * @throws ConnectionLost, ServerRefused of the source; what `intend` throws
 */
export async function streamMessage(
  uid: number,
  {source, target}: Sessions,
  into: Into,
  steps: StreamSteps,
): Promise<Streamed | undefined> {
  let streamed: Streamed | undefined;
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
    const head = new Head();
    const lines = new LineScan();
    const mender = steps.kinds.length === 0 ? undefined : new Mender(steps.kinds);
    let sink: LiteralSink | undefined;
    // The intent needs the header, so the first bytes wait for its end.
    const start = (first: Buffer, resume: () => void): boolean => {
      const {flags, row, body, size, unsent} = steps.begin(message, new Literal([first]));
      let answer: Promise<Appended> | undefined;
      if (unsent !== undefined) sink = discard;
      else {
        steps.intend(row);
        const {internalDate} = message;
        const piped = appendStream(target, into, {flags, internalDate, size}, steps.strategy);
        answer = piped.result;
        steps.passed?.('stream-begun');
        sink =
          mender === undefined || !steps.mended
            ? watched(piped.sink, lines, mender)
            : through(piped.sink, mender, size, () => {
                target.wire.destroy('The source sent other bytes than before');
                steps.unsettled();
              });
      }
      streamed = {
        row,
        size,
        lines,
        ...(answer === undefined ? {} : {answer}),
        ...(unsent === undefined ? {} : {unsent}),
        ...(mender === undefined ? {} : {mender}),
      };
      return sink.write(body.bytes, resume);
    };
    return {
      write: guarded((chunk: Buffer, resume: () => void) => {
        if (sink !== undefined) return sink.write(chunk, resume);
        const bytes = head.take(chunk);
        return bytes === undefined ? true : start(bytes, resume);
      }, true),
      end: guarded(() => {
        if (sink === undefined) start(head.all(), () => undefined);
        sink?.end();
      }, undefined),
    };
  };
  let began: boolean;
  try {
    began = await source.stream(uid, begin);
  } catch (error) {
    if (streamed?.answer !== undefined) {
      target.wire.destroy('The source broke off inside a message');
      steps.unsettled();
    }
    throw failure === undefined ? error : failure.error;
  }
  if (streamed?.answer !== undefined) steps.passed?.('stream-ended');
  return began ? streamed : undefined;
}

/** Looks at the bytes on their way. */
function watched(sink: LiteralSink, lines: LineScan, mender: Mender | undefined): LiteralSink {
  return {
    write: (chunk, resume) => {
      lines.push(chunk);
      mender?.push(chunk);
      return sink.write(chunk, resume);
    },
    end: () => {
      mender?.end();
      sink.end();
    },
  };
}

/**
 * Mends the bytes on their way.
 * @param size announced to the destination: one byte more or less would be read as a command, or waited for
 * @param differs called where the source sends other bytes than before; nothing more goes out then
 */
function through(sink: LiteralSink, mender: Mender, size: number, differs: () => void): LiteralSink {
  let wrong = false;
  const look = (right: boolean) => {
    if (right || wrong) return;
    wrong = true;
    differs();
  };
  return {
    write: (chunk, resume) => {
      const pieces = mender.push(chunk);
      look(mender.length <= size);
      return wrong || pieces.length === 0 || sink.write(Buffer.concat(pieces), resume);
    },
    end: () => {
      const pieces = mender.end();
      look(mender.length === size);
      if (wrong) return;
      if (pieces.length > 0) sink.write(Buffer.concat(pieces), () => undefined);
      sink.end();
    },
  };
}

/** Collects the first bytes of a message: enough to tell what it is, until its header is whole or as long as any may be. */
class Head {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #lookAt = enoughToTell;

  /** All bytes so far once they are enough. */
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
