// Which messages of a source folder are at the destination already. Messages are counted, not merged: copies that
// are equal byte for byte are carried as often as the source has them.

export type KeyedMessage = {
  readonly uid: number;
  readonly key: string;
  readonly strong: boolean;
  /** See identity.ts; the key alone where nothing more is known, as of a row of the ledger. */
  readonly hints?: readonly string[];
  readonly undated?: string;
};

export type Ambiguous = {
  readonly key: string;
  readonly sourceUids: readonly number[];
  readonly destinationUids: readonly number[];
};

export type Matching = {
  /** Source UID and destination UID. */
  readonly matched: readonly (readonly [number, number])[];
  /** Only their content can tell: fetch it at both ends and call settleAmbiguous. No UID is in two of them. */
  readonly ambiguous: readonly Ambiguous[];
  /** At the destination there is nothing like them: to be copied. In UID order. */
  readonly unmatchedSource: readonly number[];
};

/**
 * Matches by keys. A strong key with one source message, or with as many messages at both ends, is settled; all
 * else that shares a key or a hint is ambiguous. A source message comes out in exactly one of the three lists.
 */
export function matchMessages(ends: {
  readonly source: readonly KeyedMessage[];
  readonly destination: readonly KeyedMessage[];
}): Matching {
  const source = ends.source.toSorted(byUid);
  const destination = ends.destination.toSorted(byUid);
  const matched: [number, number][] = [];
  const ambiguous: Ambiguous[] = [];
  const settled = {source: new Set<number>(), destination: new Set<number>()};
  const settle = (from: number, to: number) => {
    matched.push([from, to]);
    settled.source.add(from);
    settled.destination.add(to);
  };
  const defer = (key: string, from: readonly KeyedMessage[], to: readonly KeyedMessage[]) => {
    ambiguous.push({key, sourceUids: from.map(uidOf), destinationUids: to.map(uidOf)});
    for (const message of from) settled.source.add(message.uid);
    for (const message of to) settled.destination.add(message.uid);
  };

  const there = groupBy(destination, message => [message.key]);
  for (const [key, from] of groupBy(source, message => [message.key])) {
    const to = there.get(key) ?? [];
    if (to.length === 0) continue;
    const strong = [...from, ...to].every(message => message.strong);
    if (!strong || (from.length > 1 && from.length !== to.length)) defer(key, from, to);
    else
      from.forEach((message, i) => {
        const other = to[i];
        if (other !== undefined) settle(message.uid, other.uid);
      });
  }

  // What is left may be the same message after the destination has added or changed a header. The better grounds come
  // first, or a message without any header would take what another one knows by its Message-ID.
  const hintsOf = ({key, hints = [key]}: KeyedMessage) => hints;
  const left = destination.filter(message => !settled.destination.has(message.uid));
  const byHint = groupBy(left, hintsOf);
  const byUndated = groupBy(left, ({undated}) => (undated === undefined ? [] : [undated]));
  const open = source.filter(message => !settled.source.has(message.uid));
  const compare = (
    there: ReadonlyMap<string, readonly KeyedMessage[]>,
    hintOf: (message: KeyedMessage) => readonly string[],
  ) => {
    for (const [hint, from] of groupBy(open, hintOf)) {
      const mine = from.filter(message => !settled.source.has(message.uid));
      const to = (there.get(hint) ?? []).filter(message => !settled.destination.has(message.uid));
      if (mine.length > 0 && to.length > 0) defer(hint, mine, to);
    }
  };
  compare(byHint, message => hintsOf(message).slice(0, 1));
  compare(byHint, message => hintsOf(message).slice(1, 2));
  compare(byUndated, message => hintsOf(message).slice(-1));

  const unmatchedSource = source.map(uidOf).filter(uid => !settled.source.has(uid));
  return {matched, ambiguous, unmatchedSource};
}

export type Digests = {
  /** UID to contentDigest; a message that could not be fetched is missing. */
  readonly source: ReadonlyMap<number, string>;
  readonly destination: ReadonlyMap<number, string>;
  /**
   * The destination rewrites bodies (Exchange). Then a group that is at the destination as often as at the source
   * is taken to be complete even where digests differ; with fewer there, all that differ are copied.
   */
  readonly rewrites?: boolean;
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
    const open: number[] = [];
    const used = new Set<number>();
    for (const uid of group.sourceUids) {
      const other = free.get(digests.source.get(uid) ?? '')?.shift();
      if (other === undefined) open.push(uid);
      else {
        used.add(other);
        matched.push([uid, other]);
      }
    }
    const rest = group.destinationUids.filter(uid => !used.has(uid));
    const complete = digests.rewrites === true && group.destinationUids.length >= group.sourceUids.length;
    for (const uid of open) {
      const other = complete ? rest.shift() : undefined;
      if (other === undefined) unmatchedSource.push(uid);
      else matched.push([uid, other]);
    }
  }
  return {matched, unmatchedSource: unmatchedSource.sort((a, b) => a - b)};
}

function groupBy(
  messages: readonly KeyedMessage[],
  keysOf: (message: KeyedMessage) => readonly string[],
): Map<string, KeyedMessage[]> {
  const groups = new Map<string, KeyedMessage[]>();
  for (const message of messages)
    for (const key of keysOf(message)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [message]);
      else group.push(message);
    }
  return groups;
}

function byUid(a: KeyedMessage, b: KeyedMessage): number {
  return a.uid - b.uid;
}

function uidOf(message: KeyedMessage): number {
  return message.uid;
}
