// Where headers cannot tell which messages are the same, their contents do.
import type {Session} from '../imap/session.ts';
import {contentDigest} from '../messages/content.ts';
import {type Ambiguous, settleAmbiguous} from '../messages/match.ts';
import type {FolderWork} from './folder-work.ts';
import {openSource, type Sessions} from './settle.ts';

/** Bytes of a message that are compared: larger ones are equal if these are. */
const compared = 8 * 1024 * 1024;

/** ms since 1970, by UID. */
type Dates = ReadonlyMap<number, number | undefined>;

/**
 * Pairs messages of one content, in each group one to one. The destination folder must be open.
 * @param known content digests of source messages that need not be read
 * @returns source and destination UID
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function pairContents(
  ambiguous: readonly Ambiguous[],
  known: {
    readonly digests: ReadonlyMap<number, string>;
    readonly dates: {readonly source: Dates; readonly destination: Dates};
    /** See Digests in match.ts. */
    readonly rewrites: boolean;
  },
  work: FolderWork,
  sessions: Sessions,
): Promise<readonly (readonly [number, number])[]> {
  const contents = await contentsOf(ambiguous, known.digests, work, sessions);
  // Equal copies may differ in their date: those that agree in it belong together.
  const dated = {
    source: withDates(contents.source, known.dates.source),
    destination: withDates(contents.destination, known.dates.destination),
  };
  const first = settleAmbiguous(ambiguous, dated).matched;
  return [
    ...first,
    ...settleAmbiguous(without(ambiguous, first), {...contents, rewrites: known.rewrites}).matched,
  ];
}

/** Content digests, fetched one message at a time. */
async function contentsOf(
  ambiguous: readonly Ambiguous[],
  known: ReadonlyMap<number, string>,
  work: FolderWork,
  sessions: Sessions,
): Promise<{source: Map<number, string>; destination: Map<number, string>}> {
  const contents = {source: new Map<number, string>(), destination: new Map<number, string>()};
  const read = async (session: Session, uids: readonly number[], into: Map<number, string>) => {
    for (const uid of uids) {
      const body = (await session.beginning(uid, compared))?.body;
      if (body !== undefined) into.set(uid, contentDigest(body.bytes));
    }
  };
  for (const group of ambiguous) {
    const unknown: number[] = [];
    for (const uid of group.sourceUids) {
      const digest = known.get(uid);
      if (digest === undefined) unknown.push(uid);
      else contents.source.set(uid, digest);
    }
    if (unknown.length > 0) await openSource(work, sessions);
    await read(sessions.source, unknown, contents.source);
    await read(sessions.target, group.destinationUids, contents.destination);
  }
  return contents;
}

function withDates(digests: ReadonlyMap<number, string>, dates: Dates): Map<number, string> {
  return new Map([...digests].map(([uid, digest]) => [uid, `${digest} ${dates.get(uid) ?? ''}`]));
}

/** The groups without what is matched already. */
function without(
  groups: readonly Ambiguous[],
  matched: readonly (readonly [number, number])[],
): readonly Ambiguous[] {
  const source = new Set(matched.map(([uid]) => uid));
  const destination = new Set(matched.map(([, uid]) => uid));
  return groups.map(group => ({
    key: group.key,
    sourceUids: group.sourceUids.filter(uid => !source.has(uid)),
    destinationUids: group.destinationUids.filter(uid => !destination.has(uid)),
  }));
}
