// One folder on its way: where it stands, and what is left of it. What became of its messages is in its tally, what is known
// of single ones in its mail.
import type {Emit, FolderState} from '../events.ts';
import type {Into} from '../imap/append.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {OpenMailbox} from '../imap/session.ts';
import type {FinishedMark, LedgerFolder} from '../ledger/ledger.ts';
import type {Problem} from '../problems/problems.ts';
import {Batches, BatchSize} from './batches.ts';
import {FolderMail} from './folder-mail.ts';
import type {FolderPair} from './folder-pair.ts';
import {FolderTally} from './folder-tally.ts';
import {Opening} from './suspicion.ts';
import type {ListedInPart} from './whole-list.ts';

const noSizes: ReadonlyMap<number, number> = new Map();

export class FolderWork {
  #pair: FolderPair;
  readonly #request: number;
  readonly #emit: Emit;
  readonly tally: FolderTally;
  #ledgerFolder: LedgerFolder | undefined;
  /** As the destination folder stands; undefined where it is yet to be created. */
  destinationStatus: MailboxStatus | undefined;
  /**
   * How many messages the destination folder was said to hold when nothing of it was looked at; undefined once it has been
   * looked at, or has said the same of itself when it was opened. Until then nothing goes there.
   */
  unopened: number | undefined;
  /** Source UIDs the request asks for, ascending. */
  selected: readonly number[] = [];
  /** RFC822.SIZE by UID, of all messages in the source folder. */
  sizes: ReadonlyMap<number, number> = noSizes;
  /** INTERNALDATE by UID, ms since 1970, where the newest mail is to go first. */
  arrived: ReadonlyMap<number, number> | undefined;
  /** Of the source folder, as it was counted. */
  sourceUidValidity = 0;
  /**
   * How many messages the source folder had below which UID when it was counted; what came later is not selected. `told`:
   * that UID is the server's word.
   */
  sourceStands = {messages: 0, uidNext: 0, told: false};
  /** The source names fewer messages than it says it holds: what is named is copied, and the folder fails in the end. */
  inPart: ListedInPart | undefined;
  /** As opened at the destination: its PERMANENTFLAGS. */
  target: OpenMailbox | undefined;
  /** Where only new mail was counted: how the folder stood when it was finished. `selected` and `sizes` are the new. */
  grownFrom: FinishedMark | undefined;
  /** Set when answers of the destination were lost: it must be looked at before anything is sent again. */
  unsettled = false;
  /** When the last connection went on which answers for it were to come, by a clock that nobody sets. */
  lostAt: number | undefined;
  /** The destination has failed to store for a fault of its own: more may turn up there than was under way. */
  doubted = false;
  /**
   * Mail that was sent before and is not there may turn up with the next that is stored: one message goes alone, and its
   * answer comes before anything further goes out.
   */
  wary = false;
  /** It does not go together with other small folders: something in it was out of the ordinary. */
  alone = false;
  /** Why it fails: nothing more is read, and it ends with the last lane that leaves it. */
  refusal: Problem | undefined;
  readonly opening = new Opening();
  /** Source UIDs of those that had vanished when an earlier run looked at it, where they may be back under other UIDs. */
  maybeBack: readonly number[] = [];
  /** Times in a row that it was made anew before any message got through. */
  replaced = 0;
  /** The same in all. */
  replacedInAll = 0;
  /** Refusals in a row to show whether it holds what moved. */
  unverified = 0;
  /** Headers and texts that had been read at the last trouble, and were kept. */
  lookedBefore = 0;
  /** Lanes at work in it. */
  lanes = 0;
  state: FolderState = 'waiting';
  problem: Problem | undefined;
  /** True when nothing had changed since it was last finished, so that nothing was looked at. */
  unchanged = false;
  #batches: Batches | undefined;
  #mail: FolderMail | undefined;

  constructor(request: number, pair: FolderPair, emit: Emit) {
    this.#request = request;
    this.#pair = pair;
    this.destinationStatus = pair.destinationStatus;
    this.#emit = emit;
    this.tally = new FolderTally(request, pair.folder, emit, () => {
      this.replaced = 0;
    });
  }

  get pair(): FolderPair {
    return this.#pair;
  }

  /** It goes to another place at the destination, where nothing of it has gone before. */
  goTo(place: Pick<FolderPair, 'destination' | 'destinationStatus'>): void {
    const {destination, destinationStatus} = place;
    this.#pair = {...this.#pair, destination, destinationStatus};
    this.destinationStatus = destinationStatus;
  }

  /** Made when it is asked for: a server may list a hundred thousand folders, and most of them are empty. */
  get mail(): FolderMail {
    this.#mail ??= new FolderMail();
    return this.#mail;
  }

  /** They are named, not sent. */
  doubt(uncompared: readonly number[]): void {
    if (uncompared.length === 0) return;
    for (const uid of uncompared) this.mail.uncompared.add(uid);
    this.alone = true;
  }

  get batches(): Batches {
    this.#batches ??= new Batches([], noSizes, new BatchSize());
    return this.#batches;
  }

  set batches(batches: Batches) {
    this.#batches = batches;
  }

  get ledgerFolder(): LedgerFolder {
    if (this.#ledgerFolder === undefined) throw new Error(`The folder ${this.pair.shown} is not prepared`);
    return this.#ledgerFolder;
  }

  set ledgerFolder(folder: LedgerFolder) {
    this.#ledgerFolder = folder;
  }

  /** UIDs of all messages that the source has told of: a server may leave some out of its sizes (Exchange). */
  get atSource(): ReadonlySet<number> {
    return new Set([...this.sizes.keys(), ...this.selected]);
  }

  /** Where its mail goes, as its UIDs are numbered there. */
  get into(): Into {
    return {name: this.pair.destination, uidValidity: this.ledgerFolder.destinationUidValidity};
  }

  get prepared(): boolean {
    return this.#ledgerFolder !== undefined;
  }

  enter(state: FolderState, problem?: Problem): void {
    if (this.state === state && problem === undefined) return;
    this.state = state;
    this.problem = problem;
    this.#emit({
      type: 'folder-state',
      request: this.#request,
      folder: this.pair.folder,
      state,
      ...(problem === undefined ? {} : {problem}),
    });
  }

  /** Answers that were to come on a connection that has gone. @param at when, by `elapsed` */
  lost(at: number): void {
    this.unsettled = true;
    this.lostAt = at;
  }

  /** They are still to be sent; what waits for a look has it first. @param uids at the source */
  giveBack(uids: ReadonlySet<number>): void {
    for (const uid of uids) if (this.mail.mending.isWaiting(uid)) this.unsettled = true;
    this.batches.giveBack(uids);
  }

  /** It is to be counted and planned again: an end of it was made anew. */
  reopen(): void {
    this.destinationStatus = undefined;
    this.target = undefined;
    this.mail.clear();
    // Other lanes in it read nothing more.
    this.unsettled = true;
  }

  /** It goes by another name than was planned. */
  renamed(why: Problem): void {
    const {folder, destination} = this.#pair;
    this.#emit({type: 'folder-renamed', request: this.#request, folder, destination});
    this.note(why);
  }

  note(problem: Problem): void {
    this.#emit({type: 'note', request: this.#request, folder: this.pair.folder, problem});
  }
}
