// The messages of one folder that the destination will refuse, as far as that can be seen without fetching them: by
// their size, and by what they are made of.
import type {Request} from '../../request/schema.ts';
import {nameOf} from '../copy/message-row.ts';
import {internalDateMs} from '../imap/internal-date.ts';
import {emptyLiteral} from '../imap/literal.ts';
import type {Session} from '../imap/session.ts';
import {structuresOf} from '../imap/structures.ts';
import {exchangeLimits} from '../messages/examine.ts';
import {displayFields, parseHeaders} from '../messages/headers.ts';
import {mendKinds} from '../messages/mend.ts';
import {type Problem, problem} from '../problems/problems.ts';
import {type Foreseen, mostForeseen} from './inspection.ts';

/**
 * Bytes of a message below which 251 parts or 31 messages in each other have no room: a part has a boundary and most
 * often a header, a message a few fields.
 */
export const leastUnfit = 8 * 1024;
/** Structures asked for in one command, so that the time that is left is looked at in between. */
const structuresAtOnce = 500;
const namesAtOnce = 100;

/** Why a message will be refused; told the size once it is known. */
export type Unfit = {readonly uid: number; readonly why: (size: number | undefined) => Problem};

/** Collects them: all are counted, the first ones named. */
export class ForeseenMessages {
  readonly named: Foreseen[] = [];
  readonly counts = new Map<string, number>();
  inAll = 0;

  /** @param source with the folder open @param folder for people */
  async add(source: Session, folder: string, unfit: readonly Unfit[]): Promise<void> {
    const why = new Map(unfit.map(each => [each.uid, each.why]));
    this.inAll += why.size;
    for (const each of why.values()) {
      const {code} = each(undefined);
      this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    }
    const uids = [...why.keys()].slice(0, mostForeseen - this.named.length);
    for (let at = 0; at < uids.length; at += namesAtOnce) {
      const some = uids.slice(at, at + namesAtOnce);
      const headers = await source.headers(some, ['SUBJECT', 'DATE', 'FROM', 'MESSAGE-ID']);
      for (const {uid, internalDate, size, body} of headers) {
        const reason = why.get(uid)?.(size);
        if (reason === undefined) continue;
        const date = internalDateMs(internalDate);
        const about = {
          ...(size === undefined ? {} : {size}),
          ...(date === undefined ? {} : {date}),
          ...displayFields(parseHeaders((body ?? emptyLiteral).bytes)),
        };
        const message = nameOf({uid, ...about});
        this.named.push({folder, message, problem: reason});
      }
    }
  }
}

export function tooLarge(limit: number): Unfit['why'] {
  return size => problem('message-too-large', {size: size ?? limit, limit});
}

export type Structures = {readonly unfit: readonly Unfit[]; readonly left: number};

/**
 * What messages of the open folder are made of, held against what Exchange takes.
 * @param uids of those where it can matter
 * @param enough asked between two commands: true where the time is up
 */
export async function unfitByStructure(
  source: Session,
  uids: readonly number[],
  {repair}: Pick<Request, 'repair'>,
  enough: () => boolean,
): Promise<Structures> {
  const unfit: Unfit[] = [];
  const mendsLines = repair !== undefined && mendKinds[repair].includes('lines');
  for (let at = 0; at < uids.length; at += structuresAtOnce) {
    if (enough()) return {unfit, left: uids.length - at};
    const found = await structuresOf(source, uids.slice(at, at + structuresAtOnce));
    for (const [uid, {parts, depth, longestLine}] of found) {
      const {parts: mostParts, depth: deepest, line} = exchangeLimits;
      if (parts > mostParts)
        unfit.push({uid, why: () => problem('message-too-many-parts', {parts, most: mostParts})});
      else if (depth > deepest)
        unfit.push({uid, why: () => problem('message-too-deep', {depth, most: deepest})});
      else if (longestLine > line && !mendsLines)
        unfit.push({
          uid,
          why: () => problem('message-line-too-long', {bytes: longestLine, most: line, atLeast: true}),
        });
    }
  }
  return {unfit, left: 0};
}
