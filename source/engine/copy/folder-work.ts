// One folder on its way: where it stands, what is left, what became of each message. Holds the folder's tally and
// tells every change of it as an event. Invariant: the tally never exceeds what was selected.
import type {Counts, Emit, FolderState, MessageName} from '../events.ts';
import type {Into} from '../imap/append.ts';
import type {MailboxStatus} from '../imap/responses.ts';
import type {OpenMailbox} from '../imap/session.ts';
import type {FinishedMark, LedgerFolder, LedgerMessage} from '../ledger/ledger.ts';
import type {Problem} from '../problems.ts';
import {Batches, BatchSize} from './batches.ts';
import {FlagAgain} from './flag-again.ts';
import type {FolderPair} from './folder-pair.ts';
import type {Look} from './looks.ts';
import {Mending} from './mending.ts';
import {Failing, Opening, Suspicion} from './suspicion.ts';

/** What a folder needs once there is mail in it. */
class WithMail {
  readonly suspicion = new Suspicion();
  readonly failing = new Failing();
  readonly flagAgain = new FlagAgain();
  readonly mending = new Mending();
  readonly looked = {source: new Map<number, Look>(), destination: new Map<number, Look>()};
  readonly droppedKeywords = new Set<string>();
  readonly changed = new Map<string, number>();
  readonly askingReceipt = new Set<number>();
  readonly unlike = new Set<number>();
  /** Source UIDs of those that are counted as failed. */
  readonly failed = new Set<number>();
  readonly unfound = new Map<number, LedgerMessage>();
  readonly uncompared = new Set<number>();
}

const nothing = {messages: 0, bytes: 0};
const noSizes: ReadonlyMap<number, number> = new Map();

export class FolderWork {
  readonly pair: FolderPair;
  readonly #request: number;
  readonly #emit: Emit;
  #ledgerFolder: LedgerFolder | undefined;
  /** As the destination folder stands; undefined where it is yet to be created. */
  destinationStatus: MailboxStatus | undefined;
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
  /** Selected messages whose copies were deleted at the destination; they count as skipped. */
  deleted = 0;
  deletedBytes = 0;
  readonly opening = new Opening();
  /** Source UIDs of those that had vanished when an earlier run looked at it, where they may be back under other UIDs. */
  maybeBack: readonly number[] = [];
  /** Times in a row that it was made anew before any message got through. */
  replaced = 0;
  /** Refusals in a row to show whether it holds what moved. */
  unverified = 0;
  /** Of those, how many there were at the last loss. */
  lookedBefore = 0;
  /** Lanes at work in it. */
  lanes = 0;
  state: FolderState = 'waiting';
  problem: Problem | undefined;
  /** True when nothing had changed since it was last finished, so that nothing was looked at. */
  unchanged = false;
  /** Counted before: some of what is there now may be what this run has copied. */
  recounted = false;
  #selectedCount = 0;
  #selectedBytes = 0;
  #alreadyPresent = 0;
  #copied = 0;
  #skipped = 0;
  #failed = 0;
  #bytes = 0;
  #batches: Batches | undefined;
  #toCopy: readonly number[] = [];
  /** The same, once it is asked for. */
  #copiedNow: ReadonlySet<number> | undefined;
  #withMail: WithMail | undefined;

  constructor(request: number, pair: FolderPair, emit: Emit) {
    this.#request = request;
    this.pair = pair;
    this.destinationStatus = pair.destinationStatus;
    this.#emit = emit;
  }

  /** Made when it is asked for: a server may list a hundred thousand folders, and most of them are empty. */
  get #mail(): WithMail {
    this.#withMail ??= new WithMail();
    return this.#withMail;
  }

  get suspicion(): Suspicion {
    return this.#mail.suspicion;
  }

  get failing(): Failing {
    return this.#mail.failing;
  }

  get flagAgain(): FlagAgain {
    return this.#mail.flagAgain;
  }

  get mending(): Mending {
    return this.#mail.mending;
  }

  /** Headers that were read for comparing, by UID: what a lost connection does not cost again. */
  get looked(): WithMail['looked'] {
    return this.#mail.looked;
  }

  /** Source UIDs of those that are taken for what is there, although it does not read alike. */
  get unlike(): Set<number> {
    return this.#mail.unlike;
  }

  /**
   * What was sent and not found when it was looked for, by source UID, until its fate is known: it may turn up later, and is
   * recognised by this.
   */
  get unfound(): Map<number, LedgerMessage> {
    return this.#mail.unfound;
  }

  /** Source UIDs of messages that may be at the destination: the source leaves their headers out. */
  get uncompared(): Set<number> {
    return this.#mail.uncompared;
  }

  /** They are named, not sent. */
  doubt(uncompared: readonly number[]): void {
    if (uncompared.length === 0) return;
    for (const uid of uncompared) this.uncompared.add(uid);
    this.alone = true;
  }

  get droppedKeywords(): Set<string> {
    return this.#mail.droppedKeywords;
  }

  /** Messages stored with a change, by its code. */
  get changed(): Map<string, number> {
    return this.#mail.changed;
  }

  /** Source UIDs of read messages that ask for a receipt and go to Exchange as they are. */
  get askingReceipt(): Set<number> {
    return this.#mail.askingReceipt;
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

  get counts(): Counts {
    return {
      selected: this.#selectedCount,
      copied: this.#copied,
      alreadyPresent: this.#alreadyPresent,
      skipped: this.#skipped,
      failed: this.#failed,
      bytes: this.#bytes,
    };
  }

  /** Selected messages that nothing is known of yet. */
  get open(): number {
    return this.#selectedCount - this.#copied - this.#alreadyPresent - this.#skipped - this.#failed;
  }

  /** By RFC822.SIZE. */
  get selectedBytes(): number {
    return this.#selectedBytes;
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

  /** @param uids source UIDs that are to be copied: what of them is there counts as copied */
  planned(uids: readonly number[]): void {
    this.#toCopy = uids;
    this.#copiedNow = undefined;
  }

  /**
   * Counting again starts the tally afresh: what was copied is there, or sent again.
   * @param present all that is there
   * @param copied what of it this run has copied
   */
  counted(
    selected: number,
    selectedBytes: number,
    present: number,
    presentBytes: number,
    copied: {readonly messages: number; readonly bytes: number} = nothing,
  ): void {
    this.recounted = true;
    const alreadyPresent = present - copied.messages;
    // By what the source says of their sizes, which may be an estimate.
    const alreadyPresentBytes = alreadyPresent === 0 ? 0 : Math.max(0, presentBytes - copied.bytes);
    this.#selectedCount = selected;
    this.#selectedBytes = selectedBytes;
    this.#alreadyPresent = alreadyPresent;
    this.#copied = copied.messages;
    this.#bytes = copied.bytes;
    this.#skipped = 0;
    this.#failed = 0;
    this.#withMail?.failed.clear();
    this.#emit({
      type: 'folder-counted',
      request: this.#request,
      folder: this.pair.folder,
      selected,
      selectedBytes,
      alreadyPresent,
      alreadyPresentBytes,
      ...(copied.messages === 0 ? {} : {copied: copied.messages, copiedBytes: copied.bytes}),
    });
  }

  copied(messages: number, bytes: number): void {
    if (messages === 0) return;
    this.replaced = 0;
    this.#copied += messages;
    this.#bytes += bytes;
    this.#emit({type: 'messages-copied', request: this.#request, folder: this.pair.folder, messages, bytes});
  }

  /** Answers that were to come on a connection that has gone. @param at when, by `elapsed` */
  lost(at: number): void {
    this.unsettled = true;
    this.lostAt = at;
  }

  /** The message's fate is known. @param uid at the source */
  accounted(uid: number): void {
    this.suspicion.cleared(uid);
    this.failing.cleared(uid);
    this.mending.cleared(uid);
    this.unfound.delete(uid);
  }

  /** They are still to be sent; what waits for a look has it first. @param uids at the source */
  giveBack(uids: ReadonlySet<number>): void {
    for (const uid of uids) if (this.mending.isWaiting(uid)) this.unsettled = true;
    this.batches.giveBack(uids);
  }

  /** It is to be counted and planned again: an end of it was made anew. */
  reopen(): void {
    this.destinationStatus = undefined;
    this.target = undefined;
    this.looked.source.clear();
    this.looked.destination.clear();
    this.suspicion.clear();
    this.failing.clear();
    this.flagAgain.clear();
    this.mending.clear();
    this.unfound.clear();
    this.uncompared.clear();
    // Other lanes in it read nothing more.
    this.unsettled = true;
  }

  /** Counted as failed. */
  hasFailed(uid: number): boolean {
    return this.#withMail?.failed.has(uid) === true;
  }

  failed(message: MessageName, problem: Problem): void {
    this.#failed++;
    this.#mail.failed.add(message.uid);
    this.#emit({type: 'message-failed', request: this.#request, folder: this.pair.folder, message, problem});
  }

  skipped(message: MessageName, problem: Problem, wasPresent = false): void {
    this.#skipped++;
    this.#emit({
      type: 'message-skipped',
      request: this.#request,
      folder: this.pair.folder,
      message,
      problem,
      ...(wasPresent ? {wasPresent} : {}),
    });
  }

  /** Copied earlier in this run, and no longer there. */
  vanished(message: MessageName, problem: Problem): void {
    this.copied(-1, -(message.size ?? 0));
    this.failed(message, problem);
  }

  /** Somebody has deleted its copy since it was counted: it leaves the tally that it was in. */
  deletedNow(message: MessageName, problem: Problem): void {
    const {uid, size = 0} = message;
    this.deleted++;
    this.deletedBytes += size;
    this.#copiedNow ??= new Set(this.#toCopy);
    const wasPresent = !this.#copiedNow.has(uid);
    if (wasPresent) this.#alreadyPresent--;
    else this.copied(-1, -size);
    this.skipped(message, problem, wasPresent);
  }

  /** Seen at the destination. Where it counted as failed until now, it counts as copied. */
  found(message: MessageName): void {
    if (this.#withMail?.failed.delete(message.uid) !== true) return;
    this.#failed--;
    this.#copied++;
    this.#bytes += message.size ?? 0;
    this.#emit({type: 'message-found', request: this.#request, folder: this.pair.folder, message});
  }

  note(problem: Problem): void {
    this.#emit({type: 'note', request: this.#request, folder: this.pair.folder, problem});
  }

  /** The rest was not reached: failed with the folder, or skipped because the run was stopped. */
  close(as: 'failed' | 'skipped'): void {
    if (as === 'failed') this.#failed += this.open;
    else this.#skipped += this.open;
  }
}
