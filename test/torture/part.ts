// What the torture rig asks of a part: a kind of fault, made again and again until its time is up.

export interface Part {
  /** One word: --only takes it. */
  readonly name: string;
  /** One line for the table: what is tried. */
  readonly about: string;
  /** Never throws for a broken promise: it tells the tally. What it throws is a fault of the rig. */
  run(job: PartJob): Promise<void>;
}

export interface PartJob {
  /** All chance follows from it: the same seed tries the same. */
  readonly seed: number;
  /** When to begin nothing new, ms since 1970. */
  readonly until: number;
  /** The one try to run, as a replay line named it after --case; the part knows its form. */
  readonly only?: string;
  /** Progress, one line. */
  say(line: string): void;
  readonly tally: Tally;
}

export interface Tally {
  /** How many tries it takes to have tried everything, where they can be counted: with fewer not all was come to. */
  planned(tries: number): void;
  /** A try begins. @param what its kind: tries of one kind are counted together */
  tried(what: string): void;
  /** Messages looked at and found as they must be, or told of below. */
  compared(messages: number): void;
  lost(messages: number, what: string): void;
  doubled(messages: number, what: string): void;
  /** Once for each try that did not keep a promise. @param replay what runs this try again */
  failed(what: string, replay: string): void;
  /** A fact for the record, such as a peak of memory. */
  note(name: string, value: string): void;
}
