// Whose turn it is: which requests wait, in which order, and which are at work. Pure; nothing in here does the work.

export class Turns {
  /** Requests at work at once, at most. Fewer than are at work now: nobody is interrupted, nobody new begins. */
  limit: number;
  readonly #waiting: number[] = [];
  readonly #held = new Set<number>();
  readonly #working = new Set<number>();
  /** At work, and waiting for a server for so many reasons. */
  readonly #resting = new Map<number, Set<string>>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Puts a request at the end of those that wait; one that waits or works already stays where it is. */
  add(request: number): void {
    if (this.isWaiting(request) || this.#working.has(request)) return;
    this.#waiting.push(request);
  }

  isWaiting(request: number): boolean {
    return this.#waiting.includes(request);
  }

  isWorking(request: number): boolean {
    return this.#working.has(request);
  }

  /** Before all others that wait; false where it does not wait. */
  first(request: number): boolean {
    if (!this.remove(request)) return false;
    this.#waiting.unshift(request);
    return true;
  }

  /** Takes it out of those that wait; false where it is not among them. */
  remove(request: number): boolean {
    const at = this.#waiting.indexOf(request);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    return true;
  }

  /** Those that wait, in order, taken out. */
  removeAll(): number[] {
    return this.#waiting.splice(0);
  }

  /** Passed over until released; those behind it go on. */
  hold(request: number): void {
    this.#held.add(request);
  }

  release(request: number): void {
    this.#held.delete(request);
  }

  /** Sorts those that wait by a measure, the smallest first; without one, last. Equal ones keep their order. */
  sortBy(measure: (request: number) => number | undefined): void {
    const last = Number.POSITIVE_INFINITY;
    this.#waiting.sort((one, other) => {
      const [before, after] = [measure(one) ?? last, measure(other) ?? last];
      return before === after ? 0 : before - after;
    });
  }

  /** One at work waits long for a server: its place is another's meanwhile. */
  rest(request: number, reason: string): void {
    if (!this.#working.has(request)) return;
    const reasons = this.#resting.get(request) ?? new Set();
    this.#resting.set(request, reasons.add(reason));
  }

  /** It goes on, even where all places are taken by now: nobody new begins until there is room again. */
  wake(request: number, reason: string): void {
    const reasons = this.#resting.get(request);
    reasons?.delete(reason);
    if (reasons?.size === 0) this.#resting.delete(request);
  }

  /** The next one, which is at work from now on; undefined where the limit is reached or nobody may go. */
  next(mayGo: (request: number) => boolean): number | undefined {
    // As many as the limit may rest: where all have to wait, not everybody is to begin and to wait too.
    const lent = Math.min(this.#resting.size, this.limit);
    if (this.#working.size - lent >= this.limit) return undefined;
    const request = this.#waiting.find(each => !this.#held.has(each) && mayGo(each));
    if (request === undefined) return undefined;
    this.remove(request);
    this.#working.add(request);
    return request;
  }

  /** It has ended. */
  ended(request: number): void {
    this.#working.delete(request);
    this.#resting.delete(request);
  }

  /** Nobody waits and nobody works. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#working.size === 0;
  }

  get working(): number {
    return this.#working.size;
  }
}
