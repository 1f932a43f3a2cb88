// Which messages of a source folder are at the destination already. Messages are counted, not merged: copies that
// are equal byte for byte are carried as often as the source has them.

export type KeyedMessage = {
  readonly uid: number;
  readonly key: string;
  readonly strong: boolean;
  /** See identity.ts; the key alone where nothing more is known, as of a row of the ledger. */
  readonly hints?: readonly string[];
  readonly undated?: string;
  readonly sentAt?: number;
  /** Bytes, as its end tells them. */
  readonly size?: number;
};

export type Ambiguous = {
  readonly key: string;
  readonly sourceUids: readonly number[];
  readonly destinationUids: readonly number[];
  /** They have names that differ, and not for want of one: nothing but the same content makes two of them one. */
  readonly strict?: true;
  /** They have one key and other sizes, as most have there are: the destination may have written them anew. */
  readonly rewritten?: true;
};

/**
 * So many of one key and another size are compared, though most that are there differ in it: in a small folder that says
 * little of the destination, and costs little. With more of them it writes anew what it stores.
 */
const mostRewritten = 16;

/** For what messages are taken to be alike, the better first: their keys, their hints (identity.ts). */
export type Ground = 'key' | 'hint' | 'second hint' | 'undated';

/** Where another ground has taken some of them, those that share a key may be complete by now. */
const inTurn: readonly Ground[] = ['key', 'hint', 'key', 'second hint', 'key', 'undated', 'key'];

export type Matching = {
  /** Source UID and destination UID. */
  readonly matched: readonly (readonly [number, number])[];
  /** Only their content can tell: fetch it at both ends and call settleAmbiguous. No UID is in two of them. */
  readonly ambiguous: readonly Ambiguous[];
  /** At the destination there is nothing like them: to be copied. In UID order. */
  readonly unmatchedSource: readonly number[];
  /** Most messages with the same key agree in their size, so that one that does not may be another message. */
  readonly sizesTell: boolean;
};

/**
 * Matches by keys. A strong key with one source message is settled; all else that shares a key or a hint is ambiguous.
 * Where most of those settled agree in their size, one that does not is ambiguous too, and so is one that the destination
 * has several of, and a few that are most: they may be other texts under the same Message-ID, Date and sender. A source
 * message comes out in exactly one of the three lists.
 */
export function matchMessages(ends: {
  readonly source: readonly KeyedMessage[];
  readonly destination: readonly KeyedMessage[];
  /** Both ends tell sizes exactly, and neither is known to rewrite mail. */
  readonly exactSizes?: boolean;
  /** As an earlier matching of these messages found it. */
  readonly sizesTell?: boolean;
  /** Only this one; where it is not given each in turn, for what those before have left. */
  readonly ground?: Ground;
  /** Keys whose messages were compared before: what is left of them is not the same for its key alone. */
  readonly compared?: ReadonlySet<string>;
}): Matching {
  const source = ends.source.toSorted(byUid);
  const destination = ends.destination.toSorted(byUid);
  const asks = (ground: Ground) => ends.ground === undefined || ends.ground === ground;
  const matched: [number, number][] = [];
  const ambiguous: Ambiguous[] = [];
  const settled = {source: new Set<number>(), destination: new Set<number>()};
  const settle = (from: number, to: number) => {
    matched.push([from, to]);
    settled.source.add(from);
    settled.destination.add(to);
  };
  const defer = (
    key: string,
    from: readonly KeyedMessage[],
    to: readonly KeyedMessage[],
    how: Pick<Ambiguous, 'strict' | 'rewritten'> = {},
  ) => {
    ambiguous.push({key, sourceUids: from.map(uidOf), destinationUids: to.map(uidOf), ...how});
    for (const message of from) settled.source.add(message.uid);
    for (const message of to) settled.destination.add(message.uid);
  };

  const there = groupBy(destination, message => [message.key]);
  const byKey: Sized[] = [];
  for (const [key, from] of asks('key') ? groupBy(source, message => [message.key]) : []) {
    const to = there.get(key) ?? [];
    if (to.length === 0) continue;
    const strong = [...from, ...to].every(message => message.strong);
    // Copies of one message, or several that share its Message-ID, Date and sender.
    const several = from.length > 1;
    if (!strong || several || ends.compared?.has(key) === true) defer(key, from, to);
    else byKey.push(pairBySize(key, from, to));
  }
  const unlike = byKey.filter(group => group.unlike);
  // A destination that rewrites all it stores changes all sizes: they say nothing then.
  const sizesTell = ends.sizesTell ?? (ends.exactSizes === true && unlike.length * 2 <= byKey.length);
  for (const group of byKey)
    if ((group.unlike || group.to.length > 1) && sizesTell) defer(group.key, group.from, group.to);
    else if (group.unlike && ends.exactSizes === true && unlike.length <= mostRewritten)
      defer(group.key, group.from, group.to, {rewritten: true});
    else for (const [from, to] of group.pairs) settle(from.uid, to.uid);

  // What is left may be the same message after the destination has added or changed a header. The better grounds come
  // first, or a message without any header would take what another one knows by its Message-ID.
  const hintsOf = ({key, hints = [key]}: KeyedMessage) => hints;
  const left = destination.filter(message => !settled.destination.has(message.uid));
  const undatedOf = ({undated}: KeyedMessage) => (undated === undefined ? [] : [undated]);
  const open = source.filter(message => !settled.source.has(message.uid));
  const compare = (
    hintsThere: (message: KeyedMessage) => readonly string[],
    hintOf: (message: KeyedMessage) => readonly string[],
  ) => {
    const there = groupBy(left, hintsThere);
    for (const [hint, from] of groupBy(open, hintOf)) {
      const mine = from.filter(message => !settled.source.has(message.uid));
      const others = (there.get(hint) ?? []).filter(other => !settled.destination.has(other.uid));
      if (mine.length === 0 || others.length === 0) continue;
      // A server gives a message a Message-ID that has none, and no other one.
      const how = mine.some(message => message.strong) ? {strict: true as const} : {};
      // Sent again at another time it is another message, also under its Message-ID.
      const same = sentAsThese(mine, others);
      if (same.length > 0) defer(hint, same, sentAsThese(others, mine), how);
    }
  };
  if (asks('hint')) compare(hintsOf, message => hintsOf(message).slice(0, 1));
  if (asks('second hint')) compare(hintsOf, message => hintsOf(message).slice(1, 2));
  if (asks('undated')) compare(undatedOf, message => hintsOf(message).slice(-1));

  const unmatchedSource = source.map(uidOf).filter(uid => !settled.source.has(uid));
  return {matched, ambiguous, unmatchedSource, sizesTell};
}

type Sized = {
  readonly key: string;
  readonly from: readonly KeyedMessage[];
  readonly to: readonly KeyedMessage[];
  readonly pairs: readonly (readonly [KeyedMessage, KeyedMessage])[];
  /** Sizes are known, and do not agree for all of them. */
  readonly unlike: boolean;
};

/** Each source message with one of the destination: of its size where there is one. */
function pairBySize(key: string, from: readonly KeyedMessage[], to: readonly KeyedMessage[]): Sized {
  const left = [...to];
  const take = (index: number) => left.splice(index === -1 ? 0 : index, 1)[0];
  let unlike = false;
  const pairs: [KeyedMessage, KeyedMessage][] = [];
  for (const message of from) {
    const alike = left.findIndex(other => other.size === message.size);
    const other = take(alike);
    if (other === undefined) continue;
    if (alike === -1 && message.size !== undefined && other.size !== undefined) unlike = true;
    pairs.push([message, other]);
  }
  return {key, from, to, pairs, unlike};
}

/**
 * Both steps for each ground in turn: what is there is rather the message that it is like on better grounds. For each of
 * them again and again: what was compared with the wrong ones may have its like among those that nobody has taken, first
 * of all among those it was not compared with.
 * @param compare the second step: pairs of one content in each group
 * @returns source and destination UID
 */
export async function matchAll(
  ends: Omit<Parameters<typeof matchMessages>[0], 'ground' | 'compared'>,
  compare: (ambiguous: readonly Ambiguous[]) => Promise<readonly (readonly [number, number])[]>,
): Promise<readonly (readonly [number, number])[]> {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  const keys = new Set<string>();
  let sizesTell: boolean | undefined;
  let since: number | undefined;
  for (const ground of inTurn) {
    if (ground === 'key' && found.size === since) continue;
    const uids = new Set<number>();
    for (let [again, onlyNew] = [true, false]; again && found.size < ends.source.length; ) {
      const {matched, ambiguous, ...rest} = matchMessages({
        ...ends,
        ...(sizesTell === undefined ? {} : {sizesTell}),
        ground,
        compared: keys,
        source: ends.source.filter(({uid}) => !found.has(uid)),
        destination: ends.destination.filter(({uid}) => !taken.has(uid) && !(onlyNew && uids.has(uid))),
      });
      sizesTell ??= rest.sizesTell;
      const before = found.size;
      for (const [uid, other] of [...matched, ...(await compare(ambiguous))]) {
        found.set(uid, other);
        taken.add(other);
      }
      for (const {key, destinationUids} of ambiguous) {
        keys.add(key);
        for (const uid of destinationUids) uids.add(uid);
      }
      const progress = found.size > before;
      again = ambiguous.length > 0 && (progress || !onlyNew);
      onlyNew = !progress;
    }
    if (ground === 'key') since = found.size;
  }
  return [...found];
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

/** Those that were sent when one of the others was, as far as that is known. */
function sentAsThese(messages: readonly KeyedMessage[], others: readonly KeyedMessage[]): KeyedMessage[] {
  const times = new Set(others.map(({sentAt}) => sentAt));
  return messages.filter(({sentAt}) => sentAt === undefined || times.has(undefined) || times.has(sentAt));
}

function uidOf(message: KeyedMessage): number {
  return message.uid;
}
