// Memory that messages are read into, used again once they are stored: left to the garbage collector it lives long enough
// to count as old, and all the rest is looked through for every few megabytes of it (of the processor a tenth where both
// servers are near, next to nothing 20 ms away; measured).

/** Bytes. Whatever is larger stays in the pieces that came: copying it costs more than it saves. */
const largest = 64 * 1024;
const slabBytes = 256 * 1024;
/** Before each slot, for what of a command goes out before its bytes. */
const headroom = 192;
/** Kept for what comes next; more are left to the garbage collector. */
const mostFree = 12;

/** A part of a slab. */
export type Slot = {
  readonly bytes: Buffer;
  /** `head` (Latin-1) and the bytes in one; undefined where it is too long, or the second time: the first may not be sent yet. */
  headed(head: string): Buffer | undefined;
  /** Its bytes are not read any more. A slot that is never given back keeps its slab from being used again, no more. */
  give(): void;
};

class Slab {
  readonly memory = Buffer.allocUnsafeSlow(slabBytes);
  filled = 0;
  /** Slots in it that are not given back. */
  held = 0;
}

export class Slabs {
  readonly #free: Slab[] = [];
  /** The one that is being filled. */
  #open: Slab | undefined;

  /** Undefined where so many bytes are better kept as they come. */
  take(bytes: number): Slot | undefined {
    if (bytes === 0 || bytes > largest) return undefined;
    const slab = this.#roomFor(headroom + bytes);
    const from = slab.filled + headroom;
    const to = from + bytes;
    slab.filled = to;
    slab.held++;
    let held = true;
    let headed = false;
    return {
      bytes: slab.memory.subarray(from, to),
      headed: head => {
        if (headed || !held || head.length > headroom) return undefined;
        headed = true;
        slab.memory.write(head, from - head.length, 'latin1');
        return slab.memory.subarray(from - head.length, to);
      },
      give: () => {
        if (held) this.#given(slab);
        held = false;
      },
    };
  }

  #roomFor(bytes: number): Slab {
    const open = this.#open;
    if (open !== undefined && open.filled + bytes <= slabBytes) return open;
    this.#open = undefined;
    if (open?.held === 0) this.#keep(open);
    // The last one that came free: it is the likeliest to be in the processor's cache.
    this.#open = this.#free.pop() ?? new Slab();
    return this.#open;
  }

  #given(slab: Slab): void {
    slab.held--;
    if (slab.held === 0 && slab !== this.#open) this.#keep(slab);
  }

  #keep(slab: Slab): void {
    slab.filled = 0;
    if (this.#free.length < mostFree) this.#free.push(slab);
  }
}
