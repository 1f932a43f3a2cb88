// How much a server may say in answer to a command, and of what nobody asked.
import {FramingError, type WireResponse} from './framing.ts';
import type {Patience} from './patience.ts';

/** Of a command that does not say how many it may get. */
const mostAnswers = 10_000;
/** Untagged responses in a row that no command takes: another client may mark every message of a large folder as read. */
const mostChatter = 1_000_000;

/** A command under way, and the untagged responses that were an answer to it. */
export type Answered = {readonly command: string; readonly most?: number; taken: number};

export class Answers {
  readonly #patience: Patience;
  /** Untagged responses since the last one that a command took. */
  #chatter = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** @throws FramingError where it is one answer too many */
  taken(by: Answered): void {
    this.ended();
    if (++by.taken > (by.most ?? mostAnswers))
      throw new FramingError('TooManyResponses', `The server answers ${by.command} without coming to an end`);
  }

  /** @throws FramingError where nothing else has come for too long */
  idle(response: WireResponse): void {
    this.#patience.chatter(lengthOf(response));
    if (++this.#chatter > mostChatter)
      throw new FramingError('TooManyResponses', 'The server talks without end of what nobody asked');
  }

  /** A command got somewhere. */
  ended(): void {
    this.#chatter = 0;
    this.#patience.further();
  }
}

/** Bytes, about. */
function lengthOf({lines, literals}: WireResponse): number {
  let bytes = 2;
  for (const line of lines) bytes += line.length;
  for (const literal of literals) bytes += literal.length;
  return bytes;
}
