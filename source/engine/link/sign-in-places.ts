// The sign-ins at one server. Until it has let somebody in, no more are under way than it may still refuse before it is
// left alone: each of them may be refused, and none of those answers is here yet when the next one begins.

/** Refusals in a row, without one success, after which a server is left alone. */
export const mostRefusals = 8;

/** ms after which a sign-in without an answer holds up no other: a server that is slow to refuse has refused by then. */
const longestHeld = 30_000;

export class SignInPlaces {
  #refused = 0;
  #underWay = 0;
  readonly #waiting: (() => void)[] = [];

  /** Refusals so far; less than any number once it has let somebody in. */
  get refused(): number {
    return this.#refused;
  }

  refusedOne(): void {
    this.#refused++;
  }

  /** It has let somebody in: nobody waits any more. */
  letIn(): void {
    this.#refused = Number.NEGATIVE_INFINITY;
    this.#fill();
  }

  /** Resolves when one more may be tried, or is to be told that none is, with what ends it. */
  async enter(): Promise<() => void> {
    if (this.#full) await new Promise<void>(go => this.#waiting.push(go));
    else this.#underWay++;
    let ended = false;
    const end = () => {
      clearTimeout(silent);
      if (ended) return;
      ended = true;
      this.#underWay--;
      this.#fill();
    };
    const silent = setTimeout(end, longestHeld).unref();
    return end;
  }

  /** One that is left alone is not: whoever comes is told. */
  get #full(): boolean {
    return this.#refused < mostRefusals && this.#refused + this.#underWay >= mostRefusals;
  }

  /** Who came last goes first: one that tries again is nearer to an answer, which is everybody's where none gets through. */
  #fill(): void {
    while (!this.#full) {
      const go = this.#waiting.pop();
      if (go === undefined) return;
      this.#underWay++;
      go();
    }
  }
}
