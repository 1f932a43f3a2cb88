// Where headers cannot tell which messages are the same, their contents do.
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import {settleByNumber, settleInRounds, without} from '../messages/by-content.ts';
import type {Ends} from '../messages/by-headers.ts';
import {beginningDigest, contentDigests, exactDigest} from '../messages/content.ts';
import {isOther, type Likeness, likenessOf} from '../messages/likeness.ts';
import type {Ambiguous} from '../messages/match.ts';
import type {FolderWork} from './folder-work.ts';
import {openSource, type Sessions} from './open-ends.ts';

/** Bytes of a message that are compared: larger ones are equal if these are. */
const compared = 8 * 1024 * 1024;
/** Messages on their way together, as long as all of them have no more bytes than one may have. */
const togetherAtMost = 8;

/** What is kept of a text that was read: little, and nothing that anybody could read. */
export type Text = {
  readonly exact: string;
  readonly content: string;
  readonly loose: string;
  readonly beginning?: string;
  readonly likeness?: Likeness;
  /** Its likeness was asked for: where it has none, there is none. */
  readonly anew: boolean;
};

/** By UID. */
export type KeptTexts = Both<Text>;

/** What is known of messages in one comparison, by UID. */
export type Read = {
  readonly exact: Both<string>;
  readonly content: Both<string>;
  readonly loose: Both<string>;
  readonly likeness: Both<Likeness>;
  /** Of those that are not compared whole, at this end or with other line endings. */
  readonly beginning: Both<string>;
  /** Those that were asked for, and that the server does not send: once is enough. */
  readonly ungiven: {readonly source: Set<number>; readonly destination: Set<number>};
  /** Texts that need not be read again; those that are read are added. */
  readonly kept: KeptTexts;
};

/** @param kept what was read before a connection went, where that counts */
export const nothingRead = (kept: KeptTexts = bothEnds()): Read => ({
  ...{exact: bothEnds(), content: bothEnds()},
  ...{loose: bothEnds(), likeness: bothEnds(), beginning: bothEnds()},
  ungiven: {source: new Set(), destination: new Set()},
  kept,
});

type Both<Known> = {readonly source: Map<number, Known>; readonly destination: Map<number, Known>};
const bothEnds = <Known>(): Both<Known> => ({source: new Map(), destination: new Map()});

/** By Exchange: not at all, when it is read at one of the ends, or already when the destination stores it. */
export type Anew = 'never' | 'read' | 'stored';

type Pairs = readonly (readonly [number, number])[];

/** ms since 1970, by UID. */
type Dates = ReadonlyMap<number, number | undefined>;

/**
 * Pairs messages of one content, in each group one to one. The destination folder must be open.
 * @param known.read digests that need not be read; those that are read are added
 * @returns source and destination UID: of those that are the same, and of those that nothing tells apart but that they
 * do not read alike
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function pairContents(
  ambiguous: readonly Ambiguous[],
  known: {
    readonly read: Read;
    readonly ends: Ends;
    readonly dates: {readonly source: Dates; readonly destination: Dates};
    readonly anew: Anew;
  },
  work: FolderWork,
  sessions: Sessions,
): Promise<{readonly same: Pairs; readonly taken: Pairs}> {
  const {anew, ends, dates} = known;
  const {exact, content, loose, likeness, beginning} = known.read;
  const reading = {known: known.read, anew: anew !== 'never'};
  await read(ambiguous, 'content', reading, work, sessions);
  const byContent = [{digests: exact, bytes: true as const}, {digests: content}];
  const same = [...settleInRounds(ambiguous, byContent, ends, dates)];
  const left = without(ambiguous, same);
  if (left.length === 0) return {same, taken: []};
  // Of what a digest was kept the rest is read only now.
  await read(left, 'loose', reading, work, sessions);
  const alike = {source: alikeIn(likeness.source), destination: alikeIn(likeness.destination)};
  const byLikeness = [{digests: loose}, {digests: alike}, {digests: beginning}];
  same.push(...settleInRounds(left, byLikeness, ends, dates));
  if (anew !== 'stored') return {same, taken: []};
  const areOther = (mine: number, theirs: number) =>
    isOther(likeness.source.get(mine), likeness.destination.get(theirs));
  return {same, taken: settleByNumber(without(left, same), areOther)};
}

/** Reads the messages of these groups, but for what is read already. The destination folder must be open. */
export function readContents(
  groups: readonly Ambiguous[],
  known: Read,
  work: FolderWork,
  sessions: Sessions,
): Promise<void> {
  return read(groups, 'content', {known, anew: false}, work, sessions);
}

/** Bytes by UID, about. */
type Sizes = ReadonlyMap<number, number>;

/** Reads what is not known yet by that digest. */
async function read(
  ambiguous: readonly Ambiguous[],
  by: 'content' | 'loose',
  {known, anew}: {readonly known: Read; readonly anew: boolean},
  work: FolderWork,
  sessions: Sessions,
): Promise<void> {
  const source = new Map<number, number>();
  const destination = new Map<number, number>();
  for (const {sourceUids, destinationUids} of ambiguous) {
    const sizes = sourceUids.map(uid => work.sizes.get(uid) ?? compared);
    for (const [index, uid] of sourceUids.entries()) source.set(uid, sizes[index] ?? compared);
    // What may be the same has about the same size.
    const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
    for (const uid of destinationUids) destination.set(uid, largest);
  }
  const toRead = (sizes: Sizes, end: keyof KeptTexts) => {
    const unread = new Map<number, number>();
    for (const [uid, size] of sizes) {
      if (known[by][end].has(uid) || known.ungiven[end].has(uid)) continue;
      const text = known.kept[end].get(uid);
      if (text === undefined || (anew && !text.anew)) unread.set(uid, size);
      else note(uid, text, known, end);
    }
    return unread;
  };
  const failures: unknown[] = [];
  const readAt = async (session: Session, sizes: Sizes, end: keyof KeptTexts) => {
    for (const uids of together(sizes, session.exchange ? 1 : togetherAtMost)) {
      if (failures.length > 0) return;
      const given = await beginnings(session, uids);
      for (const uid of uids) known.ungiven[end].add(uid);
      for (const [uid, bytes] of given) {
        known.ungiven[end].delete(uid);
        const text = textOf(bytes, anew);
        known.kept[end].set(uid, text);
        note(uid, text, known, end);
      }
    }
  };
  const [mine, theirs] = [toRead(source, 'source'), toRead(destination, 'destination')];
  if (mine.size > 0) await openSource(work, sessions);
  const failed = (error: unknown) => failures.push(error);
  // Neither end is read on when the other has failed: soon another folder may be open there, and its texts would be kept.
  await Promise.all([
    readAt(sessions.source, mine, 'source').catch(failed),
    readAt(sessions.target, theirs, 'destination').catch(failed),
  ]);
  if (failures.length > 0) throw failures[0];
}

function textOf(bytes: Uint8Array, anew: boolean): Text {
  const beginning = beginningDigest(bytes, compared);
  // What is cut off reads otherwise where it is encoded otherwise.
  const likeness = anew && bytes.length < compared ? likenessOf(bytes) : undefined;
  return {
    ...{exact: exactDigest(bytes), ...contentDigests(bytes), anew},
    ...(beginning === undefined ? {} : {beginning}),
    ...(likeness === undefined ? {} : {likeness}),
  };
}

function note(uid: number, text: Text, known: Read, end: keyof KeptTexts): void {
  for (const digest of ['exact', 'content', 'loose'] as const) known[digest][end].set(uid, text[digest]);
  if (text.beginning !== undefined) known.beginning[end].set(uid, text.beginning);
  if (text.likeness !== undefined) known.likeness[end].set(uid, text.likeness);
}

/** Which messages are read together. */
function* together(sizes: Sizes, atMost: number): Generator<readonly number[]> {
  let uids: number[] = [];
  let bytes = 0;
  for (const [uid, size] of sizes) {
    if (uids.length > 0 && (uids.length >= atMost || bytes + size > compared)) {
      yield uids;
      uids = [];
      bytes = 0;
    }
    uids.push(uid);
    bytes += size;
  }
  if (uids.length > 0) yield uids;
}

/** As much of each message as is compared; without those that the server does not send. */
async function beginnings(
  session: Session,
  uids: readonly number[],
): Promise<readonly (readonly [number, Uint8Array])[]> {
  const beginning = (uid: number) => session.beginning(uid, compared).catch(unlessOfOne);
  const all = await Promise.all(uids.map(beginning));
  const found: (readonly [number, Uint8Array])[] = [];
  for (const [index, uid] of uids.entries()) {
    // A server that names a message behind its bytes is understood only where it is asked for nothing else.
    const message = all[index] ?? (uids.length === 1 ? undefined : await beginning(uid));
    if (message?.body !== undefined) found.push([uid, message.body.bytes]);
  }
  return found;
}

/** A message that the server refuses to send keeps no other from being compared. */
function unlessOfOne(error: unknown): undefined {
  const refused = error instanceof ServerRefused && error.responseStatus === 'NO' ? error : undefined;
  if (refused === undefined || refused.throttleReset !== undefined || refused.inDoubt || refused.folderGone)
    throw error;
}

function alikeIn(likenesses: ReadonlyMap<number, Likeness>): Map<number, string> {
  return new Map([...likenesses].flatMap(([uid, {all}]) => (all === undefined ? [] : [[uid, all] as const])));
}
