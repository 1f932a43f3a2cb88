// How many lanes work on a mailbox: more while more carry more, fewer when a server slows down, refuses or asks to
// wait (additive increase, multiplicative decrease). Pure: times and amounts come in.

/** What a message costs beside its bytes: with so many bytes more, small and large mail count alike (measured). */
const bytesAMessage = 16_384;
/** ms over which a number of lanes is judged. */
const windowMs = 2_000;
/** One lane more must carry so much more to be kept. */
const worthMore = 1.1;
/** Of the best rate so far: below it the server has become slow. */
const slowBelow = 0.4;
/** Windows without a new trial after one that failed: doubled each time, up to the most. */
const firstRest = 4;
const longestRest = 64;

/** What a mailbox has carried, counted by whoever confirms it. */
export class Meter {
  #amount = 0;

  add(messages: number, bytes: number): void {
    this.#amount += messages * bytesAMessage + bytes;
  }

  get amount(): number {
    return this.#amount;
  }
}

export class LaneControl {
  #most: number;
  #wanted: number;
  /** What stands now is a trial: one more than what carried `before` a millisecond. */
  #trial: {readonly before: number} | undefined;
  /** Lanes for which there is work of their own. */
  #own = Number.POSITIVE_INFINITY;
  /** Lanes beyond those that have shown that sharing work carries more. */
  #sharing = 0;
  #window: {readonly at: number; readonly amount: number} | undefined;
  #best = 0;
  #rest = firstRest;
  #resting = 0;
  #troubled = Number.NEGATIVE_INFINITY;

  /**
   * @param most never more than so many
   * @param start lanes to begin with; one more is tried when they have shown what they carry
   */
  constructor({most, start}: {readonly most: number; readonly start: number}) {
    this.#most = Math.max(1, most);
    this.#wanted = Math.max(1, Math.min(start, this.#most));
  }

  /** Lanes there should be. */
  get wanted(): number {
    if (this.#trial !== undefined) return this.#wanted;
    return Math.max(1, Math.min(this.#wanted, this.#own + this.#sharing));
  }

  /**
   * Looks at what has been carried; to be called often.
   * @param now ms since 1970
   * @param amount the meter's
   * @param atWork lanes that carry mail now: a number of lanes is judged only while so many are
   */
  look(now: number, amount: number, atWork: number): void {
    if (this.#window === undefined || atWork < this.wanted) {
      this.#window = {at: now, amount};
      return;
    }
    const {at, amount: before} = this.#window;
    if (now - at < windowMs) return;
    this.#window = {at: now, amount};
    this.#judge((amount - before) / (now - at));
  }

  #judge(rate: number): void {
    this.#wanted = this.wanted;
    if (this.#trial !== undefined) {
      const gained = rate >= this.#trial.before * worthMore;
      this.#trial = undefined;
      if (!gained) {
        this.#wanted--;
        this.#resting = this.#rest;
        this.#rest = Math.min(longestRest, this.#rest * 2);
        return;
      }
      this.#rest = firstRest;
      if (this.#wanted > this.#own) this.#sharing = this.#wanted - this.#own;
    }
    this.#best = Math.max(this.#best * 0.95, rate);
    if (rate < this.#best * slowBelow && this.#wanted > 1) {
      this.#wanted--;
      this.#resting = this.#rest;
      // Slow is what it is from here on: only a further fall costs another lane.
      this.#best = rate;
      return;
    }
    if (this.#resting > 0) this.#resting--;
    else if (this.#wanted < this.#most && rate > 0) {
      this.#trial = {before: rate};
      this.#wanted++;
    }
  }

  /** There is no work of their own for more than these; beyond them only those stay that have shown their worth. */
  atMost(lanes: number): void {
    this.#own = lanes;
  }

  /**
   * The server throttles, refuses or hangs up: half as many, and no trial for a long while. Many lanes may tell of the
   * same trouble.
   * @param now ms since 1970
   */
  trouble(now: number): void {
    if (now - this.#troubled < windowMs) return;
    this.#troubled = now;
    this.#wanted = Math.max(1, Math.floor(this.#wanted / 2));
    this.#sharing = Math.min(this.#sharing, Math.max(0, this.#wanted - this.#own));
    this.#trial = undefined;
    this.#window = undefined;
    this.#resting = longestRest;
  }

  /** The server grants no more than these. */
  refused(granted: number): void {
    this.#most = Math.max(1, granted);
    this.#wanted = Math.min(this.#wanted, this.#most);
    this.#trial = undefined;
  }
}
