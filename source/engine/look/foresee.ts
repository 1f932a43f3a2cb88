// What can be known before a run by opening the selected folders of the source: their sizes, the messages that the
// destination will refuse, the keywords it does not keep. Read-only, and no message's body.
import type {Request} from '../../request/schema.ts';
import {allowedFlags, chooseFlags} from '../copy/flags.ts';
import type {PlannedFolder} from '../events.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {SearchCriteria} from '../imap/search.ts';
import type {Session} from '../imap/session.ts';
import type {Link} from '../link/link.ts';
import {usualExchangeLimit} from '../messages/explain-refusal.ts';
import {lastly} from '../problems/last-step.ts';
import type {Problem, ProblemCode} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {ForeseenMessages, leastUnfit, tooLarge, type Unfit, unfitByStructure} from './foresee-messages.ts';
import type {Foreseen, InspectedFolder} from './inspection.ts';
import type {Survey} from './survey.ts';

export type Foresight = {
  /** As planned, with the bytes that STATUS did not tell, and what lies within the dates that are asked for. */
  readonly folders: readonly InspectedFolder[];
  readonly foreseen: readonly Foreseen[];
  /** With those that are not named. */
  readonly foreseenInAll: number;
  readonly problems: readonly Problem[];
};

/** ms that a mailbox's messages are looked into at most; 10,000 take a Dovecot about 3 seconds (measured). */
const longestLook = 60_000;
/** Keywords that are counted one by one. */
const mostKeywords = 20;
/** A keyword that a command can name (RFC 9051: an atom). */
const searchable = /^[!#$&'+\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/;
/** Folders named as examples. */
const mostExamples = 3;

/**
 * A folder that cannot be opened is a problem of its own. A server that wants a pause, or goes, ends the look: what it has
 * told by then counts.
 */
export async function foresee(
  found: Survey,
  what: Request,
  links: {source: Link; target: Link},
  now: () => number,
): Promise<Foresight> {
  const look = new Look(found, what, links, now);
  for (const pair of found.pairs) {
    if (look.cutOff) break;
    await look.folder(pair);
  }
  return look.result();
}

class Look {
  readonly #found: Survey;
  readonly #what: Request;
  readonly #links: {source: Link; target: Link};
  readonly #now: () => number;
  readonly #until: number;
  readonly #limit: number | undefined;
  /** Undefined where the destination keeps any keyword, or does not say. Asked for once. */
  #kept: Promise<ReadonlySet<string> | undefined> | undefined;
  readonly #keywords = new Set<string>();
  readonly #keywordCounts = new Map<string, number>();
  readonly #bytes = new Map<number, number>();
  readonly #inDates = new Map<number, NonNullable<InspectedFolder['inDates']>>();
  readonly #messages = new ForeseenMessages();
  readonly #problems: Problem[] = [];
  /** Messages whose structure was not read. */
  #unread = 0;
  /** Those of a server that does not tell it. */
  #untold = 0;
  #asking = 0;
  /** The source is asked nothing more. */
  cutOff = false;

  constructor(found: Survey, what: Request, links: {source: Link; target: Link}, now: () => number) {
    this.#found = found;
    this.#what = what;
    this.#links = links;
    this.#now = now;
    this.#until = now() + longestLook;
    const {target} = found.sessions;
    this.#limit = target.signedIn.appendLimit ?? (target.exchange ? usualExchangeLimit : undefined);
  }

  /** What Exchange refuses is in no Exchange: what comes from one was taken by it, and it answers slowly. */
  get #looksInside(): boolean {
    const {source, target} = this.#found.sessions;
    return target.exchange && !source.exchange;
  }

  #enough = () => this.#now() >= this.#until;

  async folder({folder, shown, source: mailbox}: Survey['pairs'][number]): Promise<void> {
    const {source, target} = this.#found.sessions;
    const planned = this.#found.planned[folder];
    // One that the server does not count is opened: most likely the run cannot open it either.
    if (planned === undefined || (planned.messages === 0 && mailbox.status !== undefined)) {
      this.#bytes.set(folder, 0);
      if (this.#isDated) this.#inDates.set(folder, {messages: 0, bytes: 0});
      return;
    }
    this.#kept ??= this.#keptThere(target);
    const kept = await this.#kept;
    const mayHold = (bytes: number | undefined) =>
      bytes !== undefined && (planned.bytes === undefined || planned.bytes > bytes);
    const inside = this.#looksInside && mayHold(leastUnfit);
    const measured = planned.bytes !== undefined && !this.#isDated;
    if (measured && !mayHold(this.#limit) && !inside && kept === undefined) return;
    try {
      const {flags} = await source.examine(mailbox.name, mailbox.wire);
      if (kept !== undefined) await this.#countKeywords(flags, kept);
      if (!measured) await this.#measure(planned);
      const large = await this.#largerThan(mayHold(this.#limit) ? this.#limit : undefined);
      const unfit: Unfit[] = large.map(uid => ({uid, why: tooLarge(this.#limit ?? 0)}));
      if (inside) {
        const skipped = new Set(large);
        const candidates = (await this.#largerThan(leastUnfit)).filter(uid => !skipped.has(uid));
        unfit.push(...(await this.#lookInside(candidates)));
      }
      await this.#messages.add(source, shown, unfit);
      if (this.#looksInside && !this.#enough())
        this.#asking += (await this.#count({seenWith: 'Disposition-Notification-To'})) ?? 0;
    } catch (error) {
      if (isEnd(error)) {
        this.cutOff = true;
        this.#endsAt(error, this.#links.source, shown);
        return;
      }
      if (!(error instanceof ServerRefused)) throw error;
      const why = this.#links.source.problem(error, 'other', {folder: shown});
      this.#problems.push({...lastly(why), verdict: 'skip'});
    }
  }

  /** Says so once for each end: a check waits for no pause, and connects once. @param folder for people */
  #endsAt(error: ServerRefused | ConnectionLost, link: Link, folder?: string): void {
    const {sentence, code, detail} = link.problem(error, 'other');
    const about = {why: sentence, pause: code === 'throttled', ...(folder === undefined ? {} : {folder})};
    this.#problems.push(problem('look-cut-off', about, detail === undefined ? {} : {detail}));
  }

  /** What is in the folders is the source's to tell. */
  async #keptThere(target: Session): Promise<ReadonlySet<string> | undefined> {
    try {
      return await keptFlags(target);
    } catch (error) {
      if (!isEnd(error)) throw error;
      this.#endsAt(error, this.#links.target);
      return undefined;
    }
  }

  get #isDated(): boolean {
    return Object.keys(datesOf(this.#what)).length > 0;
  }

  /** The bytes that STATUS did not tell; and as the run will, by SEARCH, what lies within the dates, with its sizes. */
  async #measure({folder, bytes}: PlannedFolder): Promise<void> {
    const {source} = this.#found.sessions;
    const wanted = this.#isDated ? await source.search(datesOf(this.#what)) : [];
    // UIDs rise as mail arrives: of a folder of which the newest is wanted, little else is asked for.
    const from = bytes === undefined ? 1 : wanted[0];
    const sizes = from === undefined ? new Map<number, number>() : await source.sizes(from);
    if (bytes === undefined) this.#bytes.set(folder, sum(sizes.values()));
    if (this.#isDated)
      this.#inDates.set(folder, {
        messages: wanted.length,
        bytes: sum(wanted.map(uid => sizes.get(uid) ?? 0)),
      });
  }

  async #largerThan(bytes: number | undefined): Promise<readonly number[]> {
    if (bytes === undefined) return [];
    const {source} = this.#found.sessions;
    const dates = datesOf(this.#what);
    try {
      return await source.search({...dates, larger: bytes});
    } catch (error) {
      if (!isUnable(error)) throw error;
      // A server that does not search by size tells the sizes.
      const sizes = await source.sizes();
      const inside = Object.keys(dates).length === 0 ? undefined : new Set(await source.search(dates));
      return [...sizes].flatMap(([uid, size]) => (size > bytes && inside?.has(uid) !== false ? [uid] : []));
    }
  }

  async #lookInside(uids: readonly number[]): Promise<readonly Unfit[]> {
    try {
      const {unfit, left} = await unfitByStructure(
        this.#found.sessions.source,
        uids,
        this.#what,
        this.#enough,
      );
      this.#unread += left;
      return unfit;
    } catch (error) {
      // A server that does not tell it is read all the same.
      if (!isUnable(error)) throw error;
      this.#untold += uids.length;
      return [];
    }
  }

  /** A server's list of a folder's keywords holds those that no message has any more. */
  async #countKeywords(flags: readonly string[], kept: ReadonlySet<string>): Promise<void> {
    if (this.#found.sessions.source.exchange) return;
    const dropped = chooseFlags(flags, kept).dropped.filter(flag => searchable.test(flag));
    for (const keyword of dropped.slice(0, mostKeywords)) {
      const count = await this.#count({keyword});
      if (count === 0) continue;
      this.#keywords.add(keyword);
      if (count !== undefined)
        this.#keywordCounts.set(keyword, (this.#keywordCounts.get(keyword) ?? 0) + count);
    }
  }

  /** Undefined where the server does not search for it. */
  async #count(criteria: SearchCriteria): Promise<number | undefined> {
    try {
      return (await this.#found.sessions.source.search({...datesOf(this.#what), ...criteria})).length;
    } catch (error) {
      if (isUnable(error)) return undefined;
      throw error;
    }
  }

  result(): Foresight {
    const found = this.#found;
    const problems = [...this.#problems, ...this.#messageProblems()];
    const keywords = [...this.#keywords].sort();
    if (keywords.length > 0)
      problems.push(problem('keywords-dropped', {keywords, counts: this.#keywordCounts}, {scope: 'mailbox'}));
    const folders = found.planned.map((folder): InspectedFolder => {
      const bytes = this.#bytes.get(folder.folder);
      const inDates = this.#inDates.get(folder.folder);
      // There may be a hundred thousand of them.
      if (inDates === undefined) return bytes === undefined ? folder : {...folder, bytes};
      return {...folder, ...(bytes === undefined ? {} : {bytes}), inDates};
    });
    const renamed = folders.filter(folder => folder.selected && folder.notes.length > 0);
    if (renamed.length > 0)
      problems.push(
        problem('folder-names-changed', {
          folders: renamed.length,
          examples: renamed
            .slice(0, mostExamples)
            .map(({source, destination}) => `${source} -> ${destination}`),
        }),
      );
    const free = found.freeBytes;
    const all = sum(
      folders
        .filter(({selected}) => selected)
        .map(({bytes, inDates}) => (this.#isDated ? inDates?.bytes : bytes) ?? 0),
    );
    if (free !== undefined && all > free) problems.push(problem('destination-too-small', {bytes: all, free}));
    if (this.#looksInside) problems.push(problem('forecast-bounds', {}));
    if (found.sessions.source.exchange)
      problems.push(
        problem('exchange-source-settings', {login: this.#links.source.login}),
        problem('exchange-slash-folders', {}),
      );
    const {named, inAll} = this.#messages;
    return {folders, foreseen: named, foreseenInAll: inAll, problems};
  }

  #messageProblems(): Problem[] {
    const count = (code: ProblemCode) => this.#messages.counts.get(code) ?? 0;
    const large = count('message-too-large');
    const unfit = {
      parts: count('message-too-many-parts'),
      deep: count('message-too-deep'),
      lines: count('message-line-too-long'),
    };
    const assumed = this.#found.sessions.target.signedIn.appendLimit === undefined;
    const {login} = this.#links.target;
    const about = {messages: large, limit: this.#limit ?? 0, assumed, login};
    return [
      ...(large === 0 ? [] : [problem('messages-too-large', about)]),
      ...(unfit.parts + unfit.deep + unfit.lines === 0 ? [] : [problem('messages-unfit', unfit)]),
      ...(this.#unread === 0 ? [] : [problem('forecast-cut', {messages: this.#unread})]),
      ...(this.#untold === 0 ? [] : [problem('forecast-cut', {messages: this.#untold, untold: true})]),
      ...(this.#asking === 0
        ? []
        : [problem('receipts-asked', {messages: this.#asking}, {scope: 'mailbox'})]),
    ];
  }
}

/** The flags the destination keeps; undefined where it keeps any keyword, or does not say. */
async function keptFlags(target: Session): Promise<ReadonlySet<string> | undefined> {
  try {
    const {permanentFlags = [], flags} = await target.examine('INBOX');
    // Opened read-only some servers call no flag permanent; then what they know is what they keep.
    const kept = permanentFlags.length === 0 ? (target.exchange ? flags : []) : permanentFlags;
    return kept.length === 0 || kept.includes('\\*') ? undefined : allowedFlags(kept, target.exchange);
  } catch (error) {
    if (isUnable(error)) return undefined;
    throw error;
  }
}

/** The server wants to be left alone, or has gone. */
function isEnd(error: unknown): error is ServerRefused | ConnectionLost {
  if (error instanceof ConnectionLost) return true;
  return error instanceof ServerRefused && error.throttleReset !== undefined;
}

/** It does not do what it was asked for. */
function isUnable(error: unknown): boolean {
  return error instanceof ServerRefused && !isEnd(error);
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
}

function datesOf({since, before}: Request): {since?: string; before?: string} {
  return {...(since === undefined ? {} : {since}), ...(before === undefined ? {} : {before})};
}
