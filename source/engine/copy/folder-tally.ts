// A folder's tally: what became of how many of its messages. Tells every change of it as an event. Invariant: it never
// exceeds what was selected.
import type {Counts, Emit, MessageName} from '../events.ts';
import type {Problem} from '../problems/problems.ts';

const nothing = {messages: 0, bytes: 0};

export class FolderTally {
  readonly #request: number;
  /** Index in the request's list of folders. */
  readonly #folder: number;
  readonly #emit: Emit;
  readonly #moved: () => void;
  /** Selected messages whose copies were deleted at the destination; they count as skipped. */
  deleted = 0;
  deletedBytes = 0;
  /** Counted before: some of what is there now may be what this run has copied. */
  recounted = false;
  #selectedCount = 0;
  #selectedBytes = 0;
  #alreadyPresent = 0;
  #copied = 0;
  #skipped = 0;
  #failed = 0;
  #bytes = 0;
  /** At the source, of those that are counted as failed; made when there is one. */
  #failedUids: Set<number> | undefined;
  #toCopy: readonly number[] = [];
  /** The same, once it is asked for. */
  #copiedNow: ReadonlySet<number> | undefined;

  /** @param moved told when the number of those that were copied changes */
  constructor(request: number, folder: number, emit: Emit, moved: () => void) {
    this.#request = request;
    this.#folder = folder;
    this.#emit = emit;
    this.#moved = moved;
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
    this.#failedUids?.clear();
    this.#emit({
      type: 'folder-counted',
      request: this.#request,
      folder: this.#folder,
      selected,
      selectedBytes,
      alreadyPresent,
      alreadyPresentBytes,
      ...(copied.messages === 0 ? {} : {copied: copied.messages, copiedBytes: copied.bytes}),
    });
  }

  copied(messages: number, bytes: number): void {
    if (messages === 0) return;
    this.#moved();
    this.#copied += messages;
    this.#bytes += bytes;
    this.#emit({type: 'messages-copied', request: this.#request, folder: this.#folder, messages, bytes});
  }

  /** Counted as failed. */
  hasFailed(uid: number): boolean {
    return this.#failedUids?.has(uid) === true;
  }

  failed(message: MessageName, problem: Problem): void {
    this.#failed++;
    this.#failedUids ??= new Set();
    this.#failedUids.add(message.uid);
    this.#emit({type: 'message-failed', request: this.#request, folder: this.#folder, message, problem});
  }

  skipped(message: MessageName, problem: Problem, wasPresent = false): void {
    this.#skipped++;
    this.#emit({
      type: 'message-skipped',
      request: this.#request,
      folder: this.#folder,
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
    if (this.#failedUids?.delete(message.uid) !== true) return;
    this.#failed--;
    this.#copied++;
    this.#bytes += message.size ?? 0;
    this.#emit({type: 'message-found', request: this.#request, folder: this.#folder, message});
  }

  /** The rest was not reached: failed with the folder, or skipped because the run was stopped. */
  close(as: 'failed' | 'skipped'): void {
    if (as === 'failed') this.#failed += this.open;
    else this.#skipped += this.open;
  }
}
