// Where headers cannot tell which messages are the same, their contents do.
import type {Session} from '../imap/session.ts';
import {contentDigest, exactDigest} from '../messages/content.ts';
import {type Ambiguous, type Digests, settleInRounds} from '../messages/match.ts';
import type {FolderWork} from './folder-work.ts';
import {openSource, type Sessions} from './settle.ts';

/** Bytes of a message that are compared: larger ones are equal if these are. */
const compared = 8 * 1024 * 1024;

/** What was read of messages already, by UID. */
export type Read = {readonly exact: Both; readonly content: Both};

export const nothingRead = (): Read => ({exact: bothEnds(), content: bothEnds()});

type Both = {readonly source: Map<number, string>; readonly destination: Map<number, string>};
const bothEnds = (): Both => ({source: new Map(), destination: new Map()});

/** ms since 1970, by UID. */
type Dates = ReadonlyMap<number, number | undefined>;

/**
 * Pairs messages of one content, in each group one to one. The destination folder must be open.
 * @param known.read digests that need not be read; those that are read are added
 * @returns source and destination UID
 * @throws ConnectionLost, ServerRefused, FolderReplaced
 */
export async function pairContents(
  ambiguous: readonly Ambiguous[],
  known: {
    readonly read: Read;
    readonly dates: {readonly source: Dates; readonly destination: Dates};
    /** See Digests in match.ts. */
    readonly rewrites: boolean;
  },
  work: FolderWork,
  sessions: Sessions,
): Promise<readonly (readonly [number, number])[]> {
  const {exact, content} = known.read;
  await read(ambiguous, known.read, work, sessions);
  const dated = ({source, destination}: Both): Digests => ({
    source: withDates(source, known.dates.source),
    destination: withDates(destination, known.dates.destination),
  });
  // Equal copies may differ in their date, and messages of one content in what was noted on their way: those that agree
  // in it belong together.
  return settleInRounds(ambiguous, [
    dated(exact),
    exact,
    dated(content),
    {...content, rewrites: known.rewrites},
  ]);
}

/** Reads what is missing of the digests, one message at a time. */
async function read(
  ambiguous: readonly Ambiguous[],
  {exact, content}: Read,
  work: FolderWork,
  sessions: Sessions,
): Promise<void> {
  const readAt = async (session: Session, uids: readonly number[], end: keyof Both) => {
    for (const uid of uids) {
      const body = (await session.beginning(uid, compared))?.body;
      if (body === undefined) continue;
      exact[end].set(uid, exactDigest(body.bytes));
      content[end].set(uid, contentDigest(body.bytes));
    }
  };
  for (const {sourceUids, destinationUids} of ambiguous) {
    const unknown = sourceUids.filter(uid => !content.source.has(uid));
    if (unknown.length > 0) await openSource(work, sessions);
    await readAt(sessions.source, unknown, 'source');
    await readAt(
      sessions.target,
      destinationUids.filter(uid => !content.destination.has(uid)),
      'destination',
    );
  }
}

function withDates(digests: ReadonlyMap<number, string>, dates: Dates): Map<number, string> {
  return new Map([...digests].map(([uid, digest]) => [uid, `${digest} ${dates.get(uid) ?? ''}`]));
}
