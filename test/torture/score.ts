// What a part's tries came to.
import {cleanText} from '../../source/format/clean.ts';
import type {Part, Tally} from './part.ts';

export type Score = {
  readonly part: string;
  readonly about: string;
  /** Tries by kind. */
  readonly tries: ReadonlyMap<string, number>;
  readonly tried: number;
  /** How many have tried everything; undefined where nobody knows. */
  readonly planned: number | undefined;
  readonly passed: number;
  readonly compared: number;
  readonly lost: number;
  readonly doubled: number;
  /** What broke, and how to see it again; in the order it happened. */
  readonly broken: readonly Broken[];
  readonly notes: ReadonlyMap<string, string>;
  readonly seconds: number;
};

export type Broken = {readonly what: string; readonly replay?: string};

/** Nothing was lost, doubled or otherwise broken, and something was tried. */
export const isClean = (score: Score) =>
  score.tried > 0 && score.broken.length === 0 && score.lost === 0 && score.doubled === 0;

/** Not all of it was come to in the time. */
export const isCutShort = ({tried, planned = 0}: Score) => tried < planned;

const plain = (text: string) => cleanText(text, 4_000);

/**
 * Counts for one part.
 * @param told called at each thing that broke, as it happens
 */
export function keepScore(
  {name, about}: Pick<Part, 'name' | 'about'>,
  told: (broken: Broken) => void,
): {readonly tally: Tally; score(seconds: number): Score} {
  const tries = new Map<string, number>();
  const notes = new Map<string, string>();
  const broken: Broken[] = [];
  let planned: number | undefined;
  const sums = {tried: 0, compared: 0, lost: 0, doubled: 0, failed: 0};
  const tell = (each: Broken) => {
    broken.push(each);
    told(each);
  };
  return {
    tally: {
      planned(tries) {
        planned = tries;
      },
      tried(what) {
        sums.tried += 1;
        tries.set(what, (tries.get(what) ?? 0) + 1);
      },
      compared(messages) {
        sums.compared += messages;
      },
      lost(messages, what) {
        if (messages <= 0) return;
        sums.lost += messages;
        tell({what: `lost ${messages}: ${plain(what)}`});
      },
      doubled(messages, what) {
        if (messages <= 0) return;
        sums.doubled += messages;
        tell({what: `doubled ${messages}: ${plain(what)}`});
      },
      failed(what, replay) {
        sums.failed += 1;
        tell({what: plain(what), replay: plain(replay)});
      },
      note: (key, value) => notes.set(plain(key), plain(value)),
    },
    score: seconds => ({
      part: name,
      about,
      tries,
      tried: sums.tried,
      planned,
      passed: Math.max(0, sums.tried - sums.failed),
      compared: sums.compared,
      lost: sums.lost,
      doubled: sums.doubled,
      broken,
      notes,
      seconds,
    }),
  };
}
