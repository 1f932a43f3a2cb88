// Which of the messages are the same that only their contents can tell (match.ts): pairs of one content, one to one.
import {type Ends, headerRounds, sentApart, type Texts, withTexts} from './by-headers.ts';
import type {Ambiguous} from './match.ts';

/** UID to a digest of the message; one that could not be fetched is missing. */
export type Digests = Texts;

/** Source and destination UID: whatever they hold, they are two. */
export type Apart = (source: number, destination: number) => boolean;

/** The second step: pairs equal contents one to one. A message whose content is unknown is copied, not dropped. */
export function settleAmbiguous(
  ambiguous: readonly Ambiguous[],
  digests: Digests,
  areApart: Apart = () => false,
): {readonly matched: readonly (readonly [number, number])[]; readonly unmatchedSource: readonly number[]} {
  const matched: (readonly [number, number])[] = [];
  const unmatchedSource: number[] = [];
  for (const group of ambiguous) {
    const free = new Map<string, number[]>();
    for (const uid of group.destinationUids) {
      const digest = digests.destination.get(uid);
      if (digest !== undefined) free.set(digest, [...(free.get(digest) ?? []), uid]);
    }
    for (const uid of group.sourceUids) {
      const same = free.get(digests.source.get(uid) ?? '') ?? [];
      const at = same.findIndex(other => !areApart(uid, other));
      if (at === -1) unmatchedSource.push(uid);
      else matched.push(...same.splice(at, 1).map(other => [uid, other] as const));
    }
  }
  return {matched, unmatchedSource: unmatchedSource.sort((a, b) => a - b)};
}

/** A digest of each message; `bytes` where equal ones leave nothing that could tell the messages apart. */
export type Round = {readonly digests: Digests; readonly bytes?: true};

/**
 * The second step in several rounds, the surest first: what one leaves open goes into the next. Equal copies may differ in
 * their date, and messages of one content in what was noted on their way: in each round those that agree in their headers
 * come first, and of them those that agree in their date.
 * @param dates ms since 1970, by UID
 * @returns source and destination UID
 */
export function settleInRounds(
  ambiguous: readonly Ambiguous[],
  rounds: readonly Round[],
  ends: Ends,
  dates: {readonly [End in keyof Ends]: ReadonlyMap<number, number | undefined>},
): readonly (readonly [number, number])[] {
  const areApart = sentApart(ends);
  const matched: (readonly [number, number])[] = [];
  let left = ambiguous;
  const settle = (digests: Digests) => {
    if (left.length === 0) return;
    const found = settleAmbiguous(left, digests, areApart).matched;
    matched.push(...found);
    left = without(left, found);
  };
  const headers = headerRounds(ends);
  for (const {digests, bytes} of rounds)
    for (const texts of bytes === true ? [undefined] : headers) {
      const asked = withTexts(digests, texts);
      settle({
        source: withDates(asked.source, dates.source),
        destination: withDates(asked.destination, dates.destination),
      });
      settle(asked);
    }
  return matched;
}

function withDates(
  digests: ReadonlyMap<number, string>,
  dates: ReadonlyMap<number, number | undefined>,
): Map<number, string> {
  return new Map([...digests].map(([uid, digest]) => [uid, `${digest} ${dates.get(uid) ?? ''}`]));
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
