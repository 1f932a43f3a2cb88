// Runs parts one after the other, each with its share of the time that is left: as much more or less than it needs as the
// others get.
import type {Display} from './display.ts';
import type {PartEntry} from './parts.ts';
import {type Broken, keepScore, type Score} from './score.ts';

export type RigOptions = {
  readonly seed: number;
  readonly minutes: number;
  readonly case?: string;
};

export type RigPorts = {
  readonly display: Display;
  /** ms since 1970. */
  now(): number;
  /** After each part. */
  scored?(score: Score): unknown;
};

/** Never rejects: a part that throws has failed. What a part leaves of its time goes to the next ones. */
export async function runParts(
  entries: readonly PartEntry[],
  {seed, minutes, case: only}: RigOptions,
  {display, now, scored}: RigPorts,
): Promise<Score[]> {
  const end = now() + minutes * 60_000;
  const scores: Score[] = [];
  for (const [index, entry] of entries.entries()) {
    const began = now();
    const still = entries.slice(index).reduce((sum, each) => sum + each.minutes, 0);
    const until = began + (Math.max(0, end - began) * entry.minutes) / still;
    const again = `npm run torture -- --only ${entry.name} --seed ${seed} --minutes ${minutes}`;
    const print = ({what, replay}: Broken) => {
      display.print(`BROKEN ${entry.name}: ${what}`);
      if (replay !== undefined) display.print(`  again: ${replay}`);
    };
    let score = keepScore({name: entry.name, about: 'could not be loaded'}, print);
    try {
      const part = await entry.load();
      let tries = 0;
      let last = '';
      const status = () => {
        const left = Math.max(0, Math.ceil((until - now()) / 1000));
        const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
        display.progress(`${entry.name}  ${tries} tried, ${time} left  ${last}`);
      };
      score = keepScore(part, print);
      const {tally} = score;
      await part.run({
        seed,
        until,
        ...(only === undefined ? {} : {only}),
        say(line) {
          last = line;
          status();
        },
        tally: {
          ...tally,
          tried(what) {
            tries += 1;
            tally.tried(what);
          },
        },
      });
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      score.tally.failed(`the rig itself: ${said}`, again);
    }
    const done = score.score((now() - began) / 1000);
    scores.push(done);
    scored?.(done);
  }
  return scores;
}
