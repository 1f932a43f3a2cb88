// Kills that did not come. A run may take another way than the one that was learned; where it does so often, the part says
// of points that they were tried and they were not. Pure.

export type Missed = {readonly tried: number /** A kill of it did not come. */; readonly missed: number};

/** Sentences on the kinds of tries in which more than a tenth of the kills, and more than one, did not come, or none did. */
export function missedTooOften(kinds: ReadonlyMap<string, Missed>): string[] {
  return [...kinds]
    .filter(([, {tried, missed}]) => missed > Math.max(1, tried / 10) || (missed > 0 && missed === tried))
    .map(([kind, {tried, missed}]) => `the kill did not come in ${missed} of ${tried} tries: ${kind}`);
}
