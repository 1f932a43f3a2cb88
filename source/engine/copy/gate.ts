// Pausing: work waits at the gate between batches, with its connections open.

export class Gate {
  #opened: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  get closed(): boolean {
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
    while (this.closed && !signal.aborted)
      await Promise.race([
        this.#opened,
        new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), {once: true})),
      ]);
  }
}
