// What an open folder holds. A list that names fewer messages than the server has said there are is not believed: a
// search by IMAP4rev2 may be answered without its list (Exchange's is, quirk `rev2Search`), and what is not named would
// count as gone.
import type {End} from '../events.ts';
import type {OpenMailbox} from '../imap/mailbox.ts';
import type {Session} from '../imap/session.ts';
import {type Problem, problem} from '../problems/problems.ts';
import type {FolderPair} from './folder-pair.ts';
import {FolderReplaced} from './open-ends.ts';

/** Times that a folder is listed anew: mail may go while it is. */
export const mostAsked = 3;

/** An end does not show what a folder holds: the folder fails before anything of it is there twice, or taken for deleted. */
export abstract class LeftOut extends Error {
  abstract why(pair: FolderPair): Problem;
}

/** However often it is asked, a server names fewer messages than it says there are. */
export class ListedInPart extends LeftOut {
  readonly #end: End;
  readonly #listed: number;
  readonly #expected: number;

  constructor(end: End, listed: number, expected: number) {
    super(`The ${end} lists ${listed} of ${expected} messages`);
    this.name = 'ListedInPart';
    this.#end = end;
    this.#listed = listed;
    this.#expected = expected;
  }

  why({shown, destination}: FolderPair): Problem {
    const folder = this.#end === 'source' ? shown : destination;
    return problem('folder-incomplete', {
      end: this.#end,
      folder,
      listed: this.#listed,
      expected: this.#expected,
    });
  }
}

/**
 * How many of the messages were there when the folder was opened: one that has come since makes up for none that is not named.
 * @param uidNext the UID that the next message was to get then; 0 where the server did not say
 * @param before UIDs that were named before it was opened: they were there, also where the server says less than they are
 */
export function countHeld(
  uids: Iterable<number>,
  uidNext: number,
  before: ReadonlySet<number> = new Set(),
): number {
  let held = 0;
  for (const uid of uids) if (uidNext === 0 || uid < uidNext || before.has(uid)) held++;
  return held;
}

/**
 * UIDs of the messages in the open folder, ascending.
 * @param opened as many are there at least, from `from` on, unless some have gone since
 * @param from the first UID that counts
 * @throws ListedInPart, FolderReplaced, ConnectionLost, ServerRefused
 */
export async function listWhole(
  session: Session,
  opened: Pick<OpenMailbox, 'exists' | 'uidNext'>,
  from = 1,
): Promise<readonly number[]> {
  const isAsked = (uid: number) => uid >= from;
  // 'n:*' names the last message, whatever its UID (RFC 9051 section 9, seq-range). 0, which is none, comes of a server
  // that tells no UIDNEXT.
  const listed = (await session.search(from <= 1 ? {} : {uids: `${from}:*`})).filter(isAsked);
  const isWhole = countHeld(listed, opened.uidNext) >= opened.exists;
  return isWhole ? listed : (await listAnew(session, listed)).filter(isAsked);
}

/**
 * Opens the folder anew and asks for all that is in it, in both ways that there are.
 * @param named UIDs that it has named already
 * @throws as above
 */
export async function listAnew(session: Session, named: readonly number[] = []): Promise<readonly number[]> {
  const numbering = session.openValidity;
  let before: ReadonlySet<number> = new Set(named);
  for (let asked = 1; ; asked++) {
    const {exists, uidNext, uidValidity} = await session.reopen();
    if (uidValidity !== numbering) throw new FolderReplaced(session.wire.end);
    const all = new Set(await session.search({}));
    if (countHeld(all, uidNext, before) < exists)
      for (const uid of (await session.sizes()).keys()) all.add(uid);
    const held = countHeld(all, uidNext, before);
    if (held >= exists) return [...all].sort((one, other) => one - other);
    if (asked === mostAsked) throw new ListedInPart(session.wire.end, held, exists);
    before = all;
  }
}
