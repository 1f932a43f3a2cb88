// Whether a server is there, or who gives the tokens for it: what all mailboxes of a run see of it together. One that has
// let mailboxes in and lets nobody in any more is away: its own trouble or the line's, and no mailbox's.

export class Presence {
  /** Times in this run that it has let a mailbox in. */
  entries = 0;
  /** Signs of life: entries, and work that got through. */
  #signs = 0;
  /** It was waited for as long as is of use, in vain: whoever comes now does not wait so long once more. */
  givenUp = false;
  /** Requests that have missed it since its last sign. */
  readonly #missed = new Set<number>();
  /** Those of them that wait for it and did not even reach it: nobody else would. */
  readonly #unreached = new Set<number>();
  readonly #back: () => void;

  /** @param back called when others may begin again, after it could not be reached */
  constructor(back: () => void = () => undefined) {
    this.#back = back;
  }

  get signs(): number {
    return this.#signs;
  }

  /** More than one mailbox has missed it since its last sign. */
  get missedBySeveral(): boolean {
    return this.#missed.size > 1;
  }

  /** Who began now would only wait with those who wait for it already. */
  get closed(): boolean {
    return this.entries > 0 && this.#unreached.size > 0 && !this.givenUp;
  }

  entered(): void {
    this.there();
    this.entries++;
  }

  there(): void {
    this.#signs++;
    if (this.#missed.size === 0 && !this.givenUp) return;
    const {closed} = this;
    this.givenUp = false;
    this.#missed.clear();
    this.#unreached.clear();
    if (closed) this.#back();
  }

  /** @param reached something was there, and hung up or said that it is out of order: that may be about the mailbox */
  missed(request: number, reached: boolean): void {
    this.#missed.add(request);
    if (reached) this.reached(request);
    else this.#unreached.add(request);
  }

  /** Something answers the request, or what it waits for now is something else. */
  reached(request: number): void {
    const {closed} = this;
    this.#unreached.delete(request);
    if (closed && !this.closed) this.#back();
  }

  /** The request has ended and waits no more: somebody has to see whether it is there. */
  left(request: number): void {
    this.#unreached.delete(request);
  }
}
