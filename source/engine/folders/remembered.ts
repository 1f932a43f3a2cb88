// Places that the ledger remembers, and those of the folders above them: these need hold no mail, and are then in no
// ledger, but they have to stay above what is below them.

type Pair = {readonly source: readonly string[]; readonly destination: readonly string[]};

/**
 * @param base levels that everything goes below
 * @returns source path (as JSON) to destination levels
 */
export function rememberedPlaces(
  pairs: readonly Pair[],
  base: readonly string[],
): Map<string, readonly string[]> {
  const places = new Map(pairs.map(pair => [JSON.stringify(pair.source), pair.destination]));
  for (const {source, destination} of pairs) {
    // A tree that was put elsewhere, or made less deep, says nothing about the levels above.
    if (destination.length - base.length !== source.length) continue;
    for (let level = source.length - 1; level > 0; level--) {
      const above = JSON.stringify(source.slice(0, level));
      if (!places.has(above)) places.set(above, destination.slice(0, base.length + level));
    }
  }
  return places;
}
