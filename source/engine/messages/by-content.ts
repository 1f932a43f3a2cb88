// Which of the messages are the same that only their contents can tell (match.ts): pairs of one content, one to one.
import type {Ambiguous} from './match.ts';

export type Digests = {
  /** UID to a digest of the message; one that could not be fetched is missing. */
  readonly source: ReadonlyMap<number, string>;
  readonly destination: ReadonlyMap<number, string>;
};

/** The second step: pairs equal contents one to one. A message whose content is unknown is copied, not dropped. */
export function settleAmbiguous(
  ambiguous: readonly Ambiguous[],
  digests: Digests,
): {readonly matched: readonly (readonly [number, number])[]; readonly unmatchedSource: readonly number[]} {
  const matched: [number, number][] = [];
  const unmatchedSource: number[] = [];
  for (const group of ambiguous) {
    const free = new Map<string, number[]>();
    for (const uid of group.destinationUids) {
      const digest = digests.destination.get(uid);
      if (digest !== undefined) free.set(digest, [...(free.get(digest) ?? []), uid]);
    }
    for (const uid of group.sourceUids) {
      const other = free.get(digests.source.get(uid) ?? '')?.shift();
      if (other === undefined) unmatchedSource.push(uid);
      else matched.push([uid, other]);
    }
  }
  return {matched, unmatchedSource: unmatchedSource.sort((a, b) => a - b)};
}

/**
 * The second step in several rounds, the surest first: what one leaves open goes into the next.
 * @returns source and destination UID
 */
export function settleInRounds(
  ambiguous: readonly Ambiguous[],
  rounds: readonly Digests[],
): readonly (readonly [number, number])[] {
  const matched: (readonly [number, number])[] = [];
  let left = ambiguous;
  for (const round of rounds) {
    const found = settleAmbiguous(left, round).matched;
    matched.push(...found);
    left = without(left, found);
  }
  return matched;
}

/**
 * The last step, where the destination writes mail anew, and what it has may be the same in other words. A group that is
 * at the destination as often as at the source is taken to be complete, but for those that are plainly other messages;
 * with fewer there, none is taken.
 * @param ambiguous what no digest has settled
 * @returns source and destination UID
 */
export function settleByNumber(
  ambiguous: readonly Ambiguous[],
  isOther: (source: number, destination: number) => boolean,
): readonly (readonly [number, number])[] {
  const matched: (readonly [number, number])[] = [];
  for (const {sourceUids, destinationUids, strict} of ambiguous) {
    if (strict === true || destinationUids.length < sourceUids.length) continue;
    const rest = [...destinationUids];
    for (const uid of sourceUids) {
      const at = rest.findIndex(each => !isOther(uid, each));
      if (at !== -1) matched.push(...rest.splice(at, 1).map(each => [uid, each] as const));
    }
  }
  return matched;
}

/** The groups without what is matched already, as far as there is something left to match at both ends. */
export function without(
  groups: readonly Ambiguous[],
  matched: readonly (readonly [number, number])[],
): readonly Ambiguous[] {
  const source = new Set(matched.map(([uid]) => uid));
  const destination = new Set(matched.map(([, uid]) => uid));
  return groups
    .map(group => ({
      ...group,
      sourceUids: group.sourceUids.filter(uid => !source.has(uid)),
      destinationUids: group.destinationUids.filter(uid => !destination.has(uid)),
    }))
    .filter(({sourceUids, destinationUids}) => sourceUids.length > 0 && destinationUids.length > 0);
}
