// The bytes of a literal as they came off the wire: in the pieces that the socket gave. Most go on to another socket
// just so; joining them would copy every message once more. Small ones are in memory that is used again.
import type {Slot} from './slabs.ts';

export class Literal {
  #pieces: readonly Buffer[];
  #slot: Slot | undefined;
  /** Bytes. */
  readonly length: number;

  /** @param slot what its bytes are in, where that is to be used again */
  constructor(pieces: readonly Buffer[], slot?: Slot) {
    this.#pieces = pieces;
    this.#slot = slot;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
  }

  /** As they came. @throws Error after `done`: what stands there then is another message's */
  get pieces(): readonly Buffer[] {
    if (this.#pieces.length === 0 && this.length > 0) throw new Error('A message was read after it was done');
    return this.#pieces;
  }

  /** With `head` (Latin-1) before them: in one piece where there is room for it. */
  headed(head: string): readonly Buffer[] {
    const one = this.#slot?.headed(head);
    return one === undefined ? [Buffer.from(head, 'latin1'), ...this.pieces] : [one];
  }

  /** Nobody reads it any more, nor is any of it still to be written: its memory may take another. */
  done(): void {
    if (this.#slot === undefined) return;
    this.#slot.give();
    this.#slot = undefined;
    this.#pieces = [];
  }

  /** All bytes in one buffer. */
  get bytes(): Buffer {
    const [only] = this.pieces;
    return this.pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.pieces);
  }

  /**
   * The first pieces in one buffer: as many as it takes for `enough` to say so, or all.
   * @param enough asked with what there is so far
   */
  beginning(enough: (bytes: Buffer) => boolean): Buffer {
    let [bytes = empty] = this.pieces;
    // Twice as many each time: a server may send a byte in a piece.
    for (let count = 2; count / 2 < this.pieces.length && !enough(bytes); count *= 2)
      bytes = Buffer.concat(this.pieces.slice(0, count));
    return bytes;
  }
}

/** Pieces as they arrive: a server that sends a byte at a time costs no object for each of them. */
export class Pieces {
  #pieces: Buffer[] = [];
  /** Of the last ones, which are not joined yet. */
  #loose = 0;
  #looseBytes = 0;

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#loose++;
    this.#looseBytes += piece.length;
    if (this.#loose < mostLoose) return;
    // Large ones stay as they are: joining would copy the message once more.
    if (this.#looseBytes < mostLoose * smallPiece)
      this.#pieces.push(Buffer.concat(this.#pieces.splice(-mostLoose)));
    this.#loose = 0;
    this.#looseBytes = 0;
  }

  /** All of them; none are left. */
  take(): Buffer[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#loose = 0;
    this.#looseBytes = 0;
    return pieces;
  }
}

const mostLoose = 256;
/** Bytes; a network packet holds more. */
const smallPiece = 1024;

const empty = Buffer.alloc(0);
export const emptyLiteral = new Literal([]);
