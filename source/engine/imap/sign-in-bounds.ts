// What a server may say while it is signed in to. imapflow bounds a response at a gigabyte and the time by silence only,
// and answers challenges as long as they come: a server that never comes to an end would keep a mailbox, its password on
// the wire again and again, and the processor. Signing in takes a dozen short responses.
import {FramingError} from './framing.ts';

/** imapflow's own bounds, in bytes and tokens. The longest honest line is a capability list of about a kilobyte. */
export const signInSizes = {
  maxLineLength: 64 * 1024,
  maxLiteralSize: 64 * 1024,
  maxResponseSize: 128 * 1024,
  maxResponseTokens: 5000,
} as const;

const mostResponses = 200;

/** Counts responses. */
export class SignInResponses {
  #count = 0;

  /** What is wrong, once it is too many. */
  next(): FramingError | undefined {
    return ++this.#count > mostResponses
      ? new FramingError('TooManyResponses', 'The server does not come to the end of the sign-in')
      : undefined;
  }
}

/** Gives up when the time is over, however busy the server is. */
export class SignInDeadline {
  readonly #ms: number;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;
  #passed = false;
  #over = false;

  /** @param giveUp called once, when `ms` have passed since the last `start` */
  constructor(ms: number, giveUp: () => void) {
    this.#ms = ms;
    this.#giveUp = giveUp;
  }

  get passed(): boolean {
    return this.#passed;
  }

  start(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#giveUp();
    }, this.#ms);
  }

  /** Waiting that is not the server's doing does not count. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The sign-in has ended, one way or the other. What it was waiting for may come later, and starts nothing anew. */
  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
