// Commands that wait until the one before them is answered: some servers take no other before that.

/** Known of a server, and learned of it: what one connection meets holds for all. */
export type Manners = {
  /** It refuses a command that comes before the last one is answered. */
  oneAtATime: boolean;
};

type Waiting = {
  readonly send: () => Promise<string>;
  readonly resolve: (answer: Promise<string>) => void;
  readonly reject: (error: Error) => void;
};

/** In the order in which they were given: what builds on another comes behind it. */
export class CommandQueue {
  readonly #waiting: Waiting[] = [];

  wait(send: () => Promise<string>): Promise<string> {
    const {promise, resolve, reject} = Promise.withResolvers<string>();
    // Its sender may look at it late.
    promise.catch(() => undefined);
    this.#waiting.push({send, resolve, reject});
    return promise;
  }

  /** All that was sent is answered. */
  next(): void {
    const first = this.#waiting.shift();
    first?.resolve(first.send());
  }

  /** The connection is gone. */
  fail(error: Error): void {
    for (const {reject} of this.#waiting.splice(0)) reject(error);
  }
}
