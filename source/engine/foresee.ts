// What can be known before a run by opening the selected folders of the source: their sizes, the messages that are
// larger than the destination takes, the keywords it does not keep. Read-only, and no message's body.
import type {Request} from '../request/schema.ts';
import {allowedFlags, chooseFlags} from './copy/flags.ts';
import type {Link} from './copy/link.ts';
import {nameOf} from './copy/message-row.ts';
import type {PlannedFolder} from './events.ts';
import {ServerRefused} from './imap/errors.ts';
import {emptyLiteral} from './imap/literal.ts';
import {internalDateMs} from './imap/responses.ts';
import type {Session} from './imap/session.ts';
import {type Foreseen, mostForeseen} from './inspection.ts';
import {usualExchangeLimit} from './messages/explain-refusal.ts';
import {displayFields, parseHeaders} from './messages/headers.ts';
import type {Problem} from './problems.ts';
import {problem} from './problems.ts';
import type {Survey} from './survey.ts';

export type Foresight = {
  /** As planned, with the bytes that STATUS did not tell. */
  readonly folders: readonly PlannedFolder[];
  readonly foreseen: readonly Foreseen[];
  readonly problems: readonly Problem[];
};

/** @throws ConnectionLost; a folder that cannot be opened is a problem of its own */
export async function foresee(
  found: Survey,
  what: Request,
  links: {source: Link; target: Link},
): Promise<Foresight> {
  const {source, target} = found.sessions;
  const told = target.signedIn.appendLimit;
  const limit = told ?? (target.exchange ? usualExchangeLimit : undefined);
  const permanent = await keptFlags(target);
  const keywords = new Set<string>();
  const bytes = new Map<number, number>();
  const foreseen: Foreseen[] = [];
  const problems: Problem[] = [];
  let tooLarge = 0;

  for (const {folder, shown, source: mailbox} of found.pairs) {
    const planned = found.planned[folder];
    if (planned === undefined || planned.messages === 0) {
      if (planned !== undefined) bytes.set(folder, 0);
      continue;
    }
    const mayHoldLarge = limit !== undefined && (planned.bytes === undefined || planned.bytes > limit);
    if (planned.bytes !== undefined && !mayHoldLarge && permanent === undefined) continue;
    try {
      const {flags} = await source.examine(mailbox.name, mailbox.wire);
      if (permanent !== undefined)
        for (const keyword of chooseFlags(flags, allowedFlags(permanent, target.exchange)).dropped)
          if (!keyword.startsWith('\\')) keywords.add(keyword);
      let large: readonly number[] = [];
      if (planned.bytes === undefined) {
        const {uids, sizes} = await source.sizes();
        bytes.set(
          folder,
          sizes.reduce((all, size) => all + size, 0),
        );
        if (limit !== undefined) large = uids.filter((_, index) => (sizes[index] ?? 0) > limit);
        if (large.length > 0 && isFiltered(what)) large = await withinDates(source, what, large);
      } else if (mayHoldLarge) large = await source.search({...datesOf(what), larger: limit});
      tooLarge += large.length;
      foreseen.push(
        ...(await named(source, shown, large.slice(0, mostForeseen - foreseen.length), limit ?? 0)),
      );
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      problems.push({...links.source.problem(error, 'other', {folder: shown}), verdict: 'skip'});
    }
  }

  if (tooLarge > 0 && limit !== undefined)
    problems.push(
      problem('messages-too-large', {
        messages: tooLarge,
        limit,
        assumed: told === undefined,
        login: links.target.login,
      }),
    );
  if (keywords.size > 0)
    problems.push(problem('keywords-dropped', {keywords: [...keywords].sort()}, {scope: 'mailbox'}));
  const folders = found.planned.map(folder => {
    const known = bytes.get(folder.folder);
    return known === undefined ? folder : {...folder, bytes: known};
  });
  const free = found.freeBytes;
  const all = folders.reduce((sum, each) => sum + (each.selected ? (each.bytes ?? 0) : 0), 0);
  if (free !== undefined && all > free && !isFiltered(what))
    problems.push(problem('destination-too-small', {bytes: all, free}));
  if (source.exchange)
    problems.push(
      problem('exchange-source-settings', {login: links.source.login}),
      problem('exchange-slash-folders', {}),
    );
  return {folders, foreseen, problems};
}

/** The flags the destination keeps; undefined where it keeps any keyword, or does not say. */
async function keptFlags(target: Session): Promise<readonly string[] | undefined> {
  try {
    const {permanentFlags, flags} = await target.examine('INBOX');
    // Opened read-only some servers call no flag permanent; then what they know is what they keep.
    const kept = permanentFlags.length === 0 ? (target.exchange ? flags : []) : permanentFlags;
    return kept.length === 0 || kept.includes('\\*') ? undefined : kept;
  } catch (error) {
    if (error instanceof ServerRefused) return undefined;
    throw error;
  }
}

async function named(
  source: Session,
  folder: string,
  uids: readonly number[],
  limit: number,
): Promise<Foreseen[]> {
  if (uids.length === 0) return [];
  const headers = await source.headers(uids, ['SUBJECT', 'DATE', 'FROM', 'MESSAGE-ID']);
  return headers.map(({uid, internalDate, size, body}) => {
    const date = internalDateMs(internalDate);
    return {
      folder,
      message: nameOf({
        uid,
        state: 'failed',
        strong: false,
        run: '',
        ...(size === undefined ? {} : {size}),
        ...(date === undefined ? {} : {date}),
        ...displayFields(parseHeaders((body ?? emptyLiteral).bytes)),
      }),
      problem: problem('message-too-large', {size: size ?? limit, limit}),
    };
  });
}

const isFiltered = ({since, before}: Request) => since !== undefined || before !== undefined;

function datesOf({since, before}: Request): {since?: string; before?: string} {
  return {...(since === undefined ? {} : {since}), ...(before === undefined ? {} : {before})};
}

async function withinDates(
  source: Session,
  what: Request,
  uids: readonly number[],
): Promise<readonly number[]> {
  const inside = new Set(await source.search(datesOf(what)));
  return uids.filter(uid => inside.has(uid));
}
