// Which of the messages are the same that only their contents can tell (match.ts): pairs of one content, one to one.
import {type Ends, headerRounds, type Texts, type Times, timesOf, withTexts} from './by-headers.ts';
import type {Ambiguous} from './match.ts';

/** UID to a digest of the message; one that could not be fetched is missing. */
export type Digests = Texts;

const unknown: Times = {source: new Map(), destination: new Map()};

/**
 * The second step: pairs equal contents one to one. A message whose content is unknown is copied, not dropped.
 * @param times messages that were sent at different ones are two, whatever they hold
 */
export function settleAmbiguous(
  ambiguous: readonly Ambiguous[],
  digests: Digests,
  times: Times = unknown,
): {readonly matched: readonly (readonly [number, number])[]; readonly unmatchedSource: readonly number[]} {
  const matched: [number, number][] = [];
  const unmatchedSource: number[] = [];
  for (const group of ambiguous) {
    const free = new Map<string, Copies>();
    for (const uid of group.destinationUids) {
      const digest = digests.destination.get(uid);
      if (digest === undefined) continue;
      const same = free.get(digest) ?? new Copies();
      free.set(digest, same);
      same.add(uid, times.destination.get(uid));
    }
    for (const uid of group.sourceUids) {
      const other = free.get(digests.source.get(uid) ?? '')?.take(times.source.get(uid));
      if (other === undefined) unmatchedSource.push(uid);
      else matched.push([uid, other]);
    }
  }
  return {matched, unmatchedSource: unmatchedSource.sort((a, b) => a - b)};
}

/** Copies of one content that nobody has taken, by when they were sent: there may be very many. */
class Copies {
  readonly #byTime = new Map<number | undefined, number[]>();

  add(uid: number, sentAt: number | undefined): void {
    const same = this.#byTime.get(sentAt) ?? [];
    this.#byTime.set(sentAt, same);
    same.push(uid);
  }

  /** One that may have been sent then. */
  take(sentAt: number | undefined): number | undefined {
    if (sentAt !== undefined) return this.#of(sentAt) ?? this.#of(undefined);
    const [any] = this.#byTime.keys();
    return this.#of(any);
  }

  #of(sentAt: number | undefined): number | undefined {
    const same = this.#byTime.get(sentAt);
    const uid = same?.shift();
    if (same?.length === 0) this.#byTime.delete(sentAt);
    return uid;
  }
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
  // A folder may have a hundred thousand messages, of which two are compared.
  const concerned = concernedBy(ambiguous);
  const own = {
    source: ends.source.filter(({uid}) => concerned.source.has(uid)),
    destination: ends.destination.filter(({uid}) => concerned.destination.has(uid)),
  };
  const times = timesOf(own);
  const headers = headerRounds(own);
  const matched: (readonly [number, number])[] = [];
  let left = ambiguous;
  const settle = (digests: Digests) => {
    const found = settleAmbiguous(left, digests, times).matched;
    matched.push(...found);
    left = without(left, found);
  };
  for (const {digests, bytes} of rounds) {
    const known = {
      source: among(digests.source, concerned.source),
      destination: among(digests.destination, concerned.destination),
    };
    for (const texts of bytes === true ? [undefined] : headers) {
      if (left.length === 0) return matched;
      const asked = withTexts(known, texts);
      settle({
        source: withDates(asked.source, dates.source),
        destination: withDates(asked.destination, dates.destination),
      });
      settle(asked);
    }
  }
  return matched;
}

function concernedBy(ambiguous: readonly Ambiguous[]) {
  const concerned = {source: new Set<number>(), destination: new Set<number>()};
  for (const {sourceUids, destinationUids} of ambiguous) {
    for (const uid of sourceUids) concerned.source.add(uid);
    for (const uid of destinationUids) concerned.destination.add(uid);
  }
  return concerned;
}

function among(digests: ReadonlyMap<number, string>, uids: ReadonlySet<number>): Map<number, string> {
  const found = new Map<number, string>();
  for (const uid of uids) {
    const digest = digests.get(uid);
    if (digest !== undefined) found.set(uid, digest);
  }
  return found;
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
