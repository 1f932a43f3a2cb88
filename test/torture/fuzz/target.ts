// What is fuzzed: a parser of ours, what it reads, and what must hold whatever it is given.
import {type Random, seeded} from '../../helpers/mail-random.ts';

export type Input = {
  readonly bytes: Buffer;
  /** A character a byte. */
  readonly latin1: string;
  /** As UTF-8 where it is that, else a character a byte; with what UTF-8 cannot carry, such as half a surrogate pair. */
  readonly text: string;
  readonly random: Random;
};

export type Target = {
  /** One word, with the area before it: wire.names. */
  readonly name: string;
  /** What the parser reads from day to day: damaged, cut and mixed. */
  readonly samples: readonly (string | Buffer)[];
  /** Words of its grammar, and what has hurt others of its kind. */
  readonly words?: readonly string[];
  /** The samples are JSON: values in it are changed, too. */
  readonly json?: true;
  /** What has hurt it: a beginning, one thing over and over, an end. Measured first, whatever the seed. */
  readonly hurts?: readonly (readonly [begin: string, unit: string, end: string])[];
  /** How many times as long as most others a try takes: it is tried less often. */
  readonly weight?: number;
  /** Its work does not follow from the length of the input (a file is opened, a process begun): not measured. */
  readonly unmeasured?: true;
  /** @throws where a promise is not kept */
  check(input: Input): void | Promise<void>;
};

export class PromiseBroken extends Error {
  override readonly name = 'PromiseBroken';
}

/** @throws PromiseBroken with the words where it does not hold */
export function must(holds: boolean, words: string): asserts holds {
  if (!holds) throw new PromiseBroken(words);
}

/** What a terminal would act on, or shows as something else. */
const unclean = /[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}\p{Cs}\u2028\u2029]/u;

/** Of words for a person. */
export function mustBeClean(text: string, what: string): void {
  const found = unclean.exec(text);
  must(
    found === null,
    `${what} holds U+${(found?.[0].codePointAt(0) ?? 0).toString(16)}: ${JSON.stringify(text.slice(0, 300))}`,
  );
  must(text.isWellFormed(), `${what} holds half a character`);
}

type ErrorType = abstract new (...args: never[]) => Error;

/** What the work gives; undefined where it throws one of its own errors, whose words are clean. */
export function orOwn<Result>(work: () => Result, ...own: readonly ErrorType[]): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!own.some(each => error instanceof each)) throw error;
    mustBeClean((error as Error).message, 'the error');
    return undefined;
  }
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Cut at random places. */
export function pieces(
  bytes: Buffer,
  random: Random,
  sizes: readonly number[] = [1, 2, 7, 50, 1000],
): Buffer[] {
  const cut: Buffer[] = [];
  const most = random.pick(sizes);
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(most);
    cut.push(bytes.subarray(at, at + length));
    at += length;
  }
  return cut;
}

/** The same every time: what one try of a target is given. @param seed of the try */
export function inputOf(bytes: Buffer, seed: number): Input {
  const utf8 = bytes.toString('utf8');
  const latin1 = bytes.toString('latin1');
  // \xed\xa0\x80 is what half a pair would be.
  const text = (utf8.includes('\ufffd') ? latin1 : utf8).replaceAll('\xed\xa0\x80', '\ud800');
  return {bytes, latin1, text, random: seeded(seed ^ 0x5bd1e995)};
}
