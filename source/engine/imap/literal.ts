// The bytes of a literal as they came off the wire: in the pieces that the socket gave. Most go on to another socket
// just so; joining them would copy every message once more.

export class Literal {
  readonly pieces: readonly Buffer[];
  /** Bytes. */
  readonly length: number;

  constructor(pieces: readonly Buffer[]) {
    this.pieces = pieces;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
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

const empty = Buffer.alloc(0);
export const emptyLiteral = new Literal([]);
