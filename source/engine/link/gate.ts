// Pausing: work waits at the gate between batches, with its connections open. A mailbox has a gate of its own inside
// the one of the run; both must be open.

export class Gate {
  readonly #outer: Gate | undefined;
  #opened: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  constructor(outer?: Gate) {
    this.#outer = outer;
  }

  get closed(): boolean {
    return this.closedItself || (this.#outer?.closed ?? false);
  }

  /** Without regard to the gate around it. */
  get closedItself(): boolean {
    return this.#open !== undefined;
  }

  close(): void {
    if (this.#open !== undefined) return;
    this.#opened = new Promise(resolve => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#open = undefined;
  }

  /** Resolves when the gate is open, or the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.closed && !signal.aborted) {
      const {promise: aborted, resolve} = Promise.withResolvers<void>();
      const stop = () => resolve();
      signal.addEventListener('abort', stop, {once: true});
      await Promise.race([this.opened(), aborted]);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Resolves when it was opened, and the one around it too; one of them may be closed again by then. */
  async opened(): Promise<void> {
    await this.#opened;
    await this.#outer?.opened();
  }
}
